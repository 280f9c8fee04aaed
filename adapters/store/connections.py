"""Connecting to PostgreSQL, and its faults in one clear line."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal, cast

import asyncpg

from domain.errors import AwayError, ConflictError, DriehoekError, NotFoundError

POOL_SIZE = 8
STATEMENT_SECONDS = 30


class DatabaseAwayError(AwayError):
    """De database is niet bereikbaar. Er is niets opgeslagen. Probeer het over een minuut opnieuw."""

    code = "database-niet-bereikbaar"


class DatabaseFullError(AwayError):
    """De schijf van de database is vol. Er is niets opgeslagen. Waarschuw de beheerder."""

    code = "database-vol"


class DatabaseRefusesError(DriehoekError):
    """De database weigert de verbinding. Controleer gebruiker, wachtwoord en rechten in DRIEHOEK_DATABASE_URL."""

    code = "database-weigert"


class SchemaError(DriehoekError):
    """Het schema van de database hoort niet bij deze versie. Draai eerst `driehoek migrate`."""

    code = "schema-verkeerd"


FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError, asyncpg.ConfigurationLimitExceededError)
REFUSED = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
)
TOO_OLD = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError)
LOST = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    OSError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's faults into ours: full, refused, a schema that is too old, a lost race, or away."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error


def _ours(error: Exception) -> DriehoekError | None:
    """Our fault for one of the driver's; None for one that is a fault in our code."""
    if isinstance(error, asyncpg.CharacterNotInRepertoireError):  # a NUL in an address: no row has that name
        return NotFoundError()
    if isinstance(error, FULL):
        return DatabaseFullError()
    if isinstance(error, REFUSED):
        return DatabaseRefusesError(f"{DatabaseRefusesError.__doc__} ({error})")
    if isinstance(error, TOO_OLD):
        return SchemaError()
    if isinstance(error, LOST):
        return ConflictError()
    return DatabaseAwayError() if isinstance(error, GONE) else None


@asynccontextmanager
async def connected(url: str, *, process: str, size: int = POOL_SIZE) -> AsyncIterator[asyncpg.Pool]:
    """A pool that connects when it is first used: the database may be away at the start."""
    made = asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        command_timeout=STATEMENT_SECONDS,
        max_inactive_connection_lifetime=60,
        server_settings={"application_name": f"driehoek-{process}", "timezone": "UTC"},
        ssl=tls_of(url),
    )
    with translated():
        pool = await made
    try:
        yield pool
    finally:
        pool.terminate()


def tls_of(url: str) -> Literal[False] | None:
    """TLS as the URL asks for (`sslmode`, `sslrootcert`): the driver reads those itself; without them no TLS."""
    return None if "sslmode=" in url else False


@asynccontextmanager
async def transaction(pool: asyncpg.Pool, *, snapshot: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """A connection in a transaction: commit at the end of the block, roll back when it raises.

    `snapshot`: read only, and every query sees the database at the same moment.
    """
    with translated():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read" if snapshot else None, readonly=snapshot),
        ):
            yield cast("asyncpg.Connection", connection)  # the pool's proxy behaves as the connection behind it


@asynccontextmanager
async def connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection without a transaction."""
    with translated():
        async with pool.acquire() as found:
            yield cast("asyncpg.Connection", found)


async def check_schema(pool: asyncpg.Pool, wanted: str) -> None:
    """Raise SchemaError when the database is at another revision than this version of the program."""
    with translated():
        found = await pool.fetchval("SELECT version_num FROM alembic_version")
    if found != wanted:
        raise SchemaError(f"{SchemaError.__doc__} (database: {found}, programma: {wanted})")
