"""Receipts that wait in the database while Kafka is away, and the bodies that are too large for a topic."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from adapters.store.connections import translated
from usecases.receipt_wire import Wire

MOST_ROWS = 200_000
MOST_BYTES = 2 * 1024**3
LOOK_SECONDS = 1.0
"""How old the known size may be; what this process adds in between is counted."""
AT_ONCE = 200

Send = Callable[[Sequence[Wire]], Awaitable[None]]


@dataclass
class SpoolRows:
    """The spool. Beyond its limits nothing is kept, and the door says so."""

    pool: asyncpg.Pool
    most_rows: int = MOST_ROWS
    most_bytes: int = MOST_BYTES
    _rows: int = field(default=0, init=False)
    _bytes: int = field(default=0, init=False)
    _looked: float | None = field(default=None, init=False)

    async def keep(self, wire: Wire) -> bool:
        """Store it; False when the spool is at its limit."""
        await self._look()
        if self._rows >= self.most_rows or self._bytes + len(wire.value) > self.most_bytes:
            return False
        with translated():
            await self.pool.execute(
                "INSERT INTO spool (key, headers, value) VALUES ($1, $2::jsonb, $3)",
                wire.key,
                json.dumps(dict(wire.headers)),
                wire.value,
            )
        self._rows += 1
        self._bytes += len(wire.value)
        return True

    async def count(self) -> int:
        """How many wait."""
        with translated():
            waiting: int = await self.pool.fetchval("SELECT count(*) FROM spool")
        return waiting

    async def drain(self, send: Send, *, limit: int = AT_ONCE) -> int:
        """Give the oldest ones to `send` and delete them when it returns; gives how many.

        Rows that another process is sending are left out. When `send` raises they stay: a copy is recognised later.
        """
        with translated():
            async with self.pool.acquire() as sql, sql.transaction():
                rows = await sql.fetch(
                    "SELECT place, key, headers, value FROM spool ORDER BY place LIMIT $1 FOR UPDATE SKIP LOCKED", limit
                )
                if rows:
                    await send([Wire(row["key"], json.loads(row["headers"]), row["value"]) for row in rows])
                    places = [row["place"] for row in rows]
                    await sql.execute("DELETE FROM spool WHERE place = ANY($1::bigint[])", places)
        return len(rows)

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._looked is None or now - self._looked > LOOK_SECONDS:
            self._looked = now
            with translated():
                row = await self.pool.fetchrow("SELECT count(*), coalesce(sum(octet_length(value)), 0) FROM spool")
            self._rows, self._bytes = row or (0, 0)


@dataclass(frozen=True)
class RawBodies:
    """Bodies that travel as a reference."""

    pool: asyncpg.Pool

    async def bodies(self, references: Sequence[UUID]) -> dict[UUID, bytes]:
        """Those that are there."""
        with translated():
            rows = await self.pool.fetch(
                "SELECT reference, body FROM raw_body WHERE reference = ANY($1::uuid[])", list(references)
            )
        return {row["reference"]: row["body"] for row in rows}
