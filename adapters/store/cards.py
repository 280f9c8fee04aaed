"""Cards in PostgreSQL: rows under lock, state rows as families, and one snapshot for a fresh read."""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from adapters.store.connections import translated
from adapters.store.state_rows import DUTY_ROW, EXECUTION
from domain.events.core import Mode
from domain.incidents import Incident
from domain.picture import Card, Contribution
from playbooks.engine import Execution
from usecases.canary import CANARY_KEY
from usecases.picture import Family, Snapshot, seal
from usecases.ports import DutyRow
from usecases.topics import LARGEST_MESSAGE, Topic, name_of

ROOM_FOR_THE_REST = 64 * 1024
Connection = asyncpg.Connection | PoolConnectionProxy

PLACES = """
SELECT s AS stream, i.incident_id, i.municipality FROM unnest($1::text[]) AS s
JOIN incident i ON i.incident_id = id_in(s, 'incident')
UNION ALL
SELECT s, i.incident_id, i.municipality FROM unnest($1::text[]) AS s
JOIN execution x ON x.execution_id = id_in(s, 'execution') JOIN incident i ON i.incident_id = x.incident_id
"""
PUT = """
INSERT INTO card (card_id, epoch, number, state) VALUES ($1, $2, $3, $4::jsonb)
ON CONFLICT (card_id) DO UPDATE SET epoch = $2, number = $3, state = $4::jsonb
"""


class PgCardTransaction:
    """One transaction on one connection."""

    def __init__(self, sql: Connection, topic: str) -> None:
        self._sql = sql
        self._topic = topic

    async def incidents_of(self, streams: Collection[str]) -> Mapping[str, tuple[UUID, str]]:
        """(incident, municipality) of these streams."""
        rows = await self._sql.fetch(PLACES, [each for each in streams if _is_ours(each)])
        return {row["stream"]: (row["incident_id"], row["municipality"]) for row in rows}

    async def lock_cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        """The rows, locked in sorted order; made when they are not there, so that they can be locked."""
        wanted = sorted(set(card_ids))
        epoch = await self._sql.fetchval(
            "WITH made AS (INSERT INTO card (card_id, epoch, number, state)"
            " SELECT c, 0, 0, '{}'::jsonb FROM unnest($1::text[]) AS c ON CONFLICT DO NOTHING)"
            " SELECT epoch FROM epoch",
            wanted,
        )
        rows = await self._sql.fetch(
            "SELECT card_id, epoch, number, state FROM card WHERE card_id = ANY($1::text[])"
            " ORDER BY card_id FOR NO KEY UPDATE",
            wanted,
        )
        return {row["card_id"]: _card(row, epoch) for row in rows}

    async def cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        """The same without locking or making anything."""
        epoch = await self._sql.fetchval("SELECT epoch FROM epoch")
        rows = await self._sql.fetch(
            "SELECT card_id, epoch, number, state FROM card WHERE card_id = ANY($1::text[])", list(card_ids)
        )
        empty = {each: Card(card_id=each, epoch=epoch, number=0) for each in card_ids}
        return empty | {row["card_id"]: _card(row, epoch) for row in rows}

    async def number(self) -> int:
        """Newest gapless number."""
        return await self._sql.fetchval("SELECT coalesce(max(number), 0) FROM event_number") or 0

    async def families(self, incidents: Collection[UUID]) -> Sequence[Family]:
        """Committed state rows of these incidents."""
        rows = await self._sql.fetch("SELECT state FROM incident WHERE incident_id = ANY($1::uuid[])", list(incidents))
        return await self._joined(rows)

    async def listed(self, municipalities: Collection[str], closed_since: datetime) -> Sequence[Family]:
        """Families of open incidents and those closed since this moment."""
        rows = await self._sql.fetch(
            "SELECT state FROM incident WHERE municipality = ANY($1::text[]) AND (is_open OR closed_at > $2)",
            list(municipalities),
            closed_since,
        )
        return await self._joined(rows)

    async def put_cards(self, cards: Sequence[Card]) -> None:
        """Write these locked cards and put them in the outbox; an empty card is a tombstone."""
        if not cards:
            return
        await self._sql.executemany(PUT, [(c.card_id, c.epoch, c.number, _state(c).decode()) for c in cards])
        await self._publish([(c.card_id.encode(), _headers(c), _value(c)) for c in cards])

    async def put_canary(self, value: bytes) -> None:
        """Let a canary fly on."""
        await self._publish([(CANARY_KEY, "{}", value)])

    async def _publish(self, rows: Iterable[tuple[bytes, str, bytes | None]]) -> None:
        await self._sql.executemany(
            "INSERT INTO outbox (topic, key, headers, value) VALUES ($1, $2, $3::jsonb, $4)",
            [(self._topic, *row) for row in rows],
        )
        await self._sql.execute("NOTIFY outbox")

    async def _joined(self, rows: Sequence[asyncpg.Record]) -> Sequence[Family]:
        incidents = [Incident.model_validate_json(row["state"]) for row in rows]
        ids = [each.incident_id for each in incidents]
        if not ids:
            return ()
        duties: dict[UUID, list[DutyRow]] = {each: [] for each in ids}
        executions: dict[UUID, list[Execution]] = {each: [] for each in ids}
        for row in await self._sql.fetch(
            "SELECT incident_id, state FROM duty WHERE incident_id = ANY($1::uuid[]) ORDER BY incident_id, place", ids
        ):
            duties[row["incident_id"]].append(DUTY_ROW.validate_json(row["state"]))
        for row in await self._sql.fetch(
            "SELECT incident_id, state FROM execution WHERE incident_id = ANY($1::uuid[]) ORDER BY execution_id", ids
        ):
            executions[row["incident_id"]].append(EXECUTION.validate_json(row["state"]))
        return [
            Family(
                incident=each,
                duties=tuple(duties[each.incident_id]),
                executions=tuple(executions[each.incident_id]),
            )
            for each in incidents
        ]


class PgCards:
    """The cards of one mode on one database."""

    def __init__(self, pool: asyncpg.Pool, mode: Mode) -> None:
        self._pool = pool
        self._topic = name_of(Topic.CARDS, mode)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PgCardTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                yield PgCardTransaction(connection, self._topic)

    async def snapshot(
        self, card_ids: Collection[str], incidents: Collection[UUID], municipalities: Collection[str], since: datetime
    ) -> Snapshot:
        """State rows at one moment. What is committed gets its number first, so that the number covers it."""
        with translated():
            async with self._pool.acquire() as sql:
                await sql.execute("SELECT assign_numbers()")
                async with sql.transaction(isolation="repeatable_read", readonly=True):
                    tx = PgCardTransaction(sql, self._topic)
                    number = await tx.number()
                    rows = await sql.fetch("SELECT card_id, epoch FROM card WHERE card_id = ANY($1)", list(card_ids))
                    epoch = await sql.fetchval("SELECT epoch FROM epoch")
                    families = {
                        each.incident.incident_id: each
                        for each in (*await tx.families(incidents), *await tx.listed(municipalities, since))
                    }
        return Snapshot(
            number=number,
            epoch=epoch,
            epochs={row["card_id"]: row["epoch"] for row in rows},
            families=tuple(families.values()),
        )

    async def to_check(self, closed_since: datetime) -> tuple[Mapping[UUID, str], Collection[str]]:
        """Incidents that live, and the cards that are not about one incident."""
        with translated():
            incidents = await self._pool.fetch(
                "SELECT incident_id, municipality FROM incident WHERE is_open OR closed_at > $1", closed_since
            )
            others = await self._pool.fetch("SELECT card_id FROM card WHERE card_id NOT LIKE 'incident:%'")
        return {row["incident_id"]: row["municipality"] for row in incidents}, [row["card_id"] for row in others]

    async def newest(self) -> int:
        """Number of the newest fact, after numbering what is committed."""
        with translated():
            return await self._pool.fetchval("SELECT assign_numbers()") or 0

    async def behind(self, after: int, seen: Mapping[str, int]) -> tuple[int, Collection[str]]:
        """Newest number, and streams of facts after this number whose state row is newer than what was seen."""
        with translated():
            await self._pool.execute("SELECT assign_numbers()")
            rows = await self._pool.fetch(
                "SELECT max(n.number) AS number, n.stream_id, max(coalesce(i.version, (x.state ->> 'version')::bigint))"
                " AS version FROM event_number n"
                " LEFT JOIN incident i ON i.incident_id = id_in(n.stream_id, 'incident')"
                " LEFT JOIN execution x ON x.execution_id = id_in(n.stream_id, 'execution')"
                " WHERE n.number > $1 GROUP BY n.stream_id",
                after,
            )
        late = [r["stream_id"] for r in rows if r["version"] is not None and seen.get(r["stream_id"], 0) < r["version"]]
        return max((row["number"] for row in rows), default=after), late


def _is_ours(stream: str) -> bool:
    kind, _, code = stream.partition(":")
    try:
        UUID(code)
    except ValueError:
        return False
    return kind in ("incident", "execution")


def _card(row: asyncpg.Record, epoch: int) -> Card:
    return Card(
        card_id=row["card_id"],
        epoch=max(row["epoch"], epoch),
        number=row["number"],
        contributions={name: Contribution(**given) for name, given in orjson.loads(row["state"]).items()},
    )


def _state(card: Card) -> bytes:
    """Contributions are JSON already: 50 kB of them take 0.1 ms here, and ten times that by way of the models."""
    return orjson.dumps(
        {
            name: {"stream_id": each.stream_id, "version": each.version, "data": each.data}
            for name, each in card.contributions.items()
        }
    )


def _headers(card: Card) -> str:
    """The version also stands outside the value: a tombstone has no value."""
    return json.dumps({"epoch": str(card.epoch), "number": str(card.number)})


def _value(card: Card) -> bytes | None:
    """A card too large for a message goes as references: readers fold it from the record."""
    if not card.contributions:
        return None
    state = _state(card)
    if len(state) > LARGEST_MESSAGE - ROOM_FOR_THE_REST:
        state = _state(seal(card, card.contributions.keys()))
    start = orjson.dumps({"card_id": card.card_id, "epoch": card.epoch, "number": card.number})
    return start[:-1] + b',"contributions":' + state + b"}"
