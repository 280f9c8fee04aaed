"""Facts as CloudEvents 1.0 in the NL GOV profile, structured JSON: what leaves the log for the topics.

Texts that stand beside the log never leave with an event. No attribute holds anything sensitive.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.events.core import Mode
from domain.tlp import Tlp

NO_OIN = "00000000000000000000"
"""A number that no organisation has: for demonstrations and tests."""
HEADERS: Mapping[str, str] = {"content-type": "application/cloudevents+json; charset=utf-8"}
DIGITS = 12


class Envelope(BaseModel):
    """A fact as it stands in the log, without the texts beside it (their commitments are not read)."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    event_id: UUID
    stream_id: str
    version: int
    recorded_at: AwareDatetime
    mode: Mode
    run_id: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def type(self) -> str:
        """Type of the event on the wire."""
        return str(self.data["type"])


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A fact with its gapless number."""

    number: int
    envelope: Envelope


class UnreadableEventError(ValueError):
    """Bytes from a topic that are not one of our CloudEvents."""


@dataclass(frozen=True)
class Pointer:
    """What a reader needs that reads the state itself: which stream moved, and up to which number."""

    stream_id: str
    number: int


def source_of(oin: str) -> str:
    """Who speaks: an organisation by its OIN, and the system."""
    return f"urn:nld:oin:{oin}:systeem:driehoek"


def event(fact: Numbered, *, oin: str, tlp: Tlp | None, data: Mapping[str, Any]) -> bytes:
    """The structured CloudEvent, with these data.

    `time` is the moment of recording; an earlier moment of happening is `happened_at` in the data. `sequence` is the
    gapless number, padded so that its order as text is its order (CloudEvents extension `sequence`, no
    `sequencetype`). `tlp` None = unknown, then the strictest.
    """
    envelope = fact.envelope
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(envelope.event_id),
        "source": source_of(oin),
        "type": envelope.type,
        "time": envelope.recorded_at.isoformat().replace("+00:00", "Z"),
        "subject": envelope.stream_id,
        "datacontenttype": "application/json",
        "sequence": str(fact.number).zfill(DIGITS),
        "streamversion": envelope.version,
        "tlp": (tlp or Tlp.RED).value,
        "mode": envelope.mode.value,
        "runid": envelope.run_id,
        "correlationid": _text(envelope.correlation_id),
        "causationid": _text(envelope.causation_id),
        "traceparent": envelope.traceparent,
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    return json.dumps({**known, "data": dict(data)}, ensure_ascii=False, separators=(",", ":")).encode()


def internal(fact: Numbered, *, oin: str, tlp: Tlp | None) -> bytes:
    """For `incidents.events`: the data of the fact; of TLP:RED, or when we do not know, an opaque reference only."""
    envelope = fact.envelope
    if tlp is None or tlp is Tlp.RED:
        return event(fact, oin=oin, tlp=tlp, data=reference(envelope))
    return event(fact, oin=oin, tlp=tlp, data={k: v for k, v in envelope.data.items() if k != "type"})


def reference(envelope: Envelope) -> Mapping[str, Any]:
    """Where the fact stands; who may read it fetches it under its own rights."""
    return {"stroom": envelope.stream_id, "versie": envelope.version, "type": envelope.type}


def pointer_of(value: bytes | None) -> Pointer:
    """Stream and number of a CloudEvent of ours. Raises UnreadableEventError."""
    try:
        read = json.loads(value or b"")
        if read["specversion"] != "1.0":
            raise UnreadableEventError("no CloudEvent 1.0")
        return Pointer(stream_id=str(read["subject"]), number=int(read["sequence"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableEventError(str(error)) from error


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
