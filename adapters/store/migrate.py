"""Bringing the schema to this version: as the owner, under an advisory lock, the application role beside it."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.store.connections import tls_of, translated

FOLDER = Path(__file__).parent / "migrations"
APP_ROLE = "driehoek_app"
LOCK = 724000
"""Advisory lock: two starts at the same moment migrate one after the other."""


async def ensure_app_role(owner_url: str, password: str) -> None:
    """Make the application role with this password, or give it this password. Needs the right to make roles."""
    with translated():
        connection = await asyncpg.connect(owner_url)
        try:
            known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE)
            quoted = await connection.fetchval("SELECT quote_literal($1::text)", password)
            await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE {APP_ROLE} LOGIN PASSWORD {quoted}")
        finally:
            await connection.close()


async def ensure_database(server_url: str, name: str) -> None:
    """Make the database when it is not there. `server_url` leads to another database of the same server."""
    with translated():
        connection = await asyncpg.connect(server_url)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()


async def migrate(owner_url: str) -> None:
    """Bring the schema to the newest revision. Safe to repeat, and from two places at once."""

    async def connect() -> asyncpg.Connection:
        """The driver reads the address itself: `sslmode` and its like mean the same everywhere."""
        return await asyncpg.connect(owner_url, ssl=tls_of(owner_url))

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    with translated():
        async with engine.connect() as connection:
            await connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
            await connection.commit()
            await connection.run_sync(_upgrade)
            await connection.commit()
            await connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            await connection.commit()
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
