"""What the use cases ask of the world. Adapters implement these; nothing here knows how."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.duties.assessment import Duty
from domain.events.core import Event, Recorded, RuleUsed
from domain.incidents import Incident
from domain.parties import ActedBy
from domain.register import Register
from domain.tasks import Task
from playbooks.engine import Execution
from signals.correlation import CorrelationKey, Known
from usecases.intake_rows import Announcement, ReceiptOutcome, SignalRow


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime:
        """Now."""
        ...


class Ids(Protocol):
    """New identifiers (UUIDv7: they sort by time)."""

    def new(self) -> UUID:
        """An identifier nobody has seen."""
        ...


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """A duty of one incident with the moment the sweep must look at it next (None: never)."""

    duty: Duty
    next_warning_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A message to a function of an organisation, sent by `deliver`. `key` makes it the same message every time.

    `subject` and `body` hold no restricted content: number, what to do, until when.
    """

    key: str
    organisation: str
    function: str
    subject: str
    body: str
    incident_id: UUID | None = None
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Membership:
    """How many signals joined an incident and no fact mentions yet, and when they were observed.

    `digest` is SHA-256 (hex) over their signal ids; adding two counts hashes the two digests together.
    """

    incident_id: UUID
    count: int
    first_at: datetime
    last_at: datetime
    digest: str
    rule: RuleUsed
    """The newest rule that linked one of them."""


class Transaction(Protocol):
    """One database transaction: facts, state rows, duties, tasks, notices and outbox, all or nothing.

    Heads first, always, in sorted order: `lock` is called once, before the first `append`. State rows that are
    read after `lock` are the newest. Intake holds keys before heads; it waits for no head that exists. NOTIFY wakes
    relay and pages at commit.
    """

    async def lock(self, streams: Collection[str]) -> Mapping[str, int]:
        """Lock the heads of these streams; version per stream, 0 for one that does not exist yet."""
        ...

    async def lock_free(self, streams: Collection[str]) -> Mapping[str, int]:
        """The same for existing streams, but those that somebody else holds are left out (SKIP LOCKED)."""
        ...

    async def append(
        self, stream_id: str, events: Sequence[Event], *, by: ActedBy, at: datetime, correlation: UUID | None = None
    ) -> tuple[Recorded, ...]:
        """Add facts to a locked stream, chained, with salted commitments for the texts beside."""
        ...

    async def signature(self, stream_id: str, version: int) -> ActedBy | None:
        """Who signed this fact; None when there is no such fact."""
        ...

    async def incident(self, incident_id: UUID) -> Incident | None:
        """The state row of an incident."""
        ...

    async def put_incident(self, incident: Incident, duties: Sequence[DutyRow]) -> None:
        """Write the state row of an incident and replace its duty rows."""
        ...

    async def execution(self, execution_id: UUID) -> Execution | None:
        """The state row of a playbook execution."""
        ...

    async def put_execution(
        self, execution: Execution, tasks: Sequence[Task], *, next_wake_at: datetime | None
    ) -> None:
        """Write the state row of an execution, its tasks, and when the sweep must wake it."""
        ...

    async def keep_definition(self, digest: str, texts: str) -> None:
        """Keep the texts of a playbook that was started; the same digest is kept once."""
        ...

    async def definition(self, digest: str) -> str | None:
        """The texts that were kept under this digest."""
        ...

    async def task(self, task_key: str) -> Task | None:
        """One task."""
        ...

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        """All tasks of an execution, oldest first."""
        ...

    async def next_incident_number(self, year: int) -> str:
        """`INC-2026-0042`; gaps are allowed, doubles are not."""
        ...

    async def hold_keys(self, municipalities: Collection[str]) -> None:
        """Be the only one who decides about keys of these municipalities, until commit. Before the three below."""
        ...

    async def open_keys(self, keys: Collection[CorrelationKey]) -> Mapping[CorrelationKey, Known]:
        """Open incidents by correlation key: one query, whatever the number of open incidents."""
        ...

    async def bind_keys(self, bindings: Mapping[CorrelationKey, Known]) -> None:
        """Remember which incident a key leads to and when it was last seen."""
        ...

    async def release_keys(self, incident_id: UUID, into: UUID | None) -> None:
        """Forget the keys of a closed incident, or hand them to the one it goes on in."""
        ...

    async def count_members(self, memberships: Sequence[Membership]) -> None:
        """Add to the pending counts per incident, in sorted order; cheap rows, no facts, no head."""
        ...

    async def pending_members(self, incident_id: UUID, at: datetime) -> Membership | None:
        """Take the pending count of an incident: it becomes zero, last mentioned at this moment. None when zero."""
        ...

    async def hand_over_signals(self, incident_id: UUID, into: UUID) -> None:
        """Move the signal rows and the pending count of a merged incident to the one it goes on in."""
        ...

    async def notify(self, notices: Sequence[Notice]) -> None:
        """Put messages in the outbox of `deliver`. A key that exists already is left as it is."""
        ...

    async def destroy(
        self, stream_id: str, versions: Collection[int], *, list_item: str, by: ActedBy, at: datetime
    ) -> Recorded:
        """Destroy the texts and salts beside these facts and append `Vernietigd` to the (locked) stream.

        Titles in state rows, search, attachments and stored answers that hold these texts go too.
        """
        ...

    async def answered(self, key: str) -> str | None:
        """The stored answer to a command with this idempotency key, None when it is new (then it is claimed)."""
        ...

    async def remember(self, key: str, answer: str) -> None:
        """Store the answer for this idempotency key."""
        ...


class DueReader(Protocol):
    """What the sweep asks without locking anything. Answers may be stale: it looks again under the lock."""

    async def due_duties(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Incidents with a duty row whose `next_warning_at` has come, longest due first."""
        ...

    async def due_executions(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Executions whose `next_wake_at` has come, longest due first."""
        ...

    async def due_members(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Incidents with a pending count that were last mentioned before this moment, or never."""
        ...


class IntakeTransaction(Transaction, Protocol):
    """What the intake needs besides."""

    async def claim_position(self, topic: str, partition: int, expected: int) -> bool:
        """Lock the position row; False when somebody else has moved it: then the batch is dropped."""
        ...

    async def move_position(self, topic: str, partition: int, read_to: int) -> None:
        """Write how far was read, together with the outcomes."""
        ...

    async def known_receipts(self, receipts: Collection[tuple[UUID, int]]) -> frozenset[tuple[UUID, int]]:
        """Which (door, number) have an outcome already: copies, to be counted and not handled again."""
        ...

    async def known_signals(self, keys: Collection[str]) -> Mapping[str, UUID | None]:
        """Which dedupe keys were seen, with the incident of the signal that had them while it is open: one query."""
        ...

    async def new_receipts(self, outcomes: Sequence[ReceiptOutcome]) -> frozenset[tuple[UUID, int]]:
        """Write outcomes of receipts, with quarantine and evidence; those (door, number) that are new.

        Others are counted as redelivered.
        """
        ...

    async def put_signals(self, rows: Sequence[SignalRow]) -> None:
        """Write the normal forms with their verdict. A dedupe key that was seen before leads to its newest signal."""
        ...

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Put what subscribers hear about signals in the outbox, behind everything that is for people."""
        ...

    async def mentioned_before(self, incidents: Collection[UUID], moment: datetime) -> frozenset[UUID]:
        """Those whose signals were last mentioned in a fact before this moment, or never. Locks nothing."""
        ...


class Store(Protocol):
    """Where transactions come from."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit at the end of the block, roll back when it raises. Retries nothing."""
        ...

    def begin_intake(self) -> AbstractAsyncContextManager[IntakeTransaction]:
        """The same, for a batch of signals."""
        ...


class Registers(Protocol):
    """The register of services, suppliers and configuration items per municipality."""

    async def register(self, municipality: str) -> Register:
        """The register of one municipality; empty when it has none."""
        ...
