"""Reading the log back and putting state rows right: what `driehoek rebuild` and `driehoek restore` need."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from adapters.store.connections import transaction, translated
from adapters.store.state_rows import DUTY_ROW, StateRows
from adapters.store.store import PgTransaction
from domain.chain.stored import stored
from domain.events.core import Mode, Recorded
from usecases.ports import DutyRow

FACTS = (
    "SELECT e.envelope, (SELECT jsonb_object_agg(s.field, s.value) FROM event_side s"
    " WHERE s.stream_id = e.stream_id AND s.version = e.version) AS texts"
    " FROM event e WHERE e.stream_id = $1 ORDER BY e.version"
)
STRAYS = (
    "DELETE FROM task t WHERE NOT EXISTS (SELECT FROM event WHERE stream_id = 'execution:' || t.execution_id)",
    "DELETE FROM execution x WHERE NOT EXISTS (SELECT FROM event WHERE stream_id = 'execution:' || x.execution_id)",
    "DELETE FROM duty d WHERE NOT EXISTS (SELECT FROM event WHERE stream_id = 'incident:' || d.incident_id)",
    "DELETE FROM incident i WHERE NOT EXISTS (SELECT FROM event WHERE stream_id = 'incident:' || i.incident_id)",
    "DELETE FROM correlation_key WHERE incident_id NOT IN (SELECT incident_id FROM incident WHERE is_open)",
)
RAISE_EPOCH = (
    "UPDATE epoch SET epoch = greatest(epoch + 1, $1, (SELECT coalesce(max(epoch), 0) + 1 FROM card)) RETURNING epoch"
)


class StandingRows(StateRows):
    """`usecases.standing.Standing` on PostgreSQL: state rows beside the facts they follow from."""

    def __init__(self, sql: asyncpg.Connection) -> None:
        self._sql = sql

    async def facts(self, stream_id: str) -> Sequence[Recorded]:
        """All facts of a stream, in order of version."""
        rows = await self._sql.fetch(FACTS, stream_id)
        return [stored(row["envelope"], orjson.loads(row["texts"] or "{}"))[0] for row in rows]

    async def incident_columns(self, incident_id: UUID) -> tuple[object, ...]:
        """Municipality, number, whether it is open, opened and closed at, version; empty without a row."""
        query = (
            "SELECT municipality, number, is_open, opened_at, closed_at, version FROM incident WHERE incident_id = $1"
        )
        return tuple(await self._sql.fetchrow(query, incident_id) or ())

    async def duties_of(self, incident_id: UUID) -> Sequence[DutyRow]:
        """Duty rows in their order."""
        rows = await self._sql.fetch("SELECT state FROM duty WHERE incident_id = $1 ORDER BY place", incident_id)
        return [DUTY_ROW.validate_json(row["state"]) for row in rows]

    async def duty_columns(self, incident_id: UUID) -> Sequence[tuple[str, datetime | None]]:
        """Obligation and next warning of the duty rows, in their order."""
        query = "SELECT obligation, next_warning_at FROM duty WHERE incident_id = $1 ORDER BY place"
        return [(row[0], row[1]) for row in await self._sql.fetch(query, incident_id)]

    async def execution_columns(self, execution_id: UUID) -> tuple[object, ...]:
        """Incident, and when the sweep would wake it; empty without a row."""
        query = "SELECT incident_id, next_wake_at FROM execution WHERE execution_id = $1"
        return tuple(await self._sql.fetchrow(query, execution_id) or ())

    async def task_columns(self, execution_id: UUID) -> Mapping[str, tuple[object, ...]]:
        """Per task: organisation, function, whether it is open, asked at."""
        query = "SELECT task_key, organisation, function, is_open, asked_at FROM task WHERE execution_id = $1"
        return {row[0]: tuple(row)[1:] for row in await self._sql.fetch(query, execution_id)}


class PgRebuildTransaction(PgTransaction, StandingRows):
    """Standing rows that can be put right."""

    async def drop_strays(self) -> int:
        """Remove rows that follow from no fact; how many."""
        return sum([int((await self._sql.execute(each)).rpartition(" ")[2]) for each in STRAYS])

    async def count_incidents(self, year: int, last: int) -> None:
        """The counter of a year is at least this."""
        await self._sql.execute(
            "INSERT INTO incident_counter (year, last) VALUES ($1, $2) ON CONFLICT (year) DO UPDATE"
            " SET last = excluded.last WHERE incident_counter.last < excluded.last",
            year,
            last,
        )


class PgRebuild:
    """`usecases.rebuild.RebuildStore` on PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, mode: Mode, new_id: Callable[[], UUID]) -> None:
        self._pool = pool
        self._mode = mode
        self._new_id = new_id

    @asynccontextmanager
    async def begin_rebuild(self) -> AsyncIterator[PgRebuildTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        async with transaction(self._pool) as connection:
            yield PgRebuildTransaction(connection, self._mode, self._new_id, None)

    async def streams(self, prefix: str) -> Sequence[str]:
        """Streams that have facts, by the start of their name."""
        with translated():
            rows = await self._pool.fetch(
                "SELECT stream_id FROM stream_head WHERE version > 0 AND starts_with(stream_id, $1) ORDER BY stream_id",
                prefix,
            )
        return [row["stream_id"] for row in rows]

    async def card_ids(self) -> Sequence[str]:
        """Every card that was ever made."""
        with translated():
            return [row["card_id"] for row in await self._pool.fetch("SELECT card_id FROM card ORDER BY card_id")]


async def raise_epoch(sql: asyncpg.Connection, at: datetime) -> int:
    """Begin a new epoch, as the owner: above everything known here, and above what a lost database can have had.

    A database that is gone may have had more epochs than its backup knows; the minutes since 1970 are more than those.
    """
    epoch: int = await sql.fetchval(RAISE_EPOCH, int(at.timestamp()) // 60)
    return epoch
