"""What the relay reads and moves: numbered facts, the outbox, its position; and the canary that checks the way."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

import asyncpg
from pydantic import ValidationError

from adapters.store.connections import translated
from domain.events.core import Mode
from domain.events.table import EVENTS
from domain.incidents import Incident
from usecases.canary import CANARY_KEY, canary
from usecases.cloudevents import Envelope, Numbered
from usecases.publish import Fact, Message, Placed
from usecases.topics import Topic, name_of

LOCK = 724003
"""Advisory lock of the session: who holds it is the one relay. It ends with the connection."""

FACTS = """
SELECT n.number, e.stream_id, e.version, e.event_id, e.type, e.recorded_at, e.envelope,
    coalesce(i.state, j.state) AS incident
FROM event_number n JOIN event e USING (stream_id, version)
LEFT JOIN incident i ON i.incident_id = id_in(n.stream_id, 'incident')
LEFT JOIN execution x ON x.execution_id = id_in(n.stream_id, 'execution')
LEFT JOIN incident j ON j.incident_id = x.incident_id
WHERE n.number > (SELECT number FROM relay_position) ORDER BY n.number LIMIT $1
"""
URGENT = """
SELECT place, topic, key, headers, value FROM outbox WHERE topic NOT LIKE '%.signals.%' ORDER BY place LIMIT $1
"""
ALL = "SELECT place, topic, key, headers, value FROM outbox ORDER BY place LIMIT $1"


class PgTurn:
    """One turn, on the connection that holds the lock: when the connection is gone, so is the turn."""

    def __init__(self, sql: asyncpg.Connection, mode: Mode) -> None:
        self._sql = sql
        self._mode = mode

    async def facts(self, limit: int) -> tuple[int, Sequence[Fact]]:
        """Number what is committed; the facts after the position in order."""
        with translated():
            await self._sql.execute("SELECT assign_numbers()")
            rows = await self._sql.fetch(FACTS, limit)
        return (rows[-1]["number"] if rows else 0), [_fact(row, self._mode) for row in rows]

    async def moved(self, number: int) -> None:
        """Facts up to this number are with the broker; the position never goes back."""
        with translated():
            await self._forget(f"UPDATE relay_position SET number = greatest(number, {int(number)})")  # noqa: S608 - a number

    async def outbox(self, limit: int) -> Sequence[Placed]:
        """Rows in order of place; announcements about signals only when nothing else waits."""
        with translated():
            rows = await self._sql.fetch(URGENT, limit) or await self._sql.fetch(ALL, limit)
        return [_placed(row) for row in rows]

    async def sent(self, places: Iterable[int]) -> None:
        """These rows are with the broker."""
        with translated():
            sent = ",".join(str(int(place)) for place in places)
            await self._forget(f"DELETE FROM outbox WHERE place IN ({sent})")  # noqa: S608 - whole numbers only

    async def _forget(self, statement: str) -> None:
        """Commit without waiting for the disk, in one round trip: a crash means that something is sent again."""
        await self._sql.execute(f"BEGIN; SET LOCAL synchronous_commit = off; {statement}; COMMIT")


class PublishRows:
    """Turns of the relay on one database."""

    def __init__(self, pool: asyncpg.Pool, mode: Mode) -> None:
        self._pool = pool
        self._mode = mode

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[PgTurn | None]:
        """The turn, when no other relay has it. Its lock goes with the end of the block or the connection."""
        with translated():
            connection = await self._pool.acquire()
        try:
            with translated():
                mine = await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
            yield PgTurn(cast(asyncpg.Connection, connection), self._mode) if mine else None
        finally:
            # Releasing resets the session, which lets go of the lock; a dead connection has let go already.
            with translated():
                await asyncio.shield(self._pool.release(connection))

    async def waiting(self) -> tuple[int, int]:
        """(facts that are not published yet, rows in the outbox)."""
        with translated():
            row = await self._pool.fetchrow(
                "SELECT (SELECT count(*) FROM unnumbered) + coalesce((SELECT max(number) FROM event_number), 0)"
                " - (SELECT number FROM relay_position) AS facts, (SELECT count(*) FROM outbox) AS rows"
            )
        return (row["facts"], row["rows"]) if row else (0, 0)


class Canaries:
    """Sends what checks the whole way: outbox, relay, events, agent, cards, reader."""

    def __init__(self, pool: asyncpg.Pool, mode: Mode) -> None:
        self._pool = pool
        self._topic = name_of(Topic.EVENTS, mode)

    async def send(self, at: datetime) -> None:
        """Put one in the outbox, unless the last one still waits: it is no fact and touches no card."""
        with translated():
            async with self._pool.acquire() as sql, sql.transaction():
                await sql.execute(
                    "INSERT INTO outbox (topic, key, value) SELECT $1, $2, $3"
                    " WHERE NOT EXISTS (SELECT FROM outbox WHERE topic = $1 AND key = $2)",
                    self._topic,
                    CANARY_KEY,
                    canary(at),
                )
                await sql.execute("NOTIFY outbox")


def _fact(row: asyncpg.Record, mode: Mode) -> Fact:
    """The fact. What this version can not read, or does not know, is no more than its place in the log."""
    try:
        incident = Incident.model_validate_json(row["incident"]) if row["incident"] else None
        envelope = Envelope.model_validate_json(row["envelope"])
    except ValidationError:
        incident, envelope = None, None
    if envelope is not None and envelope.data.get("type") in EVENTS:
        return Fact(numbered=Numbered(number=row["number"], envelope=envelope), incident=incident)
    place = Envelope(
        event_id=row["event_id"],
        stream_id=row["stream_id"],
        version=row["version"],
        recorded_at=row["recorded_at"],
        mode=mode,
        data={"type": row["type"]},
    )
    return Fact(numbered=Numbered(number=row["number"], envelope=place), incident=None, unreadable=True)


def _placed(row: asyncpg.Record) -> Placed:
    headers = json.loads(row["headers"])
    return Placed(row["place"], Message(row["topic"], row["key"], row["value"], headers))
