// Which frames may be applied. Pure: no page, no socket. The server numbers gapless per epoch.

/** What to do with a frame when `known` = {epoch, seq} was applied last: "apply", "ignore" or "hello". */
export function judge(frame, known) {
  if (frame.t === "snapshot") return "apply";
  if (frame.epoch !== known.epoch) return "hello";
  if (frame.t === "hb") return frame.seq > known.seq ? "hello" : "apply";
  if (frame.seq === known.seq + 1) return "apply";
  return frame.seq <= known.seq ? "ignore" : "hello";
}

/** Merge waiting frames: per fragment only the newest, data by key, announcements in order. */
export function merge(frames) {
  const patches = new Map();
  const data = {};
  const says = [];
  let refetch = false;
  let quiet = true;
  let at = null;
  for (const frame of frames) {
    for (const patch of frame.patches ?? []) patches.set(patch.id, patch.html);
    Object.assign(data, frame.data);
    if (frame.say) says.push({ text: frame.say, urgent: Boolean(frame.urgent) });
    refetch ||= Boolean(frame.refetch);
    quiet &&= frame.t === "snapshot";
    at = frame.at ?? at;
  }
  return { patches, data, says, refetch, quiet, at };
}

/** Milliseconds to wait before attempt n (0, 1, …): full jitter, so that a thousand pages do not return at once. */
export function backoff(attempt, random = Math.random()) {
  return random * Math.min(30000, 500 * 2 ** attempt);
}
