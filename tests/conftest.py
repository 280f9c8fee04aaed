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

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Third-party samples lie beside the checkout; they are not ours to keep."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `shared` when that folder is absent; pytest counts it as deselected."""
    if SHARED.is_dir():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    items[:] = [item for item in items if not item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, also with -q."""
    if not SHARED.is_dir():
        terminalreporter.write_line(f"left out: tests that read third-party samples, {SHARED} is absent")


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
