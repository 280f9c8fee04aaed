"""A batch of receipts as it comes from a topic, and what is read in it. Reading is pure and happens before any lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.parties import Party
from domain.reference.municipalities import UnknownMunicipalityError
from signals.formats import table
from signals.formats.reading import Reading, Refused
from signals.normal import NormalSignal
from usecases.context import Rules


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One answered request: who sent it, when, and the bytes. `hint` = the door it came through names the format."""

    door: UUID
    number: int
    receipt_id: UUID
    source_id: str
    organisation: str
    received_at: datetime
    media_type: str
    hint: str | None
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Receipts of one partition between two positions; `unreadable` messages hold no receipt of ours."""

    topic: str
    partition: int
    read_from: int
    read_to: int
    receipts: Sequence[Receipt]


@dataclass(frozen=True, kw_only=True)
class Read:
    """A receipt with what was read in it: signals that may go on, and rows that were refused."""

    receipt: Receipt
    reading: Reading
    signals: tuple[tuple[str, NormalSignal], ...]
    """(municipality, signal)."""
    refused: tuple[Refused, ...]

    @property
    def key(self) -> tuple[UUID, int]:
        """Identity of the receipt."""
        return (self.receipt.door, self.receipt.number)

    @property
    def is_read(self) -> bool:
        """Read in its own format; otherwise it goes to quarantine."""
        return self.reading.verdict == "accepted"


def read(rules: Rules, receipt: Receipt) -> Read:
    """What stands in a receipt. Never raises: what can not be read is quarantined with the reason."""
    reading = table.read(
        receipt.body,
        media_type=receipt.media_type,
        headers=receipt.headers,
        hint=receipt.hint,
        received_at=receipt.received_at,
        source_organisation=receipt.organisation,
        source_id=receipt.source_id,
    )
    good: list[tuple[str, NormalSignal]] = []
    refused = list(reading.refused_rows)
    for signal in reading.signals:
        why = _refusal(rules, signal.municipality, receipt.organisation)
        if signal.municipality is None or why:
            refused.append(Refused(signal.raw_pointer, why or "de gemeente ontbreekt"))
        else:
            good.append((signal.municipality, signal))
    return Read(receipt=receipt, reading=reading, signals=tuple(good), refused=tuple(refused))


def _refusal(rules: Rules, municipality: str | None, organisation: str) -> str | None:
    """Why a source may not speak about this municipality; None when it may."""
    if municipality is None:
        return "de gemeente ontbreekt en de bron hoort niet bij een gemeente"
    try:
        parties = rules.reference.parties_of(municipality)
    except UnknownMunicipalityError:
        return "deze gemeentecode bestaat niet"
    if organisation.startswith(f"{Party.GEMEENTE}:") and organisation != parties.municipality.id:
        return "deze bron hoort bij een andere gemeente"
    if organisation not in {party.id for party in parties.all}:
        return "deze bron hoort niet bij deze gemeente"
    return None
