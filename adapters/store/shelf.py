"""The quarantine for offering again: one receipt, locked while it goes through the door."""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from adapters.store.connections import transaction
from usecases.receive import Post
from usecases.resend import Shelved

MEDIA_TYPE = "content-type"
HINT = "driehoek-formaat"
"""Beside the headers that came with it, the intake keeps these two."""


class ShelfRow:
    """One receipt in somebody's transaction."""

    def __init__(self, sql: asyncpg.Connection) -> None:
        self._sql = sql

    async def take(self, receipt_id: UUID, organisations: Collection[str]) -> Shelved | None:
        """Lock it and look; None when it is not there, or not of one of these organisations."""
        row = await self._sql.fetchrow(
            "SELECT source_id, organisation, headers, raw, resent_at FROM quarantine"
            " WHERE receipt_id = $1 AND organisation = ANY($2::text[]) FOR UPDATE",
            receipt_id,
            list(organisations),
        )
        if row is None:
            return None
        headers: dict[str, str] = json.loads(row["headers"])
        media_type, hint = headers.pop(MEDIA_TYPE, "application/octet-stream"), headers.pop(HINT, None)
        return Shelved(
            source_id=row["source_id"],
            organisation=row["organisation"],
            post=Post(body=row["raw"], media_type=media_type, hint=hint, headers=headers),
            resent_at=row["resent_at"],
        )

    async def resent(self, receipt_id: UUID, at: datetime) -> None:
        """Note when it was offered again."""
        await self._sql.execute("UPDATE quarantine SET resent_at = $2 WHERE receipt_id = $1", receipt_id, at)


class PgShelves:
    """`usecases.resend.Shelves` on PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def begin_shelf(self) -> AsyncIterator[ShelfRow]:
        """Commit at the end of the block, roll back when it raises."""
        async with transaction(self._pool) as connection:
            yield ShelfRow(connection)
