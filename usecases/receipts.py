"""A batch of receipts as it comes from a topic, and what is read in it. Reading is pure and happens before any lock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message of a partition. `parked`: why it goes to quarantine without being read; None when it may be read."""

    offset: int
    receipt: Receipt
    parked: str | None = None

    @property
    def key(self) -> tuple[UUID, int]:
        """Identity of the receipt."""
        return (self.receipt.door, self.receipt.number)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Messages of one partition between two positions, in the order of their offsets."""

    topic: str
    partition: int
    read_from: int
    read_to: int
    arrivals: Sequence[Arrival]

    def singles(self) -> Iterator["Batch"]:
        """The same, one message at a time; together they move the position as far."""
        ends = [each.offset for each in self.arrivals[1:]] + [self.read_to]
        start = self.read_from
        for arrival, end in zip(self.arrivals, ends, strict=True):
            yield replace(self, read_from=start, read_to=end, arrivals=(arrival,))
            start = end


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


def parked(receipt: Receipt, reason: str) -> Read:
    """A receipt that is not read, with the reason."""
    reading = Reading(verdict="quarantined", format=receipt.hint, reasons=(reason,))
    return Read(receipt=receipt, reading=reading, signals=(), refused=())


def _refusal(rules: Rules, municipality: str | None, organisation: str) -> str | None:
    """Why a source may not speak about this municipality; None when it may."""
    if municipality is None:
        return "de gemeente ontbreekt en de bron hoort niet bij een gemeente"
    if organisation == f"{Party.GEMEENTE}:{municipality}" and municipality in rules.reference.municipalities:
        return None
    try:
        parties = rules.reference.parties_of(municipality)
    except UnknownMunicipalityError:
        return "deze gemeentecode bestaat niet"
    if organisation.startswith(f"{Party.GEMEENTE}:") and organisation != parties.municipality.id:
        return "deze bron hoort bij een andere gemeente"
    if organisation not in {party.id for party in parties.all}:
        return "deze bron hoort niet bij deze gemeente"
    return None
