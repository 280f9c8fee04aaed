"""The ports in memory: everything or nothing per transaction, one writer at a time, heads locked before they grow.

The contract tests hold this double against PostgreSQL.
"""

import asyncio
import copy
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from domain.events.core import Event, Mode, Recorded, apart
from domain.events.destruction import DESTROYED, Vernietigd
from domain.incidents import Incident
from domain.parties import ActedBy
from domain.register import Register, empty
from domain.tasks import Task
from playbooks.engine import Execution
from signals.correlation import CorrelationKey, Known
from usecases.intake_rows import Announcement, ReceiptOutcome, SignalRow
from usecases.ports import DutyRow, Membership, Notice


@dataclass
class FakeClock:
    """A clock that tests set."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def wait(self, how_long: timedelta) -> datetime:
        """Let time pass."""
        self.at += how_long
        return self.at


@dataclass
class FakeIds:
    """Identifiers in order: 1, 2, 3, …"""

    last: int = 10_000

    def new(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


@dataclass
class FakeRegisters:
    """Registers by municipality."""

    registers: dict[str, Register] = field(default_factory=dict)

    async def register(self, municipality: str) -> Register:
        return self.registers.get(municipality) or empty(municipality)


@dataclass
class Rows:
    """Everything that is committed."""

    log: dict[str, tuple[Recorded, ...]] = field(default_factory=dict)
    destroyed: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    incidents: dict[UUID, Incident] = field(default_factory=dict)
    duties: dict[UUID, tuple[DutyRow, ...]] = field(default_factory=dict)
    executions: dict[UUID, tuple[Execution, datetime | None]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    keys: dict[CorrelationKey, Known] = field(default_factory=dict)
    pending: dict[UUID, Membership] = field(default_factory=dict)
    mentioned: dict[UUID, datetime] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str | None] = field(default_factory=dict)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    receipts: dict[tuple[UUID, int], ReceiptOutcome] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    signals: dict[UUID, SignalRow] = field(default_factory=dict)
    announced: list[Announcement] = field(default_factory=list)

    def fork(self) -> "Rows":
        """A copy of every table; the rows themselves are values."""
        return Rows(**{each.name: copy.copy(getattr(self, each.name)) for each in fields(self)})


@dataclass
class FakeStore:
    """Where transactions come from. `held` are streams that somebody else has locked."""

    rows: Rows = field(default_factory=Rows)
    ids: FakeIds = field(default_factory=lambda: FakeIds(last=900_000))
    mode: Mode = Mode.LIVE
    held: set[str] = field(default_factory=set)
    commits: int = 0
    queries: int = 0
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["FakeTransaction"]:
        async with self._one:
            tx = FakeTransaction(store=self, rows=self.rows.fork())
            yield tx
            self.rows = tx.rows
            self.commits += 1

    @asynccontextmanager
    async def begin_intake(self) -> AsyncIterator["FakeTransaction"]:
        async with self.begin() as tx:
            yield tx

    def events(self, stream_id: str) -> list[Event]:
        """The facts of one stream."""
        return [recorded.event for recorded in self.rows.log.get(stream_id, ())]


@dataclass
class FakeTransaction:
    """A transaction over a copy of the rows; the copy becomes the truth when the block ends well."""

    store: FakeStore
    rows: Rows
    locked: set[str] | None = None

    async def lock(self, streams: Collection[str]) -> Mapping[str, int]:
        assert self.locked is None, "heads are locked once, before the first fact"
        self.locked = set(streams)
        return {stream: len(self.rows.log.get(stream, ())) for stream in sorted(streams)}

    async def lock_free(self, streams: Collection[str]) -> Mapping[str, int]:
        free = [s for s in sorted(streams) if s in self.rows.log and s not in self.store.held]
        self.locked = (self.locked or set()) | set(free)
        return {stream: len(self.rows.log[stream]) for stream in free}

    async def append(
        self, stream_id: str, events: Sequence[Event], *, by: ActedBy, at: datetime, correlation: UUID | None = None
    ) -> tuple[Recorded, ...]:
        assert self.locked is not None and stream_id in self.locked, f"{stream_id} is not locked"  # noqa: PT018 - one sentence
        known = self.rows.log.get(stream_id, ())
        new = tuple(
            Recorded(
                event_id=self.store.ids.new(),
                stream_id=stream_id,
                version=version,
                recorded_at=at,
                by=by,
                mode=self.store.mode,
                correlation_id=correlation,
                event=event,
            )
            for version, event in enumerate(events, start=len(known) + 1)
        )
        self.rows.log[stream_id] = (*known, *new)
        return new

    async def signature(self, stream_id: str, version: int) -> ActedBy | None:
        return next((fact.by for fact in self.rows.log.get(stream_id, ()) if fact.version == version), None)

    async def destroy(
        self, stream_id: str, versions: Collection[int], *, list_item: str, by: ActedBy, at: datetime
    ) -> Recorded:
        gone: list[str] = []
        for version in sorted(versions):
            recorded = self.rows.log[stream_id][version - 1]
            names = tuple(apart(recorded.event)[1])
            emptied = recorded.model_copy(
                update={"event": recorded.event.model_copy(update=dict.fromkeys(names, DESTROYED))}
            )
            log = self.rows.log[stream_id]
            self.rows.log[stream_id] = (*log[: version - 1], emptied, *log[version:])
            self.rows.destroyed[stream_id, version] = frozenset(names)
            gone += [f"{version}/{name}" for name in names]
        event = Vernietigd(destroyed=tuple(gone), list_item=list_item)
        return (await self.append(stream_id, [event], by=by, at=at))[0]

    async def incident(self, incident_id: UUID) -> Incident | None:
        return self.rows.incidents.get(incident_id)

    async def put_incident(self, incident: Incident, duties: Sequence[DutyRow]) -> None:
        self.rows.incidents[incident.incident_id] = incident
        self.rows.duties[incident.incident_id] = tuple(duties)

    async def execution(self, execution_id: UUID) -> Execution | None:
        found = self.rows.executions.get(execution_id)
        return found[0] if found else None

    async def put_execution(
        self, execution: Execution, tasks: Sequence[Task], *, next_wake_at: datetime | None
    ) -> None:
        self.rows.executions[execution.execution_id] = (execution, next_wake_at)
        self.rows.tasks |= {task.task_key: task for task in tasks}

    async def keep_definition(self, digest: str, texts: str) -> None:
        self.rows.definitions.setdefault(digest, texts)

    async def definition(self, digest: str) -> str | None:
        return self.rows.definitions.get(digest)

    async def task(self, task_key: str) -> Task | None:
        return self.rows.tasks.get(task_key)

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        return [task for task in self.rows.tasks.values() if task.execution_id == execution_id]

    async def next_incident_number(self, year: int) -> str:
        self.rows.numbers[year] = self.rows.numbers.get(year, 0) + 1
        return f"INC-{year}-{self.rows.numbers[year]:04}"

    async def hold_keys(self, municipalities: Collection[str]) -> None:
        """One writer at a time holds everything."""

    async def open_keys(self, keys: Collection[CorrelationKey]) -> Mapping[CorrelationKey, Known]:
        self.store.queries += 1
        return {key: self.rows.keys[key] for key in keys if key in self.rows.keys}

    async def bind_keys(self, bindings: Mapping[CorrelationKey, Known]) -> None:
        self.rows.keys |= bindings

    async def release_keys(self, incident_id: UUID, into: UUID | None) -> None:
        mine = {key: known for key, known in self.rows.keys.items() if known.incident_id == incident_id}
        for key, known in mine.items():
            if into is None:
                del self.rows.keys[key]
            else:
                self.rows.keys[key] = replace(known, incident_id=into)

    async def count_members(self, memberships: Sequence[Membership]) -> None:
        for more in memberships:
            old = self.rows.pending.get(more.incident_id)
            self.rows.pending[more.incident_id] = _sum(old, more) if old else more

    async def pending_members(self, incident_id: UUID, at: datetime) -> Membership | None:
        self.rows.mentioned[incident_id] = at
        return self.rows.pending.pop(incident_id, None)

    async def hand_over_signals(self, incident_id: UUID, into: UUID) -> None:
        for signal_id, row in self.rows.signals.items():
            if row.incident_id == incident_id:
                self.rows.signals[signal_id] = replace(row, incident_id=into)
        waiting = self.rows.pending.pop(incident_id, None)
        if waiting:
            await self.count_members([replace(waiting, incident_id=into)])

    async def notify(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self.rows.notices.setdefault(notice.key, notice)

    async def answered(self, key: str) -> str | None:
        return self.rows.answers.setdefault(key, None)

    async def remember(self, key: str, answer: str) -> None:
        self.rows.answers[key] = answer

    async def claim_position(self, topic: str, partition: int, expected: int) -> bool:
        return self.rows.positions.get((topic, partition), 0) == expected

    async def move_position(self, topic: str, partition: int, read_to: int) -> None:
        self.rows.positions[topic, partition] = read_to

    async def known_receipts(self, receipts: Collection[tuple[UUID, int]]) -> frozenset[tuple[UUID, int]]:
        return frozenset(receipts) & frozenset(self.rows.receipts)

    async def known_signals(self, keys: Collection[str]) -> Mapping[str, UUID | None]:
        self.store.queries += 1
        return {key: self._open_of(self.rows.seen[key]) for key in keys if key in self.rows.seen}

    def _open_of(self, signal_id: str) -> UUID | None:
        row = self.rows.signals.get(UUID(signal_id))
        incident = self.rows.incidents.get(row.incident_id) if row and row.incident_id else None
        return incident.incident_id if incident and incident.status.is_open else None

    async def new_receipts(self, outcomes: Sequence[ReceiptOutcome]) -> frozenset[tuple[UUID, int]]:
        new: set[tuple[UUID, int]] = set()
        for outcome in outcomes:
            key = (outcome.door, outcome.number)
            if key in self.rows.receipts:
                self.rows.copies["redelivered"] = self.rows.copies.get("redelivered", 0) + 1
            else:
                self.rows.receipts[key] = outcome
                new.add(key)
        return frozenset(new)

    async def put_signals(self, rows: Sequence[SignalRow]) -> None:
        for row in rows:
            self.rows.signals[row.signal_id] = row
            for key in row.dedupe_keys:
                self.rows.seen[key] = str(row.signal_id)

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        self.rows.announced = [*self.rows.announced, *announcements]

    async def mentioned_before(self, incidents: Collection[UUID], moment: datetime) -> frozenset[UUID]:
        return frozenset(i for i in incidents if self.rows.mentioned.get(i, moment - timedelta(1)) < moment)


def _sum(old: Membership, more: Membership) -> Membership:
    return replace(
        more,
        count=old.count + more.count,
        first_at=min(old.first_at, more.first_at),
        last_at=max(old.last_at, more.last_at),
        digest=sha256((old.digest + more.digest).encode()).hexdigest(),
    )
