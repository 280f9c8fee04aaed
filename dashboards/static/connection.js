// One websocket, downstream only: hello, frames, acks. It comes back by itself, with full jitter.
import { backoff } from "./sequence.js";

const ACK_EVERY = 5000;
const ACK_AFTER = 20;

/** Keep a socket open for this room. `onFrame(frame)` per frame, `onClose(code)` per close; `known` is {epoch, seq}. */
export class Connection {
  constructor({ url, room, known, onFrame, onClose }) {
    Object.assign(this, { url, room, known, onFrame, onClose });
    this.attempt = 0;
    this.timer = 0;
    this.unacked = 0;
    this.stopped = false;
    setInterval(() => this.ack(), ACK_EVERY);
    for (const [target, name] of [
      [window, "online"],
      [window, "pageshow"],
      [document, "visibilitychange"],
    ]) {
      target.addEventListener(name, () => this.wake());
    }
  }

  open() {
    if (this.stopped) return;
    const socket = new WebSocket(this.url, "cb.v1");
    this.socket = socket;
    socket.addEventListener("open", () => this.hello());
    socket.addEventListener("message", (event) => this.received(socket, event.data));
    socket.addEventListener("close", (event) => this.closed(socket, event.code));
  }

  hello() {
    const { mode } = document.documentElement.dataset;
    this.send({ t: "hello", room: this.room, mode, epoch: this.known.epoch, seq: this.known.seq });
  }

  received(socket, data) {
    if (socket !== this.socket) return;
    this.attempt = 0;
    const frame = JSON.parse(data);
    this.onFrame(frame);
    this.unacked += frame.t === "hb" ? 0 : 1;
    if (this.unacked >= ACK_AFTER) this.ack();
  }

  ack() {
    if (!this.unacked) return;
    this.unacked = 0;
    this.send({ t: "ack", seq: this.known.seq });
  }

  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  closed(socket, code) {
    if (socket !== this.socket) return;
    this.onClose(code);
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), backoff(this.attempt));
    this.attempt += 1;
  }

  // A tab that comes back, or a network that comes back, does not wait for the timer.
  wake() {
    if (document.hidden || this.stopped) return;
    const dead = !this.socket || this.socket.readyState > WebSocket.OPEN;
    if (!dead) return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.open();
  }

  stop() {
    this.stopped = true;
    this.socket?.close();
  }
}
