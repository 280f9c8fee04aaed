// "Updates pauzeren": the reader decides when the page may change (WCAG 2.2.2).
import { text } from "./texts.js";

const button = document.getElementById("pause");
let paused = false;
let count = 0;

/** Whether changes must wait. */
export const isPaused = () => paused;

/** How many changes wait, shown on the button. */
export function waiting(number) {
  count = number;
  show();
}

/** Start listening; `resume` is called when updates may go on. */
export function start(resume) {
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    if (!paused) resume();
    show();
  });
  show();
}

function show() {
  if (!button) return;
  button.setAttribute("aria-pressed", String(paused));
  const name = paused ? (count ? "resume_count" : "resume") : "pause";
  button.textContent = text(name, { count });
  document.body.dataset.paused = String(paused);
}
