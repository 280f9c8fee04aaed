"""The tables as they are described are the tables that the migrations make."""

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from adapters.store.tables import access, intake, log
from tests.servers import Database

DESCRIBED = (access, intake, log)
COLUMNS = {"add_table", "remove_table", "add_column", "remove_column", "modify_type", "modify_nullable"}


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found = []
    for each in compare_metadata(context, SQLModel.metadata):
        first = each[0] if isinstance(each, list) else each
        if first[0] in COLUMNS and "alembic_version" not in str(first):
            found.append(first)
    return found


async def test_the_description_equals_the_schema(own_database: Database) -> None:
    assert all(module.__name__ for module in DESCRIBED)
    engine = create_async_engine(own_database.owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE task ADD COLUMN extra text", "ALTER TABLE draft DROP COLUMN at", "DROP TABLE heartbeat"],
)
async def test_a_difference_is_found(own_database: Database, change: str) -> None:
    connection = await asyncpg.connect(own_database.owner_url)
    await connection.execute(change)
    await connection.close()
    engine = create_async_engine(own_database.owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.connect() as other:
        assert len(await other.run_sync(_differences)) == 1
    await engine.dispose()
