"""The frames of the live protocol `cb.v1`: what they are called and what may stand in them. Pure values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

PROTOCOL = "cb.v1"
LARGEST_FRAME = 256 * 1024
"""Bytes. A bigger change is not sent: the browser fetches the page again."""


class Close(IntEnum):
    """Why we close a socket. 4xxx are ours; the page acts on each of them."""

    BAD_FRAME = 1008
    RESTART = 1012
    TRY_LATER = 1013
    SIGNED_OUT = 4401
    NOT_ALLOWED = 4403
    OTHER_MODE = 4409


@dataclass(frozen=True, kw_only=True)
class View:
    """What a room shows: fragments by root id, plain data, and the sentence to announce with a change."""

    patches: Mapping[str, str]
    data: Mapping[str, Any] = field(default_factory=dict)
    say: str | None = None
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Hello:
    """The first frame of a browser, and its question each time it sees a gap. `room` = `page@subject`."""

    room: str
    mode: str
    epoch: str | None
    seq: int


class BadFrameError(ValueError):
    """A frame that no page of ours sends."""


def encode(frame: Mapping[str, Any]) -> str:
    """One text frame."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def read_client_frame(text: str) -> Hello | int:
    """A hello, or the number that an ack confirms. Raises BadFrameError for anything else."""
    try:
        frame = json.loads(text)
        match frame:
            case {"t": "ack", "seq": int(seq)}:
                return seq
            case {"t": "hello", "room": str(room), "mode": str(mode), "epoch": str() | None as epoch, "seq": int(seq)}:
                return Hello(room=room, mode=mode, epoch=epoch, seq=seq)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadFrameError("not JSON") from error
    raise BadFrameError("unknown frame")
