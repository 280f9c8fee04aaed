"""What pages and API read: committed rows, one query per question, nothing locked."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from adapters.store.connections import transaction, translated
from adapters.store.counted import counted
from adapters.store.intake_rows import NORMAL
from adapters.store.state_rows import DUTY_ROW, EXECUTION
from domain.chain.stored import stored
from domain.incidents import Incident
from domain.tasks import Task
from playbooks.engine import Execution
from usecases.intake_rows import SignalRow, Verdict
from usecases.ports import DutyRow
from usecases.readings import Counted, LogLine, QuarantineRow

LOG = (
    "SELECT e.envelope, e.hash, n.number, (SELECT jsonb_object_agg(s.field, s.value) FROM event_side s"
    " WHERE s.stream_id = e.stream_id AND s.version = e.version) AS texts"
    " FROM event e LEFT JOIN event_number n USING (stream_id, version)"
    " WHERE e.stream_id = ANY($1::text[]) AND ($2::text[] IS NULL OR e.type = ANY($2::text[]))"
    " AND ($3::bigint IS NULL OR e.version < $3)"
    " ORDER BY e.recorded_at DESC, e.version DESC, e.stream_id LIMIT $4"
)


class PgReadings:
    """`usecases.readings.Readings` on PostgreSQL. `in_flight` asks the broker, which knows what nobody read yet."""

    def __init__(self, pool: asyncpg.Pool, in_flight: Callable[[], Awaitable[int]]) -> None:
        self._pool = pool
        self._in_flight = in_flight

    async def _rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        with translated():
            return await self._pool.fetch(query, *values)

    async def incident(self, incident_id: UUID) -> Incident | None:
        """State row of an incident."""
        rows = await self._rows("SELECT state FROM incident WHERE incident_id = $1", incident_id)
        return Incident.model_validate_json(rows[0]["state"]) if rows else None

    async def incidents(
        self, municipalities: Collection[str], *, closed_since: datetime, limit: int = 500
    ) -> Sequence[Incident]:
        """Open incidents and those closed or merged since this moment, newest first."""
        rows = await self._rows(
            "SELECT state FROM incident WHERE municipality = ANY($1::text[]) AND (closed_at IS NULL OR closed_at >= $2)"
            " ORDER BY opened_at DESC, incident_id DESC LIMIT $3",
            list(municipalities),
            closed_since,
            limit,
        )
        return [Incident.model_validate_json(row["state"]) for row in rows]

    async def duty_rows(self, incidents: Collection[UUID]) -> Mapping[UUID, tuple[DutyRow, ...]]:
        """Duty rows per incident, in the order of the law's list."""
        rows = await self._rows(
            "SELECT incident_id, state FROM duty WHERE incident_id = ANY($1::uuid[]) ORDER BY incident_id, place",
            list(incidents),
        )
        found: dict[UUID, tuple[DutyRow, ...]] = {}
        for row in rows:
            duty = DUTY_ROW.validate_json(row["state"])
            found[row["incident_id"]] = (*found.get(row["incident_id"], ()), duty)
        return found

    async def execution(self, execution_id: UUID) -> Execution | None:
        """State row of a playbook execution."""
        rows = await self._rows("SELECT state FROM execution WHERE execution_id = $1", execution_id)
        return EXECUTION.validate_json(rows[0]["state"]) if rows else None

    async def executions(self, incidents: Collection[UUID]) -> Sequence[tuple[UUID, Execution]]:
        """(incident, state row) of the playbooks of these incidents, in the order in which they were made."""
        rows = await self._rows(
            "SELECT incident_id, state FROM execution WHERE incident_id = ANY($1::uuid[]) ORDER BY execution_id",
            list(incidents),
        )
        return [(row["incident_id"], EXECUTION.validate_json(row["state"])) for row in rows]

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        """Tasks of one execution, oldest first."""
        rows = await self._rows(
            "SELECT state FROM task WHERE execution_id = $1 ORDER BY asked_at, task_key", execution_id
        )
        return [Task.model_validate_json(row["state"]) for row in rows]

    async def tasks_for(self, organisation: str, functions: Collection[str], *, limit: int = 200) -> Sequence[Task]:
        """Tasks that landed with these functions of an organisation: open ones first, then newest."""
        rows = await self._rows(
            "SELECT state FROM task WHERE organisation = $1 AND function = ANY($2::text[])"
            " ORDER BY is_open DESC, asked_at DESC, task_key LIMIT $3",
            organisation,
            list(functions),
            limit,
        )
        return [Task.model_validate_json(row["state"]) for row in rows]

    async def task(self, task_key: str) -> Task | None:
        """One task."""
        rows = await self._rows("SELECT state FROM task WHERE task_key = $1", task_key)
        return Task.model_validate_json(rows[0]["state"]) if rows else None

    async def log(
        self,
        streams: Collection[str],
        *,
        types: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> Sequence[LogLine]:
        """Facts of these streams, newest first, with their texts."""
        wanted = None if types is None else list(types)
        lines = []
        for row in await self._rows(LOG, list(streams), wanted, before, limit):
            recorded, destroyed = stored(row["envelope"], orjson.loads(row["texts"] or "{}"))
            lines.append(LogLine(recorded=recorded, hash=row["hash"].hex(), destroyed=destroyed, number=row["number"]))
        return lines

    async def signals(self, incident_id: UUID, *, limit: int = 50) -> Sequence[SignalRow]:
        """Newest signals of an incident."""
        rows = await self._rows(
            "SELECT * FROM signal WHERE incident_id = $1 ORDER BY observed_at DESC, signal_id LIMIT $2",
            incident_id,
            limit,
        )
        return [_signal(row) for row in rows]

    async def noted(self, municipality: str, *, limit: int = 50) -> Sequence[SignalRow]:
        """Newest signals of a municipality that raised nothing."""
        rows = await self._rows(
            "SELECT * FROM signal WHERE municipality = $1 AND verdict = 'noted'"
            " ORDER BY observed_at DESC, signal_id LIMIT $2",
            municipality,
            limit,
        )
        return [_signal(row) for row in rows]

    async def quarantine(self, organisations: Collection[str], *, limit: int = 200) -> Sequence[QuarantineRow]:
        """Receipts that could not be read, newest first."""
        rows = await self._rows(
            "SELECT q.receipt_id, q.source_id, q.organisation, q.received_at, q.reasons, q.raw, q.resent_at, s.label"
            " FROM quarantine q LEFT JOIN source s USING (source_id)"
            " WHERE q.organisation = ANY($1::text[]) ORDER BY q.received_at DESC, q.receipt_id LIMIT $2",
            list(organisations),
            limit,
        )
        return [QuarantineRow(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]

    async def counted(self) -> Counted:
        """Numbers for the ledger, from one snapshot of the database."""
        waiting = await self._in_flight()
        async with transaction(self._pool, snapshot=True) as sql:
            return await counted(sql, waiting)

    async def card_number(self) -> int:
        """Newest gapless number of the log, after numbering what is committed."""
        rows = await self._rows("SELECT assign_numbers() AS number")
        number: int = rows[0]["number"]
        return number


def _signal(row: asyncpg.Record) -> SignalRow:
    """A signal as it was written; the keys that recognise its repeats stand elsewhere."""
    return SignalRow(
        signal_id=row["signal_id"],
        receipt_id=row["receipt_id"],
        row=row["place"],
        normal=NORMAL.validate_json(row["normal"]),
        municipality=row["municipality"],
        verdict=Verdict(row["verdict"]),
        incident_id=row["incident_id"],
        dedupe_keys=(),
        explanation=row["explanation"],
    )
