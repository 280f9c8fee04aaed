"""The log in PostgreSQL: locking heads, appending chained facts, destroying texts lawfully. Plain SQL, hot path."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.chain.envelope import GENESIS, SALT_BYTES, canonical, link, sealed
from domain.errors import ConflictError, RefusedError
from domain.events.core import Event, Mode, Recorded, beside_fields
from domain.events.destruction import Vernietigd
from domain.parties import ActedBy


class NotLockedError(RuntimeError):
    """A stream was appended to without its head being locked first; that is a fault in our code."""


class DestructionKeyError(RefusedError):
    """Vernietigen kan alleen met de sleutel in DRIEHOEK_SIGNING_KEY. Er is niets vernietigd."""

    code = "sleutel-ontbreekt"


class LogRows:
    """Heads first, always, in sorted order; then facts. Not for use after the transaction."""

    _sql: asyncpg.Connection
    _mode: Mode
    _new_id: Callable[[], UUID]
    _seal: Callable[[bytes], bytes] | None
    _heads: dict[str, tuple[int, bytes]]

    async def lock(self, streams: Collection[str]) -> Mapping[str, int]:
        """Lock the heads; rows for streams that do not exist yet are made at version 0, so that they can be locked."""
        wanted = sorted(set(streams))
        await self._sql.execute(
            "INSERT INTO stream_head (stream_id, version, hash) SELECT s, 0, $2 FROM unnest($1::text[]) AS s"
            " ON CONFLICT DO NOTHING",
            wanted,
            GENESIS,
        )
        rows = await self._sql.fetch(
            "SELECT stream_id, version, hash FROM stream_head WHERE stream_id = ANY($1::text[])"
            " ORDER BY stream_id FOR NO KEY UPDATE",
            wanted,
        )
        return self._locked(rows)

    async def lock_free(self, streams: Collection[str]) -> Mapping[str, int]:
        """Lock the heads of existing streams that nobody else holds."""
        rows = await self._sql.fetch(
            "SELECT stream_id, version, hash FROM stream_head WHERE stream_id = ANY($1::text[])"
            " ORDER BY stream_id FOR NO KEY UPDATE SKIP LOCKED",
            sorted(set(streams)),
        )
        return self._locked(rows)

    def _locked(self, rows: Sequence[asyncpg.Record]) -> Mapping[str, int]:
        self._heads |= {row["stream_id"]: (row["version"], row["hash"]) for row in rows}
        return {row["stream_id"]: row["version"] for row in rows}

    async def append(
        self, stream_id: str, events: Sequence[Event], *, by: ActedBy, at: datetime, correlation: UUID | None = None
    ) -> tuple[Recorded, ...]:
        """Add facts to a locked stream: events, texts beside, the new head and the queue for numbers."""
        if stream_id not in self._heads:
            raise NotLockedError(stream_id)
        version, previous = self._heads[stream_id]
        recorded, rows, sides = [], [], []
        for event in events:
            version += 1
            fact = self._fact(stream_id, version, event, by=by, at=at, correlation=correlation)
            salts = {name: secrets.token_bytes(SALT_BYTES) for name in beside_fields(type(event))}
            envelope, beside = canonical(fact, salts)
            following = link(previous, envelope)
            rows.append((stream_id, version, fact.event_id, event.type, at, envelope, previous, following))
            sides += [(stream_id, version, name, value, salts[name]) for name, value in beside.items()]
            recorded.append(fact)
            previous = following
        await self._write(rows, sides)
        self._heads[stream_id] = (version, previous)
        return tuple(recorded)

    def _fact(
        self, stream_id: str, version: int, event: Event, *, by: ActedBy, at: datetime, correlation: UUID | None = None
    ) -> Recorded:
        return Recorded(
            event_id=self._new_id(),
            stream_id=stream_id,
            version=version,
            recorded_at=at,
            by=by,
            mode=self._mode,
            correlation_id=correlation,
            event=event,
        )

    async def _write(self, rows: Sequence[tuple[object, ...]], sides: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        stream_id, version, *_, head = rows[-1]
        try:
            await self._sql.executemany(
                "INSERT INTO event (stream_id, version, event_id, type, recorded_at, envelope, previous, hash)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                rows,
            )
        except asyncpg.UniqueViolationError as error:
            raise ConflictError from error
        if sides:
            await self._sql.executemany(
                "INSERT INTO event_side (stream_id, version, field, value, salt) VALUES ($1, $2, $3, $4, $5)", sides
            )
        await self._sql.execute(
            "WITH queued AS (INSERT INTO unnumbered (stream_id, version) SELECT $1, v FROM unnest($2::bigint[]) AS v"
            " ORDER BY v) UPDATE stream_head SET version = $3, hash = $4 WHERE stream_id = $1",
            stream_id,
            [row[1] for row in rows],
            version,
            head,
        )
        await self._sql.execute("SELECT pg_notify('events', $1)", stream_id)

    async def signature(self, stream_id: str, version: int) -> ActedBy | None:
        """Who signed this fact."""
        signed = await self._sql.fetchval(
            "SELECT convert_from(envelope, 'UTF8')::jsonb -> 'by' FROM event WHERE stream_id = $1 AND version = $2",
            stream_id,
            version,
        )
        return ActedBy.model_validate_json(signed) if signed else None

    async def destroy(
        self, stream_id: str, versions: Collection[int], *, list_item: str, by: ActedBy, at: datetime
    ) -> Recorded:
        """Destroy texts and salts beside these facts, and record that in the same transaction."""
        if stream_id not in self._heads:
            raise NotLockedError(stream_id)
        if self._seal is None:
            raise DestructionKeyError
        found = await self._sql.fetch(
            "SELECT version, field FROM event_side WHERE stream_id = $1 AND version = ANY($2::bigint[])"
            " ORDER BY version, field",
            stream_id,
            list(versions),
        )
        gone = tuple(f"{row['version']}/{row['field']}" for row in found)
        version, previous = self._heads[stream_id]
        fact = self._fact(stream_id, version + 1, Vernietigd(destroyed=gone, list_item=list_item), by=by, at=at)
        envelope, _ = canonical(fact, {})
        seal = self._seal(sealed(previous, envelope))
        head = await self._sql.fetchval(
            "SELECT destroy_texts($1, $2::text[], $3, $4)", stream_id, list(gone), envelope, seal
        )
        self._heads[stream_id] = (version + 1, head)
        return fact
