// Two live regions that no update ever touches. Polite: at most one message per ten seconds, merged.
import { text } from "./texts.js";

const POLITE_EVERY = 10000;
const polite = document.getElementById("say");
const assertive = document.getElementById("alarm");
let waiting = [];
let planned = 0;
let last = -POLITE_EVERY;

/** Say something. Urgent is only for: connection lost, a limit within the hour, a decision asked of you. */
export function announce(message, urgent = false) {
  if (urgent) {
    if (assertive) assertive.textContent = message;
    return;
  }
  waiting.push(message);
  if (planned) return;
  planned = setTimeout(flush, Math.max(0, last + POLITE_EVERY - performance.now()));
}

function flush() {
  planned = 0;
  last = performance.now();
  const newest = waiting.at(-1);
  const many = waiting.length;
  waiting = [];
  if (polite) polite.textContent = many > 1 ? text("changes", { count: many, newest }) : newest;
}

const title = document.title;

/** A hidden tab shows in its title how many changes wait. */
export function countInTitle(count) {
  document.title = count && document.hidden ? `(${count}) ${title}` : title;
}
