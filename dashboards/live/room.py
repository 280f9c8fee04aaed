"""One room: values in, frames out. Numbers are gapless per epoch; a ring of deltas lets a browser catch up.

No clock, no socket, no template: the hub hands in what the room shows and the moment, and sends what comes back.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboards.live.frames import LARGEST_FRAME, View, encode

RING = 200
PACE_SECONDS = 0.1
"""First change at once, then at most one delta per this time."""


@dataclass(frozen=True, kw_only=True)
class RoomKey:
    """Who share one stream of fragments. `rights` is a class of viewers: a hash of the lanes and markings they see."""

    page: str
    subject: str
    function: str
    organisation: str
    language: str
    rights: str


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What a heartbeat tells: the age of the canary that went through the whole chain, and which way cards came."""

    chain_age: float | None
    via: str
    build: str


@dataclass
class Room:
    """What the viewers of one key have been told so far."""

    key: RoomKey
    epoch: str
    seq: int = 0
    patches: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    ring: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=RING))

    def update(self, view: View, at: datetime) -> str | None:
        """Take in what the room shows now; the delta to send, None when nothing changed."""
        patches = {name: html for name, html in view.patches.items() if self.patches.get(name) != html}
        data = {name: value for name, value in view.data.items() if name not in self.data or self.data[name] != value}
        if not patches and not data:
            return None
        self.patches.update(patches)
        self.data.update(data)
        self.seq += 1
        delta = {**self._head("delta", at), **_content(patches, data)}
        if view.say:
            delta |= {"say": view.say, "urgent": view.urgent}
        frame = _fitting(delta, self._head("delta", at))
        self.ring.append((self.seq, frame))
        return frame

    def catch_up(self, epoch: str | None, seq: int, at: datetime) -> list[str]:
        """What a browser that knows `seq` of `epoch` has missed: deltas when the ring holds them, else a snapshot."""
        if epoch != self.epoch or seq > self.seq:
            return [self.snapshot(at)]
        missed = [frame for number, frame in self.ring if number > seq]
        return missed if len(missed) == self.seq - seq else [self.snapshot(at)]

    def snapshot(self, at: datetime) -> str:
        """Everything the room shows."""
        head = self._head("snapshot", at)
        return _fitting({**head, **_content(self.patches, self.data)}, head)

    def heartbeat(self, pulse: Pulse, at: datetime) -> str:
        """A sign of life that says how old the chain is; a higher number than the browser's means it missed one."""
        age = None if pulse.chain_age is None else round(pulse.chain_age, 1)
        return encode({**self._head("hb", at), "chain_age": age, "via": pulse.via, "build": pulse.build})

    def _head(self, kind: str, at: datetime) -> dict[str, Any]:
        return {"t": kind, "epoch": self.epoch, "seq": self.seq, "at": at.isoformat(timespec="milliseconds")}


def _content(patches: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    return {"patches": [{"id": name, "html": html} for name, html in patches.items()], "data": dict(data)}


def _fitting(frame: dict[str, Any], head: dict[str, Any]) -> str:
    """The frame, or one that makes the browser fetch its page when it would be too big."""
    text = encode(frame)
    if len(text.encode()) <= LARGEST_FRAME:
        return text
    return encode({**head, "patches": [], "data": {}, "refetch": True})


@dataclass
class Pace:
    """When a room may send: at once after rest, else when the pause is over. Seconds of a clock that never jumps."""

    free_at: float = 0.0
    planned: bool = False

    def wait(self, now: float) -> float | None:
        """Seconds to wait before sending; None when a send is planned already."""
        if self.planned:
            return None
        self.planned = True
        return max(0.0, self.free_at - now)

    def sent(self, now: float) -> None:
        """A send happened (or there was nothing to send); the pause starts."""
        self.planned = False
        self.free_at = now + PACE_SECONDS
