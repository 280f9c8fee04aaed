"""Runs the stages of the raw chain as processes, on the broker and database of the instance that is measured."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapters.embedded.ports import free_port
from usecases.topics import PARTITIONS
from wiring.bench.load import Screen, Target
from wiring.bench.raw_stages import Wire

STAGES = ("serve", "intake", "relay", "agent")
READY_SECONDS = 30.0


@asynccontextmanager
async def raw_chain(bootstrap: str, database: str, body: bytes) -> AsyncIterator[Target]:
    """The raw chain as a target. Its topics and its table are removed at the end."""
    wire = Wire(bootstrap, database, f"raw{secrets.token_hex(4)}")
    topics = [wire.signals, wire.events, wire.cards]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    connection = await asyncpg.connect(database)
    await connection.execute(f"CREATE TABLE {wire.table} (stage text NOT NULL, value bytea NOT NULL)")
    await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in topics])
    port = free_port()
    children = [_start(stage, wire, port) for stage in STAGES]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            await _ready(client)
            yield _target(client, port, body)
    finally:
        for child in children:
            child.kill()
            child.wait()
        await connection.execute(f"DROP TABLE {wire.table}")
        await connection.close()
        await admin.delete_topics(topics)
        await admin.close()


def _start(stage: str, wire: Wire, port: int) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "wiring.bench.raw_stages", stage, wire.bootstrap, wire.prefix, str(port)]
    child = subprocess.Popen(argv, stdin=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    if child.stdin:
        child.stdin.write(f"{wire.database}\n")
        child.stdin.close()
    return child


async def _ready(client: httpx.AsyncClient) -> None:
    """Until the whole chain has passed a signal once; so every stage is connected."""
    async with asyncio.timeout(READY_SECONDS):
        while True:
            try:
                await client.post("/door", content=b"warm")
            except httpx.TransportError:
                await asyncio.sleep(0.2)
            else:
                return


def _target(client: httpx.AsyncClient, port: int, body: bytes) -> Target:
    async def send(_place: int, mark: str) -> None:
        (await client.post("/door", content=body.replace(b"MERK", mark.encode()))).raise_for_status()

    return Target(screens=[Screen(url=f"ws://127.0.0.1:{port}/live")], send=send)
