"""The sweep: what is due is recorded exactly once, by whoever gets the lock; it catches up after downtime.

Due rows are read without locking; each incident or execution is looked at again under its own lock. A head that
somebody holds is skipped, and after three misses waited for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.duties.ladder import due_steps
from domain.events.incident import SignalenToegevoegd, WaarschuwingGegeven
from domain.incidents import Incident, stream_of
from domain.parties import SYSTEM
from playbooks import engine
from usecases import notices
from usecases.context import Context
from usecases.ports import DueReader, Membership, Transaction
from usecases.record import Work, record
from usecases.rows import duty_rows
from usecases.start_playbook import book_of, carry_on

AT_ONCE = 200
MENTION_EVERY = timedelta(seconds=1)
"""At most one fact about joined signals per incident in this time."""
MOST_MISSES = 3


@dataclass(kw_only=True)
class Sweep:
    """One sweep per process. `misses` counts how often a head was held by somebody else."""

    ctx: Context
    due: DueReader
    misses: Counter[str] = field(default_factory=Counter)

    async def run(self) -> int:
        """Do what is due now; gives how many streams got a fact."""
        return await self.mention() + await self.warn() + await self.wake()

    async def mention(self) -> int:
        """Flush the counts of signals that joined, also the last ones of a burst."""
        now = self.ctx.clock.now()
        ids = await self.due.due_members(now - MENTION_EVERY, AT_ONCE)
        return sum([await self._mention(incident_id, now) for incident_id in ids])

    async def warn(self) -> int:
        """Give the warnings of clocks whose moment has come."""
        now = self.ctx.clock.now()
        return sum([await self._warn(incident_id, now) for incident_id in await self.due.due_duties(now, AT_ONCE)])

    async def wake(self) -> int:
        """Let executions go on whose delay or time limit has ended."""
        now = self.ctx.clock.now()
        return sum([await self._wake(each, now) for each in await self.due.due_executions(now, AT_ONCE)])

    async def _locked(self, tx: Transaction, stream: str) -> bool:
        if self.misses[stream] >= MOST_MISSES:
            await tx.lock([stream])
        elif stream not in await tx.lock_free([stream]):
            self.misses[stream] += 1
            return False
        del self.misses[stream]
        return True

    async def _mention(self, incident_id: UUID, now: datetime) -> bool:
        async with self.ctx.store.begin() as tx:
            if not await self._locked(tx, stream_of(incident_id)):
                return False
            incident, pending = await tx.incident(incident_id), await tx.pending_members(incident_id, now)
            if incident is None or pending is None:
                return False
            work = Work(ctx=self.ctx, tx=tx, by=SYSTEM, at=now)
            await record(work, incident, [joined(incident, pending)], incident_id=incident_id)
            return True

    async def _warn(self, incident_id: UUID, now: datetime) -> bool:
        async with self.ctx.store.begin() as tx:
            if not await self._locked(tx, stream_of(incident_id)):
                return False
            incident = await tx.incident(incident_id)
            if incident is None:
                return False
            warnings = self._warnings(incident, now)
            if not warnings:  # the configuration changed since the row was written: say when to look again
                await tx.put_incident(incident, duty_rows(self.ctx.rules, incident))
                return False
            work = Work(ctx=self.ctx, tx=tx, by=SYSTEM, at=now)
            after = await record(work, incident, warnings, incident_id=incident_id)
            named = [(self._name(each.obligation), each.due_at) for each in warnings]
            await tx.notify(notices.warned(after, named, now))
            return True

    def _warnings(self, incident: Incident, now: datetime) -> Sequence[WaarschuwingGegeven]:
        regimes = self.ctx.rules.regimes
        found = []
        for row in duty_rows(self.ctx.rules, incident):
            steps = due_steps(row.duty, regimes, incident.warnings_given, now)
            if steps:
                keys = tuple(step.key for step in steps)
                found.append(WaarschuwingGegeven(obligation=row.duty.obligation, steps=keys, due_at=row.duty.due_at))
        return found

    def _name(self, obligation: str) -> str:
        return self.ctx.rules.regimes.obligation(obligation).label["nl"]

    async def _wake(self, execution_id: UUID, now: datetime) -> bool:
        stream = engine.stream_of(execution_id)
        async with self.ctx.store.begin() as tx:
            if not await self._locked(tx, stream):
                return False
            execution = await tx.execution(execution_id)
            incident = await tx.incident(execution.incident_id) if execution else None
            if execution is None or incident is None:
                return False
            events = engine.wake(await book_of(self.ctx, tx, execution), execution, now)
            if not events:
                return False
            await carry_on(Work(ctx=self.ctx, tx=tx, by=SYSTEM, at=now), incident, execution, events, stream=stream)
            return True


def joined(incident: Incident, pending: Membership) -> SignalenToegevoegd:
    """The one fact for all signals that joined since the last one."""
    return SignalenToegevoegd(
        count=pending.count,
        total=incident.signal_count + pending.count,
        first_at=pending.first_at,
        last_at=pending.last_at,
        digest=pending.digest,
        rule=pending.rule,
    )
