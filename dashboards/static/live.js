// Keeps a page live: frames in, one morph per animation frame out. Without this file every page still works.
import { announce, countInTitle } from "./announce.js";
import { serverTime, tick } from "./clocks.js";
import { Connection } from "./connection.js";
import { watchForms } from "./forms.js";
import { apply, parse } from "./patch.js";
import { isPaused, start as startPause, waiting } from "./pause.js";
import { judge, merge } from "./sequence.js";
import { beat, pictureOf, show } from "./state.js";

const SIGNED_OUT = 4401;
const NOT_ALLOWED = 4403;
const OTHER_MODE = 4409;
const OWN_PAUSE = 1000;
const body = document.body;
const known = { epoch: null, seq: 0 };
let queue = [];
let planned = false;
let asked = false;
let unseen = 0;
let connection = null;
let ownPlanned = false;

function received(frame) {
  serverTime(frame.at);
  const verdict = judge(frame, known);
  // Ask once per gap; a heartbeat that still shows a gap asks again.
  if (verdict === "hello" && (frame.t === "hb" || !asked)) {
    asked = true;
    connection.hello();
  }
  if (frame.t === "hb") {
    beat(frame);
    if (frame.build !== body.dataset.build && body.dataset.reload === "yes") location.reload();
    return;
  }
  if (verdict !== "apply") return;
  asked = false;
  known.epoch = frame.epoch;
  known.seq = frame.seq;
  queue.push(frame);
  plan();
}

function plan() {
  waiting(queue.length);
  if (planned || isPaused()) return;
  planned = true;
  // A hidden tab gets no animation frames; there a timer does it, so that an alert still reaches the title.
  if (document.hidden) setTimeout(paint, 100);
  else requestAnimationFrame(paint);
}

function paint() {
  planned = false;
  if (isPaused() || !queue.length) return;
  const { patches, data, says, refetch, quiet, at } = merge(queue);
  queue = [];
  waiting(0);
  if (refetch) fetchAgain("[data-region]");
  else if ("own" in data) ownRegions(data.own);
  for (const [id, html] of patches) apply(id, html, quiet);
  if (document.hidden) unseen += says.length;
  countInTitle(unseen);
  for (const { text, urgent } of says) announce(text, urgent);
  pictureOf(at);
  tick();
}

// Regions with free text are not shared in a room: a new value here says that they changed; each fetches its own.
function ownRegions(value) {
  const wanted = JSON.stringify(value);
  if (body.dataset.own !== undefined && body.dataset.own !== wanted) fetchOwnSoon();
  body.dataset.own = wanted;
}

// In a flood the value changes many times a second; the page is fetched at most once per pause.
function fetchOwnSoon() {
  if (ownPlanned) return;
  ownPlanned = true;
  setTimeout(() => {
    ownPlanned = false;
    fetchAgain("[data-own]");
  }, OWN_PAUSE);
}

// Fetch this page again under our own rights, and take these regions from it. Its own address: after a refused form
// the address bar shows one that only takes forms.
async function fetchAgain(wanted) {
  const answer = await fetch(body.dataset.page, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = parse(await answer.text());
  for (const region of page.querySelectorAll(wanted)) apply(region.id, region.outerHTML);
  tick();
}

function closed(code) {
  if (code === SIGNED_OUT || code === NOT_ALLOWED || code === OTHER_MODE) {
    connection.stop();
    const dirty = document.querySelector("form[data-dirty=yes]");
    if (!dirty) location.replace(body.dataset.page);
  }
}

function startLive() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  connection = new Connection({
    url: `${scheme}//${location.host}${body.dataset.socket}`,
    room: body.dataset.room,
    known,
    onFrame: received,
    onClose: closed,
  });
  startPause(plan);
  show(true);
  setInterval(() => show(), 1000);
  connection.open();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  countInTitle(0);
});
watchForms();
tick();
setInterval(tick, 15000);
if (body.dataset.room) startLive();
