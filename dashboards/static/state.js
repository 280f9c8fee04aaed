// Live, verouderd, geen verbinding: the heartbeat is the only truth. A socket that beats for a dead chain is not live.
import { announce } from "./announce.js";
import { text } from "./texts.js";

const STALE_AFTER = 10000;
const GONE_AFTER = 60000;
// The wall clock of the municipality, as the server writes it, wherever this machine thinks it is.
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" };
const badge = document.getElementById("live");
const bar = document.getElementById("stalebar");
const note = document.getElementById("stalebar-text");
const own = { state: "start", beatAt: performance.now(), chainOk: true, via: "kafka", pictureAt: null };

/** A heartbeat came in. */
export function beat(frame) {
  own.beatAt = performance.now();
  own.via = frame.via;
  own.chainOk = frame.via === "database" || (frame.chain_age !== null && frame.chain_age * 1000 < STALE_AFTER);
  show();
}

/** The picture on the page was made at this moment. */
export function pictureOf(at) {
  if (at) own.pictureAt = new Date(at);
  show();
}

/** The state of now, from the age of the last heartbeat. */
export function stateOf(age, chainOk, start) {
  if (age > GONE_AFTER) return "weg";
  if (age > STALE_AFTER || !chainOk) return "verouderd";
  return start ? "start" : "live";
}

/** Bring badge and bar up to date. Called on each beat and each second. */
export function show(first = false) {
  const start = first || (own.state === "start" && own.pictureAt === null);
  const state = stateOf(performance.now() - own.beatAt, own.chainOk, start);
  const time = own.pictureAt?.toLocaleTimeString("nl", CLOCK);
  const name = state === "live" && own.via === "database" ? "database" : state;
  put(badge, state, text(`state_${state}`));
  put(bar, state, null);
  if (note) write(note, text(`bar_${name}`, { time: time ?? text("unknown") }));
  document.body.dataset.connection = state;
  if (state === "weg" && own.state !== "weg") announce(text("lost"), true);
  own.state = state;
}

function put(element, state, words) {
  if (!element) return;
  if (element.dataset.state !== state) element.dataset.state = state;
  if (words) write(element.querySelector("[data-words]"), words);
}

function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}
