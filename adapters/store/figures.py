"""Small numbers for the metrics, one query."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.store.connections import translated
from domain.errors import AwayError


@dataclass(frozen=True)
class Figures:
    """The clock of the database, messages that wait, and facts that have no number or were not published."""

    at: datetime
    notices_waiting: int
    unpublished: int


async def read_figures(pool: asyncpg.Pool) -> Figures:
    """What the database says now. Raises AwayError."""
    with translated():
        row = await pool.fetchrow(
            "SELECT clock_timestamp() AS at, (SELECT count(*) FROM notice WHERE sent_at IS NULL) AS notices_waiting,"
            " (SELECT count(*) FROM unnumbered) + (SELECT coalesce(max(number), 0) FROM event_number)"
            " - (SELECT number FROM relay_position) + (SELECT count(*) FROM outbox) AS unpublished"
        )
    if row is None:
        raise AwayError
    return Figures(**dict(row))


async def answers(pool: asyncpg.Pool) -> bool:
    """Whether the database answers now. Raises AwayError when it does not."""
    with translated():
        return bool(await pool.fetchval("SELECT true"))
