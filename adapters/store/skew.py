"""The difference between the clock of this machine and that of the database: terms of law are counted with both."""

from datetime import datetime

import asyncpg

from adapters.store.connections import translated
from usecases.ports import Clock

ALARM_SECONDS = 2.0
"""Above this people must look: a limit of 24 hours must not depend on which machine wrote it down."""


async def skew_seconds(pool: asyncpg.Pool, clock: Clock) -> float:
    """How far this machine is ahead of the database, negative when behind; half the time of asking is the error."""
    with translated():
        before = clock.now()
        there: datetime | None = await pool.fetchval("SELECT clock_timestamp()")
        after = clock.now()
    if there is None:
        return 0.0
    return ((before - there).total_seconds() + (after - there).total_seconds()) / 2


def is_alarming(seconds: float) -> bool:
    """Whether this difference is too large to work with."""
    return abs(seconds) > ALARM_SECONDS
