"""Live and exercise never meet: a database serves one mode, and an exercise must not be able to reach the other one."""

import asyncpg

from adapters.store.connections import translated
from domain.errors import DriehoekError
from domain.events.core import Mode


class OtherModeError(DriehoekError):
    """Deze database hoort bij de andere stand (live of oefening). Geef elke stand een eigen database."""

    code = "andere-stand"


class OtherDatabaseReachableError(DriehoekError):
    """Deze oefening kan bij een andere database van Driehoek. Neem de oefenrol dat recht (CONNECT) eerst af."""

    code = "andere-database-bereikbaar"


async def mark_mode(owner_url: str, mode: Mode) -> None:
    """Write once, as owner, which mode this database serves; what stands there already stays."""
    with translated():
        connection = await asyncpg.connect(owner_url)
        try:
            await connection.execute("INSERT INTO instance_mode (mode) VALUES ($1) ON CONFLICT DO NOTHING", mode.value)
        finally:
            await connection.close()


async def check_mode(pool: asyncpg.Pool, mode: Mode) -> None:
    """Raise OtherModeError when this database serves the other mode."""
    with translated():
        found = await pool.fetchval("SELECT mode FROM instance_mode")
    if found is not None and found != mode.value:
        raise OtherModeError


async def check_alone(pool: asyncpg.Pool) -> None:
    """Raise OtherDatabaseReachableError when this role may connect to another database of the product."""
    with translated():
        others = await pool.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE 'driehoek%' AND datname <> current_database()"
            " AND datallowconn AND has_database_privilege(datname, 'CONNECT') ORDER BY datname"
        )
    if others:
        names = ", ".join(row["datname"] for row in others)
        raise OtherDatabaseReachableError(f"{OtherDatabaseReachableError.__doc__} ({names})")
