"""One real PostgreSQL and one real Kafka for a whole test run, and a fresh database wherever one is asked for."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.servers import ServerProcess
from adapters.kafka.admin import admin_of, ensure_topics
from adapters.kafka.connection import KafkaConnection
from domain.events.core import Mode
from tests.waiting import until
from usecases.topics import names

STOP_SECONDS = 20


@dataclass(frozen=True)
class Database:
    """A database of its own. The application role exists once the migrations have run with this password."""

    name: str
    owner_url: str
    app_url: str
    app_password: str
    bin: Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that an unprivileged PostgreSQL can enter, also when the tests run as root."""
    with TemporaryDirectory(prefix="driehoek-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def running(server: ServerProcess) -> "Iterator[subprocess.Popen[bytes]]":
    """The server while the block runs."""
    process = server.start()
    try:
        yield process
    finally:
        process.send_signal(server.stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def kafka_answers(bootstrap: str) -> bool:
    """Whether the broker gives metadata."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await admin.list_topics()
    except KafkaError:
        return False
    finally:
        await admin.close()
    return True


async def postgres_answers(url: str) -> bool:
    """Whether the server takes connections."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


@asynccontextmanager
async def running_kafka(folder: Path) -> AsyncIterator[EmbeddedKafka]:
    """A broker that answers, while the block runs."""
    kafka = EmbeddedKafka(folder)
    with running(kafka.prepare()):
        await until(lambda: kafka_answers(kafka.bootstrap), within=60, what="Kafka answers")
        yield kafka


@asynccontextmanager
async def running_postgres(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL that answers, while the block runs."""
    postgres = EmbeddedPostgres(folder)
    with running(postgres.prepare()):
        await until(lambda: postgres_answers(postgres.url(database="postgres")), within=60, what="PostgreSQL answers")
        yield postgres


async def fresh_topics(bootstrap: str) -> KafkaConnection:
    """All topics of the product, empty: what earlier tests left on the broker is deleted with its topic."""
    connection = KafkaConnection(bootstrap)
    wanted = set(names(Mode.LIVE))
    async with admin_of(connection) as admin:
        if left := wanted & set(await admin.list_topics()):
            await admin.delete_topics(sorted(left))

        async def gone() -> bool:
            return not wanted & set(await admin.list_topics())

        await until(gone, within=60, what="the topics of earlier tests are gone")
    await ensure_topics(connection, mode=Mode.LIVE.value, replication=1, create=True)
    return connection


async def fresh_database(postgres: EmbeddedPostgres) -> Database:
    """An empty database. The role `driehoek_app` is made once per server, as an administrator would."""
    connection = await asyncpg.connect(postgres.url(database="postgres"))
    try:
        known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = 'driehoek_app'")
        verb = "ALTER" if known else "CREATE"
        await connection.execute(f"{verb} ROLE driehoek_app LOGIN PASSWORD '{postgres.password}'")
    finally:
        await connection.close()
    return await _made(postgres, "")


async def copied_database(postgres: EmbeddedPostgres, template: Database) -> Database:
    """A copy of a database that nobody is connected to."""
    return await _made(postgres, f"TEMPLATE {template.name}")


async def _made(postgres: EmbeddedPostgres, how: str) -> Database:
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(postgres.url(database="postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name} {how}")
    finally:
        await connection.close()
    return Database(
        name=name,
        owner_url=postgres.url(database=name),
        app_url=postgres.url("driehoek_app", postgres.password, name),
        app_password=postgres.password,
        bin=postgres.bin,
    )
