"""The street of a signal on real servers: a topic, intakes that can be started and dropped, and the rows they write."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import Message, Producer
from adapters.store.positions import PgPositions
from adapters.store.registers import PgRegisters
from adapters.store.spool import RawBodies
from adapters.store.store import PgStore
from domain.events.core import Mode
from streams.intake import IntakeParts, run
from tests.arriving import a_post, a_receipt, an_alert, the_rules
from tests.servers import Database, fresh_topics
from tests.waiting import until
from usecases.context import Context
from usecases.ports import Store
from usecases.receipt_wire import to_wire
from usecases.receipts import Receipt
from usecases.topics import Topic, name_of
from wiring.in_flight import in_flight_of
from wiring.processes.workers import asker
from wiring.settings import Settings

RECEIVED = name_of(Topic.RECEIVED, Mode.LIVE)
OVERFLOW = name_of(Topic.OVERFLOW, Mode.LIVE)
INTAKE = "from wiring.processes.workers import run_intake; from wiring.settings import Settings; run_intake(Settings())"
PATIENCE = 90.0


@dataclass
class Street:
    """One database and one broker."""

    database: Database
    kafka: KafkaConnection
    pool: asyncpg.Pool
    producer: Producer
    door: UUID = field(default_factory=uuid4)
    last: int = 0

    @property
    def positions(self) -> PgPositions:
        """The rows of positions."""
        return PgPositions(self.pool)

    def parts(self, store: Store | None = None) -> IntakeParts:
        """What an intake is given."""
        clock = SystemClock()
        ids = TimeOrderedIds(clock)
        context = Context(
            store=store or PgStore(self.pool, Mode.LIVE, ids.new),
            registers=PgRegisters(self.pool),
            clock=clock,
            ids=ids,
            rules=the_rules(),
        )
        return IntakeParts(
            ctx=context,
            options=self.kafka.client_options(),
            positions=self.positions,
            bodies=RawBodies(self.pool),
            topics_at=asker(self.kafka),
        )

    @asynccontextmanager
    async def intake(self, store: Store | None = None) -> AsyncIterator["asyncio.Task[None]"]:
        """An intake while the block runs; it is dropped without a word when it still runs at the end."""
        task = asyncio.create_task(run(self.parts(store), asyncio.Event()))
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def start_process(self) -> "subprocess.Popen[bytes]":
        """An intake as a process of its own."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DRIEHOEK_")}  # noqa: TID251 - a child needs the environment
        environment |= {
            "DRIEHOEK_DATABASE_URL": self.database.app_url,
            "DRIEHOEK_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "DRIEHOEK_LOG_LEVEL": "ERROR",
        }
        return subprocess.Popen([sys.executable, "-c", INTAKE], env=environment)

    def receipt(self, body: bytes | None = None, *, source: str = "bron-1") -> Receipt:
        """The next receipt of our door."""
        self.last += 1
        content = body if body is not None else a_post(an_alert(name=f"Alarm {self.last}", at=SystemClock().now()))
        receipt = a_receipt(self.last, content, source=source)
        return replace(receipt, door=self.door, receipt_id=uuid4(), received_at=SystemClock().now())

    async def put(self, receipts: Sequence[Receipt], topic: str = RECEIVED) -> None:
        """In the topic, as the door does it."""
        wires = [to_wire(each) for each in receipts]
        await self.producer.send_many(Message(topic, wire.key, wire.value, wire.headers) for wire in wires)

    async def outcomes(self) -> Mapping[int, str]:
        """Outcome per number of our door."""
        rows = await self.pool.fetch("SELECT number, outcome FROM receipt WHERE door = $1", self.door)
        return {row["number"]: row["outcome"] for row in rows}

    async def has_outcomes(self, count: int) -> None:
        """Wait until so many receipts of our door have an outcome."""

        async def enough() -> bool:
            return len(await self.outcomes()) >= count

        await until(enough, within=PATIENCE, what=f"{count} outcomes")

    async def tally(self, name: str) -> int:
        """A number of the ledger."""
        found: int = await self.pool.fetchval("SELECT value FROM tally WHERE name = $1", name)
        return found

    async def waiting(self) -> int:
        """What the broker holds and nobody read."""
        settings = Settings.model_validate({"kafka_bootstrap": self.kafka.bootstrap})
        return await in_flight_of(settings, self.pool)()

    async def value(self, query: str, *args: Any) -> Any:
        """One value."""
        return await self.pool.fetchval(query, *args)

    async def make_anew(self) -> None:
        """Delete the topics and make them again: the same names, other ids, empty."""
        await fresh_topics(self.kafka.bootstrap)
