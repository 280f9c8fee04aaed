"""Connecting to PostgreSQL, and its faults in one clear line."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from domain.errors import AwayError, DriehoekError

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


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's faults into ours: away, full, refused, or a schema that is too old."""
    try:
        yield
    except (asyncpg.DiskFullError, asyncpg.OutOfMemoryError) as error:
        raise DatabaseFullError from error
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InsufficientPrivilegeError) as error:
        raise DatabaseRefusesError(f"{DatabaseRefusesError.__doc__} ({error})") from error
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError) as error:
        raise SchemaError from error
    except asyncpg.InvalidCatalogNameError as error:
        raise DatabaseRefusesError(f"De database bestaat niet: {error}") from error
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError) as error:
        raise DatabaseAwayError from error
    except (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError) as error:
        raise DatabaseAwayError from error
    except OSError as error:
        raise DatabaseAwayError from error


@asynccontextmanager
async def connected(url: str, *, process: str, size: int = POOL_SIZE) -> AsyncIterator[asyncpg.Pool]:
    """A pool that connects when it is first used: the database may be away at the start."""
    pool = asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        command_timeout=STATEMENT_SECONDS,
        max_inactive_connection_lifetime=60,
        server_settings={"application_name": f"driehoek-{process}", "timezone": "UTC"},
        ssl=tls_of(url),
    )
    with translated():
        await pool
    try:
        yield pool
    finally:
        pool.terminate()


def tls_of(url: str) -> ssl.SSLContext | str | None:
    """TLS as the URL asks for (`sslmode`, `sslrootcert`): the driver reads those itself."""
    return None if "sslmode=" in url else False  # type: ignore[return-value]  # asyncpg takes False for `disable`


async def check_schema(pool: asyncpg.Pool, wanted: str) -> None:
    """Raise SchemaError when the database is at another revision than this version of the program."""
    with translated():
        found = await pool.fetchval("SELECT version_num FROM alembic_version")
    if found != wanted:
        raise SchemaError(f"{SchemaError.__doc__} (database: {found}, programma: {wanted})")
