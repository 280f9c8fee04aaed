"""What the sweep asks: rows whose moment has come, by index, without locking anything."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from adapters.store.connections import translated


class PgDue:
    """`usecases.ports.DueReader` on PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def due_duties(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Incidents with a duty row whose moment has come, longest due first."""
        return await self._ids(
            "SELECT incident_id AS id FROM duty WHERE next_warning_at <= $1"
            " GROUP BY incident_id ORDER BY min(next_warning_at), incident_id LIMIT $2",
            now,
            limit,
        )

    async def due_executions(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Executions whose moment has come, longest due first."""
        return await self._ids(
            "SELECT execution_id AS id FROM execution WHERE next_wake_at <= $1"
            " ORDER BY next_wake_at, execution_id LIMIT $2",
            now,
            limit,
        )

    async def due_members(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Incidents with a pending count that were last mentioned before this moment, or never."""
        return await self._ids(
            "SELECT incident_id AS id FROM membership WHERE count > 0 AND (mentioned_at IS NULL OR mentioned_at < $1)"
            " ORDER BY mentioned_at NULLS FIRST, incident_id LIMIT $2",
            before,
            limit,
        )

    async def _ids(self, query: str, moment: datetime, limit: int) -> list[UUID]:
        with translated():
            return [row["id"] for row in await self._pool.fetch(query, moment, limit)]
