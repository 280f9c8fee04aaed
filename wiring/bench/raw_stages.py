"""The raw chain: what the same hops and commits cost without any product in between. The baseline of `bench chain`.

Three Kafka hops and four commits, as in the product: door, topic, intake commits and notifies; relay commits and
publishes; agent commits and notifies; relay commits and publishes; serve pushes a websocket frame.
Each stage is a process of its own, as in the product: `python -m wiring.bench.raw_stages STAGE PREFIX`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import asyncpg
import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


class Wire:
    """Addresses of one raw chain: broker, database, and topic and table names of its own."""

    def __init__(self, bootstrap: str, database: str, prefix: str) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.database = database
        self.signals, self.events, self.cards = (f"{prefix}.{name}" for name in ("signals", "events", "cards"))
        self.table = f"raw_{prefix.replace('.', '_').replace('-', '_')}"

    async def producer(self) -> AIOKafkaProducer:
        """A producer for single urgent messages."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True, linger_ms=0)
        await producer.start()
        return producer

    async def consumer(self, topic: str) -> AIOKafkaConsumer:
        """A consumer that starts now."""
        consumer = AIOKafkaConsumer(
            topic, bootstrap_servers=self.bootstrap, group_id=f"{topic}.raw", auto_offset_reset="earliest"
        )
        await consumer.start()
        return consumer


async def store(wire: Wire, stage: str) -> Callable[[bytes], Awaitable[None]]:
    """A function that commits one row and notifies the relay."""
    connection = await asyncpg.connect(wire.database)

    async def commit(value: bytes) -> None:
        async with connection.transaction():
            await connection.execute(f"INSERT INTO {wire.table} (stage, value) VALUES ($1, $2)", stage, value)  # noqa: S608 - our own table name
            await connection.execute(f"NOTIFY {wire.table}")

    return commit


async def hop(wire: Wire, topic: str, stage: str) -> None:
    """Consume a topic, commit each message."""
    consumer = await wire.consumer(topic)
    commit = await store(wire, stage)
    async for message in consumer:
        await commit(message.value)
        await consumer.commit()


async def relay(wire: Wire) -> None:
    """Wake on NOTIFY, take rows in a commit, publish them to the next topic."""
    producer = await wire.producer()
    taking, listening = await asyncpg.connect(wire.database), await asyncpg.connect(wire.database)
    woken = asyncio.Event()
    await listening.add_listener(wire.table, lambda *_: woken.set())
    topics = {"intake": wire.events, "agent": wire.cards}
    while True:
        woken.clear()
        rows = await taking.fetch(f"DELETE FROM {wire.table} RETURNING stage, value")  # noqa: S608 - our own table name
        await asyncio.gather(*[producer.send_and_wait(topics[row["stage"]], row["value"]) for row in rows])
        if not rows:
            await asyncio.wait([asyncio.ensure_future(woken.wait())], timeout=1)


def serve(wire: Wire) -> Starlette:
    """Door and websocket in one process, as `serve` of the product."""
    viewers: set[WebSocket] = set()
    state: dict[str, AIOKafkaProducer] = {}

    async def door(request: Request) -> Response:
        await state["producer"].send_and_wait(wire.signals, await request.body())
        return Response(status_code=202)

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        viewers.add(socket)
        with suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()
        viewers.discard(socket)

    async def push() -> None:
        async for message in await wire.consumer(wire.cards):
            await asyncio.gather(*[viewer.send_text(message.value.decode()) for viewer in tuple(viewers)])

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        state["producer"] = await wire.producer()
        pushing = asyncio.create_task(push())
        yield
        pushing.cancel()
        await state["producer"].stop()

    return Starlette(routes=[Route("/door", door, methods=["POST"]), WebSocketRoute("/live", live)], lifespan=life)


def main() -> None:
    """Run one stage until it is stopped. Arguments: stage, bootstrap, prefix, port; the database URL on stdin."""
    stage, bootstrap, prefix, port = sys.argv[1:5]
    wire = Wire(bootstrap, sys.stdin.readline().strip(), prefix)
    if stage == "serve":
        uvicorn.run(serve(wire), host="127.0.0.1", port=int(port), log_level="warning", loop="uvloop")
        return
    work = {"intake": hop(wire, wire.signals, "intake"), "agent": hop(wire, wire.events, "agent"), "relay": relay(wire)}
    uvloop.run(_only(work, stage))


async def _only(work: dict[str, Coroutine[None, None, None]], stage: str) -> None:
    for name, other in work.items():
        if name != stage:
            other.close()
    await work[stage]


if __name__ == "__main__":
    main()
