"""The unfinished report of each account: what was typed and not sent. It goes when the report is sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from adapters.store.connections import translated


@dataclass(frozen=True, kw_only=True)
class KeptDraft:
    """Fields as they were typed, and when they were kept."""

    at: datetime
    fields: Mapping[str, Sequence[str]]


class Drafts:
    """One row per account."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def of(self, account_id: UUID) -> KeptDraft | None:
        """What this person typed before."""
        with translated():
            row = await self._pool.fetchrow("SELECT at, fields FROM draft WHERE account_id = $1", account_id)
        return KeptDraft(at=row["at"], fields=json.loads(row["fields"])) if row else None

    async def keep(self, account_id: UUID, fields: Mapping[str, Sequence[str]], at: datetime) -> None:
        """Keep what is typed now instead."""
        with translated():
            await self._pool.execute(
                "INSERT INTO draft (account_id, at, fields) VALUES ($1, $2, $3::jsonb)"
                " ON CONFLICT (account_id) DO UPDATE SET at = $2, fields = $3::jsonb",
                account_id,
                at,
                json.dumps({name: list(values) for name, values in fields.items()}),
            )

    async def forget(self, account_id: UUID) -> None:
        """The report was sent."""
        with translated():
            await self._pool.execute("DELETE FROM draft WHERE account_id = $1", account_id)
