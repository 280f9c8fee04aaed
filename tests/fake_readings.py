"""What the sweep and the pages read, from the rows of the in-memory store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.incidents import Incident
from domain.tasks import Task
from playbooks.engine import Execution
from tests.fakes import FakeStore
from usecases.intake_rows import SignalRow, Verdict
from usecases.ports import DutyRow
from usecases.readings import Counted, LogLine, QuarantineRow


@dataclass
class FakeDue:
    """What is due, from the committed rows."""

    store: FakeStore

    async def due_duties(self, now: datetime, limit: int) -> Sequence[UUID]:
        first = {
            incident: min(moments)
            for incident, rows in self.store.rows.duties.items()
            if (moments := [row.next_warning_at for row in rows if row.next_warning_at and row.next_warning_at <= now])
        }
        return sorted(first, key=lambda incident: first[incident])[:limit]

    async def due_executions(self, now: datetime, limit: int) -> Sequence[UUID]:
        due = {key: wake for key, (_, wake) in self.store.rows.executions.items() if wake and wake <= now}
        return sorted(due, key=lambda key: due[key])[:limit]

    async def due_members(self, before: datetime, limit: int) -> Sequence[UUID]:
        mentioned = self.store.rows.mentioned
        return [i for i in self.store.rows.pending if mentioned.get(i, before - timedelta(1)) < before][:limit]


@dataclass
class FakeReadings:
    """Reads of the committed rows."""

    store: FakeStore
    received: int = 0
    in_flight: int = 0

    async def incident(self, incident_id: UUID) -> Incident | None:
        return self.store.rows.incidents.get(incident_id)

    async def incidents(
        self, municipalities: Collection[str], *, closed_since: datetime, limit: int = 500
    ) -> Sequence[Incident]:
        found = [
            incident
            for incident in self.store.rows.incidents.values()
            if incident.municipality in municipalities
            and (incident.closed_at is None or incident.closed_at >= closed_since)
        ]
        return sorted(found, key=lambda incident: incident.opened_at, reverse=True)[:limit]

    async def duty_rows(self, incidents: Collection[UUID]) -> Mapping[UUID, tuple[DutyRow, ...]]:
        return {i: self.store.rows.duties[i] for i in incidents if i in self.store.rows.duties}

    async def execution(self, execution_id: UUID) -> Execution | None:
        found = self.store.rows.executions.get(execution_id)
        return found[0] if found else None

    async def executions(self, incidents: Collection[UUID]) -> Sequence[tuple[UUID, Execution]]:
        return [
            (each.incident_id, each) for each, _ in self.store.rows.executions.values() if each.incident_id in incidents
        ]

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        return [task for task in self.store.rows.tasks.values() if task.execution_id == execution_id]

    async def tasks_for(self, organisation: str, functions: Collection[str], *, limit: int = 200) -> Sequence[Task]:
        mine = [
            task
            for task in self.store.rows.tasks.values()
            if task.organisation == organisation and task.function in functions
        ]
        newest = sorted(mine, key=lambda task: task.asked_at, reverse=True)
        return sorted(newest, key=lambda task: not task.state.is_open)[:limit]

    async def task(self, task_key: str) -> Task | None:
        return self.store.rows.tasks.get(task_key)

    async def log(
        self,
        streams: Collection[str],
        *,
        types: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> Sequence[LogLine]:
        lines = [
            recorded
            for stream in streams
            for recorded in self.store.rows.log.get(stream, ())
            if (types is None or recorded.event.type in types) and (before is None or recorded.version < before)
        ]
        newest = sorted(lines, key=lambda recorded: (recorded.recorded_at, recorded.version), reverse=True)
        gone = self.store.rows.destroyed
        return [
            LogLine(recorded=r, hash="", destroyed=gone.get((r.stream_id, r.version), frozenset())) for r in newest
        ][:limit]

    async def signals(self, incident_id: UUID, *, limit: int = 50) -> Sequence[SignalRow]:
        return [row for row in self.store.rows.signals.values() if row.incident_id == incident_id][-limit:]

    async def noted(self, municipality: str, *, limit: int = 50) -> Sequence[SignalRow]:
        rows = self.store.rows.signals.values()
        return [r for r in rows if r.municipality == municipality and r.verdict is Verdict.NOTED][-limit:]

    async def quarantine(self, organisations: Collection[str], *, limit: int = 200) -> Sequence[QuarantineRow]:
        return [
            QuarantineRow(
                receipt_id=each.receipt_id,
                source_id=each.source_id,
                organisation=each.organisation,
                received_at=each.received_at,
                reasons=each.reasons,
                raw=each.raw,
            )
            for each in self.store.rows.receipts.values()
            if each.outcome == "quarantined" and each.organisation in organisations
        ][-limit:]

    async def counted(self) -> Counted:
        rows = self.store.rows
        receipts, verdicts = rows.receipts.values(), [row.verdict for row in rows.signals.values()]
        return Counted(
            received=self.received or len(rows.receipts),
            read=sum(each.outcome == "read" for each in receipts),
            quarantined=sum(each.outcome == "quarantined" for each in receipts),
            spooled=0,
            in_flight=self.in_flight,
            signals=sum(each.signals for each in receipts),
            in_incidents=verdicts.count(Verdict.IN_INCIDENT),
            noted=verdicts.count(Verdict.NOTED),
            duplicates=verdicts.count(Verdict.DUPLICATE),
            refused_rows=verdicts.count(Verdict.REFUSED),
            redelivered=rows.copies.get("redelivered", 0),
            lost=0,
            incidents=len(rows.incidents),
        )

    async def card_number(self) -> int:
        return sum(len(stream) for stream in self.store.rows.log.values())
