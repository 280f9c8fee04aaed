"""What pages and API read: rows, not rights. `usecases/reading.py` applies the rights before anybody sees them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.events.core import Recorded
from domain.incidents import Incident
from domain.tasks import Task
from playbooks.engine import Execution
from usecases.intake_rows import SignalRow
from usecases.ports import DutyRow


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A fact with its place in the chain. Texts beside it are filled in; destroyed ones read `DESTROYED`."""

    recorded: Recorded
    hash: str
    destroyed: frozenset[str] = frozenset()
    number: int | None = None
    """Gapless number, None while nobody numbered it yet."""


@dataclass(frozen=True, kw_only=True)
class QuarantineRow:
    """A receipt that could not be read."""

    receipt_id: UUID
    source_id: str
    organisation: str
    received_at: datetime
    reasons: tuple[str, ...]
    raw: bytes | None
    resent_at: datetime | None = None
    label: str | None = None
    """What people call the source."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Numbers for the ledger, each counted by itself.

    `received` = highest answered number per door minus the voided ones, summed. `in_flight` = end of the topics minus
    what was read. `signals` = sum of what the receipts said they hold; the four after it are counted from rows.
    """

    received: int
    read: int
    quarantined: int
    spooled: int
    in_flight: int
    signals: int
    in_incidents: int
    noted: int
    duplicates: int
    refused_rows: int
    redelivered: int
    lost: int
    """Receipts that the broker threw away before anybody read them."""
    incidents: int


class Readings(Protocol):
    """Reads of committed rows. Nothing is locked."""

    async def incident(self, incident_id: UUID) -> Incident | None:
        """State row of an incident."""
        ...

    async def incidents(
        self, municipalities: Collection[str], *, closed_since: datetime, limit: int = 500
    ) -> Sequence[Incident]:
        """Open incidents and those closed or merged since this moment, newest first."""
        ...

    async def duty_rows(self, incidents: Collection[UUID]) -> Mapping[UUID, tuple[DutyRow, ...]]:
        """Duty rows per incident."""
        ...

    async def execution(self, execution_id: UUID) -> Execution | None:
        """State row of a playbook execution."""
        ...

    async def executions(self, incidents: Collection[UUID]) -> Sequence[tuple[UUID, Execution]]:
        """(incident, state row) of the playbooks of these incidents."""
        ...

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        """Tasks of one execution, oldest first."""
        ...

    async def tasks_for(self, organisation: str, functions: Collection[str], *, limit: int = 200) -> Sequence[Task]:
        """Tasks that landed with these functions of an organisation: open ones first, then newest."""
        ...

    async def task(self, task_key: str) -> Task | None:
        """One task."""
        ...

    async def log(
        self,
        streams: Collection[str],
        *,
        types: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> Sequence[LogLine]:
        """Facts of these streams, newest first (moment of recording, then version); `before` is a version."""
        ...

    async def signals(self, incident_id: UUID, *, limit: int = 50) -> Sequence[SignalRow]:
        """Newest signals of an incident."""
        ...

    async def noted(self, municipality: str, *, limit: int = 50) -> Sequence[SignalRow]:
        """Newest signals of a municipality that raised nothing (tests, exercises, resolved)."""
        ...

    async def quarantine(self, organisations: Collection[str], *, limit: int = 200) -> Sequence[QuarantineRow]:
        """Receipts that could not be read, newest first."""
        ...

    async def counted(self) -> Counted:
        """Numbers for the ledger, from one snapshot of the database."""
        ...

    async def card_number(self) -> int:
        """Newest gapless number of the log (after numbering what is committed)."""
        ...
