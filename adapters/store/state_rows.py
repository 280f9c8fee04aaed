"""State rows: incidents with their duties, executions with their tasks. Derived from the log, never the truth."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from domain.incidents import Incident
from domain.tasks import Task
from playbooks.engine import Execution
from usecases.ports import DutyRow

EXECUTION = TypeAdapter(Execution)
DUTY_ROW = TypeAdapter(DutyRow)


class StateRows:
    """Reading after `lock` gives the newest state."""

    _sql: asyncpg.Connection

    async def incident(self, incident_id: UUID) -> Incident | None:
        """The state row of an incident."""
        state = await self._sql.fetchval("SELECT state FROM incident WHERE incident_id = $1", incident_id)
        return Incident.model_validate_json(state) if state else None

    async def put_incident(self, incident: Incident, duties: Sequence[DutyRow]) -> None:
        """Write the state row of an incident and replace its duty rows."""
        await self._sql.execute(
            "INSERT INTO incident (incident_id, municipality, number, is_open, opened_at, closed_at, version, state)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb) ON CONFLICT (incident_id) DO UPDATE"
            " SET municipality = $2, number = $3, is_open = $4, opened_at = $5, closed_at = $6, version = $7,"
            " state = $8::jsonb",
            incident.incident_id,
            incident.municipality,
            incident.number,
            incident.status.is_open,
            incident.opened_at,
            incident.closed_at,
            incident.version,
            incident.model_dump_json(),
        )
        await self._sql.execute(
            "DELETE FROM duty WHERE incident_id = $1 AND NOT obligation = ANY($2::text[])",
            incident.incident_id,
            [row.duty.obligation for row in duties],
        )
        await self._sql.executemany(
            "INSERT INTO duty (incident_id, obligation, place, next_warning_at, state)"
            " VALUES ($1, $2, $3, $4, $5::jsonb) ON CONFLICT (incident_id, obligation) DO UPDATE"
            " SET place = $3, next_warning_at = $4, state = $5::jsonb",
            [
                (
                    incident.incident_id,
                    row.duty.obligation,
                    place,
                    row.next_warning_at,
                    DUTY_ROW.dump_json(row).decode(),
                )
                for place, row in enumerate(duties)
            ],
        )

    async def execution(self, execution_id: UUID) -> Execution | None:
        """The state row of a playbook execution."""
        state = await self._sql.fetchval("SELECT state FROM execution WHERE execution_id = $1", execution_id)
        return EXECUTION.validate_json(state) if state else None

    async def put_execution(
        self, execution: Execution, tasks: Sequence[Task], *, next_wake_at: datetime | None
    ) -> None:
        """Write the state row of an execution, its tasks, and when the sweep must wake it."""
        await self._sql.execute(
            "INSERT INTO execution (execution_id, incident_id, next_wake_at, state) VALUES ($1, $2, $3, $4::jsonb)"
            " ON CONFLICT (execution_id) DO UPDATE SET incident_id = $2, next_wake_at = $3, state = $4::jsonb",
            execution.execution_id,
            execution.incident_id,
            next_wake_at,
            EXECUTION.dump_json(execution).decode(),
        )
        await self._sql.executemany(
            "INSERT INTO task (task_key, execution_id, organisation, function, is_open, asked_at, state)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb) ON CONFLICT (task_key) DO UPDATE"
            " SET execution_id = $2, organisation = $3, function = $4, is_open = $5, asked_at = $6, state = $7::jsonb",
            [
                (
                    task.task_key,
                    task.execution_id,
                    task.organisation,
                    task.function,
                    task.state.is_open,
                    task.asked_at,
                    task.model_dump_json(),
                )
                for task in tasks
            ],
        )

    async def keep_definition(self, digest: str, texts: str) -> None:
        """Keep the texts of a playbook that was started."""
        await self._sql.execute(
            "INSERT INTO playbook_definition (digest, texts) VALUES ($1, $2) ON CONFLICT DO NOTHING", digest, texts
        )

    async def definition(self, digest: str) -> str | None:
        """The texts that were kept under this digest."""
        kept: str | None = await self._sql.fetchval("SELECT texts FROM playbook_definition WHERE digest = $1", digest)
        return kept

    async def task(self, task_key: str) -> Task | None:
        """One task."""
        state = await self._sql.fetchval("SELECT state FROM task WHERE task_key = $1", task_key)
        return Task.model_validate_json(state) if state else None

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        """All tasks of an execution, oldest first."""
        rows = await self._sql.fetch(
            "SELECT state FROM task WHERE execution_id = $1 ORDER BY asked_at, task_key", execution_id
        )
        return [Task.model_validate_json(row["state"]) for row in rows]

    async def next_incident_number(self, year: int) -> str:
        """`INC-2026-0042`; the row of the year is locked until commit, so numbers are given one by one."""
        last = await self._sql.fetchval(
            "INSERT INTO incident_counter (year, last) VALUES ($1, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = incident_counter.last + 1 RETURNING last",
            year,
        )
        return f"INC-{year}-{last:04d}"
