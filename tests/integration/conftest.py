"""Real servers for the integration tests: started once, a fresh database per module."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres
from tests.servers import Database, fresh_database, open_folder, running_kafka, running_postgres


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
