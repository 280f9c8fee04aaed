// Remaining time beside each absolute time: rounded to minutes, by the clock of the server, never a ticking second.
import { text } from "./texts.js";

let offset = 0;

/** Remember how far the clock of this machine is off. */
export function serverTime(at) {
  const moment = Date.parse(at);
  if (!Number.isNaN(moment)) offset = moment - Date.now();
}

/** Words for this many milliseconds to go; past is "te laat". The same words as `dashboards/moments.py`. */
export function remaining(milliseconds) {
  const late = milliseconds < 0;
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [];
  if (days) parts.push(text(days === 1 ? "day" : "days", { count: days }));
  if (hours) parts.push(text("hours", { count: hours }));
  if (!days && (minutes % 60 || !hours)) parts.push(text("minutes", { count: minutes % 60 }));
  return text(late ? "late" : "left", { span: parts.join(" ") });
}

/** Write the remaining time in each element that asks for it. */
export function tick(root = document) {
  for (const element of root.querySelectorAll("[data-remaining]")) {
    const left = Date.parse(element.dataset.remaining) - (Date.now() + offset);
    const words = remaining(left);
    if (element.textContent !== words) element.textContent = words;
    element.classList.toggle("remaining--soon", left < 3600000);
  }
}
