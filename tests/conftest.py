"""Real servers for the tests that ask for them: started once per run, a database of its own per module or test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.store.connections import connected
from adapters.store.migrate import migrate
from tests.servers import Database, copied_database, fresh_database, open_folder, running_kafka, running_postgres


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """A folder for the servers of this run."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
async def kafka(servers_folder: Path) -> AsyncIterator[EmbeddedKafka]:
    """One broker for the run."""
    async with running_kafka(servers_folder / "kafka") as broker:
        yield broker


@pytest.fixture(scope="session")
async def postgres(servers_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """One PostgreSQL for the run."""
    async with running_postgres(servers_folder / "postgres") as server:
        yield server


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> Database:
    """An empty database for this module."""
    return await fresh_database(postgres)


@pytest.fixture(scope="session")
async def schema(postgres: EmbeddedPostgres) -> Database:
    """The database that others are copied from: migrated, never connected to again."""
    made = await fresh_database(postgres)
    await migrate(made.owner_url)
    return made


@pytest.fixture(scope="module")
async def migrated(postgres: EmbeddedPostgres, schema: Database) -> Database:
    """A migrated database for this module."""
    return await copied_database(postgres, schema)


@pytest.fixture
async def own_database(postgres: EmbeddedPostgres, schema: Database) -> Database:
    """A migrated database for this test."""
    return await copied_database(postgres, schema)


@pytest.fixture
async def pool(own_database: Database) -> AsyncIterator[asyncpg.Pool]:
    """The application role on the database of this test."""
    async with connected(own_database.app_url, process="test") as made:
        yield made
