"""Who holds a function now, and at which address that person reads mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.store.connections import translated


@dataclass(frozen=True)
class PgDirectory:
    """`usecases.deliver.Directory` on the account rows."""

    pool: asyncpg.Pool

    async def addresses(self, organisation: str, function: str, at: datetime) -> Sequence[str]:
        """Mail addresses of people who are not blocked; empty when there are none."""
        with translated():
            rows = await self.pool.fetch(
                "SELECT DISTINCT a.state->>'email' AS email FROM holding h JOIN account a USING (account_id)"
                " WHERE h.organisation = $1 AND h.function = $2 AND NOT (a.state->>'blocked')::boolean"
                " AND (h.state->>'since')::timestamptz <= $3"
                " AND (h.state->>'until' IS NULL OR (h.state->>'until')::timestamptz > $3)"
                " AND a.state->>'email' IS NOT NULL ORDER BY 1",
                organisation,
                function,
                at,
            )
        return [row["email"] for row in rows]
