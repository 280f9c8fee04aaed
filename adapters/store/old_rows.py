"""Rows that have done their work: answers to repeated clicks, keys of repeats, old sessions. The log never shrinks."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.store.connections import translated

STATEMENTS = (
    "DELETE FROM idempotency WHERE at < $1",
    "DELETE FROM seen WHERE at < $1",
    "DELETE FROM session WHERE expires_at < $1",
    "DELETE FROM one_time_link WHERE expires_at < $1",
    "DELETE FROM raw_body WHERE kept_at < $1",
)


@dataclass(frozen=True)
class OldRows:
    """Safe to run on several machines at once."""

    pool: asyncpg.Pool

    async def remove(self, *, before: datetime) -> None:
        """Remove what is older than this moment."""
        with translated():
            for statement in STATEMENTS:
                await self.pool.execute(statement, before)
