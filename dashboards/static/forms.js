// Forms work without this. With it: typed text is marked, the report is saved as a draft, a lost send keeps its text.
import { announce } from "./announce.js";
import { text } from "./texts.js";

const DRAFT_EVERY = 2000;

/** Mark forms as dirty as soon as somebody types, so that an update leaves them alone. */
export function watchForms() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form");
    if (!form) return;
    form.dataset.dirty = "yes";
    if (form.dataset.draft) saveSoon(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending === "yes") {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      notSent(form);
      return;
    }
    form.dataset.sending = "yes";
    setTimeout(() => delete form.dataset.sending, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sending;
  });
}

function notSent(form) {
  const place = form.querySelector("[data-not-sent]") ?? form.appendChild(document.createElement("p"));
  place.dataset.notSent = "";
  place.className = "field__error";
  place.textContent = text("not_sent");
  announce(text("not_sent"), true);
}

const timers = new WeakMap();

function saveSoon(form) {
  if (timers.has(form)) return;
  timers.set(
    form,
    setTimeout(async () => {
      timers.delete(form);
      await save(form);
    }, DRAFT_EVERY),
  );
}

async function save(form) {
  const place = document.getElementById("draft-state");
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { at, proposal } = await answer.json();
    const proposed = document.getElementById("proposal");
    if (proposed) proposed.textContent = proposal;
    if (place) place.textContent = text("draft_saved", { time: at });
  } catch {
    if (place) place.textContent = text("draft_lost");
  }
}
