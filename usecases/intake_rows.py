"""What the intake writes per receipt and per signal; the ledger counts these rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from signals.normal import NormalSignal


class Verdict(StrEnum):
    """What became of one signal. Each signal has exactly one."""

    IN_INCIDENT = "in-incident"
    NOTED = "noted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ReceiptOutcome:
    """What became of one receipt; `door` and `number` identify it, `offset` is where it stood in the topic."""

    door: UUID
    number: int
    receipt_id: UUID
    source_id: str
    organisation: str
    received_at: datetime
    outcome: str
    """`read` or `quarantined`."""
    format: str | None
    signals: int
    in_incidents: int
    noted: int
    duplicates: int
    refused_rows: int
    reasons: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """The bytes, kept when quarantined, when a row was refused, or when it holds the first signal of a disturbance."""


@dataclass(frozen=True, kw_only=True)
class SignalRow:
    """A normal form with its verdict, the incident it belongs to and the rule that linked it."""

    signal_id: UUID
    receipt_id: UUID
    row: int
    normal: NormalSignal
    municipality: str
    verdict: Verdict
    incident_id: UUID | None
    dedupe_keys: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What subscribers of the topics hear about one signal or receipt: references and codes, no content."""

    topic: str
    key: str
    oin: str
    type: str
    id: UUID
    at: datetime
    data: Mapping[str, object]
