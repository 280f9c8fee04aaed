"""A real serve process on real servers, with a machine that has a token."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.store.migrate import migrate
from tests.servers import Database
from tests.waiting import until
from usecases.access.sources import add_local_source
from usecases.receipt_wire import NeedsBody, from_wire
from usecases.receipts import Receipt
from usecases.topics import PARTITIONS, Topic, name_of
from wiring.parts import access_of, parts
from wiring.settings import Settings

STOP_SECONDS = 10
COMMAND = "import typer; from wiring.commands.running import serve; typer.run(serve)"
RECEIVED = name_of(Topic.RECEIVED, "live")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


@dataclass
class ServeDesk:
    """The process, and questions about what it left behind."""

    process: "subprocess.Popen[bytes]"
    url: str
    token: str
    pool: asyncpg.Pool
    bootstrap: str

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """A machine; with its own token unless another one is given."""
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20)

    async def received(self) -> Mapping[tuple[UUID, int], Receipt | NeedsBody]:
        """Receipts in the topic by door and number."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            places = [TopicPartition(RECEIVED, number) for number in range(PARTITIONS)]
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            ends = await consumer.end_offsets(places)
            found: dict[tuple[UUID, int], Receipt | NeedsBody] = {}
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        made = from_wire(record.headers, record.value)
                        receipt = made if isinstance(made, Receipt) else made.receipt
                        found[receipt.door, receipt.number] = made
        finally:
            await consumer.stop()
        return found

    async def spooled(self) -> Sequence[Receipt]:
        """Receipts that wait in the spool, in the order in which they came."""
        rows = await self.pool.fetch("SELECT headers ->> 'receipt' AS head, value FROM spool ORDER BY place")
        made = [from_wire([("receipt", row["head"].encode())], row["value"]) for row in rows]
        return [each if isinstance(each, Receipt) else each.receipt for each in made]

    async def answered(self) -> int:
        """Sum of what the doors answered, without voided numbers."""
        total: int = await self.pool.fetchval(
            "SELECT coalesce(sum(answered), 0)::bigint - (SELECT count(*) FROM door_void) FROM door"
        )
        return total


def settings_for(database: Database, bootstrap: str, port: int) -> Settings:
    """Settings of one serve process."""
    return Settings.model_validate(
        {
            "database_url": database.app_url,
            "kafka_bootstrap": bootstrap,
            "bind": f"127.0.0.1:{port}",
            "public_url": f"http://127.0.0.1:{port}",
            "demo": True,
        }
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The same for a child process."""
    url = settings.database_url
    return {
        **os.environ,  # noqa: TID251 - a child process gets what we have
        "DRIEHOEK_DATABASE_URL": url.get_secret_value() if url else "",
        "DRIEHOEK_KAFKA_BOOTSTRAP": settings.kafka_bootstrap or "",
        "DRIEHOEK_BIND": settings.bind,
        "DRIEHOEK_PUBLIC_URL": settings.public_url or "",
        "DRIEHOEK_DEMO": "true",
    }


def start(settings: Settings, **more: str) -> "subprocess.Popen[bytes]":
    """A serve process."""
    environment = {**environment_of(settings), **more}
    return subprocess.Popen([sys.executable, "-c", COMMAND], env=environment, stderr=subprocess.PIPE)


async def answers(url: str) -> bool:
    """Whether serve answers."""
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            return (await client.get(f"{url}/health/live")).is_success
    except httpx.HTTPError:
        return False


@asynccontextmanager
async def serving(database: Database, bootstrap: str) -> AsyncIterator[ServeDesk]:
    """A schema, a token and a serve process, while the block runs."""
    await migrate(database.owner_url)
    settings = settings_for(database, bootstrap, free_port())
    async with parts(settings, process="test") as made:
        _, token = await add_local_source(access_of(made), "gemeente:GM0344", "monitoring")
        process = start(settings)
        try:
            url = settings.public_url or ""
            await until(lambda: answers(url), within=90, what="serve answers")
            yield ServeDesk(process, url, token, made.pool, bootstrap)
        finally:
            stopped(process)


def stopped(process: "subprocess.Popen[bytes]") -> int:
    """Stop it in the normal way, and give its exit code; it must not take long."""
    process.send_signal(signal.SIGCONT)
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(STOP_SECONDS)
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
