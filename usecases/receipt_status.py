"""What became of a receipt, for the organisation whose source sent it."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.errors import NotFoundError


class ReceiptUnknownError(NotFoundError):
    """Dit ontvangstbewijs is nog niet verwerkt, of hoort niet bij u. Probeer het over een paar tellen opnieuw."""

    code = "ontvangstbewijs-onbekend"


@dataclass(frozen=True, kw_only=True)
class ReceiptStatus:
    """`outcome`: `onderweg`, `read` or `quarantined`. Counts are per verdict; `incidents` are numbers."""

    receipt_id: UUID
    outcome: str
    format: str | None = None
    signals: int = 0
    in_incidents: int = 0
    noted: int = 0
    duplicates: int = 0
    reasons: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()

    @property
    def refused_rows(self) -> int:
        """Rows that could not be read."""
        return self.signals - self.in_incidents - self.noted - self.duplicates


class ReceiptRows(Protocol):
    """Outcomes of receipts."""

    async def status(self, receipt_id: UUID, organisation: str) -> ReceiptStatus | None:
        """What became of it; None when it is not there (yet), or of another organisation."""
        ...
