"""The chain from the log to the cards on real servers, for tests: parts of it can be started, killed and started."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import Producer
from adapters.store.cards import PgCards
from adapters.store.heartbeats import Heartbeats
from adapters.store.listening import Wakeups
from adapters.store.publish_rows import PublishRows
from adapters.store.registers import PgRegisters
from adapters.store.store import PgStore
from domain import commands
from domain.events.core import Mode
from domain.picture import Card
from domain.severity import Severity
from tests.builders import a_report, an_actor
from tests.servers import Database
from usecases import publish
from usecases.act_on_incident import act
from usecases.context import Context
from usecases.fresh_cards import fresh_cards
from usecases.picture import Picture
from usecases.report_incident import report
from usecases.topics import PARTITIONS, Topic, name_of
from wiring.parts import rules
from wiring.processes.alarms import parker
from wiring.processes.relay import KafkaBroker

LIVE = Mode.LIVE
EVENTS, CARDS = name_of(Topic.EVENTS, LIVE), name_of(Topic.CARDS, LIVE)
AGENT = "from wiring.processes.stream import run; from wiring.settings import Settings; run(Settings())"


@dataclass
class Chain:
    """A database with a schema, and a broker with topics."""

    database: Database
    kafka: KafkaConnection
    pool: asyncpg.Pool
    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def context(self) -> Context:
        """The ports for use cases."""
        ids = TimeOrderedIds(self.clock)
        return Context(
            store=PgStore(self.pool, LIVE, ids.new),
            registers=PgRegisters(self.pool),
            clock=self.clock,
            ids=ids,
            rules=rules(),
        )

    @property
    def cards(self) -> PgCards:
        """The cards on this database."""
        return PgCards(self.pool, LIVE)

    @property
    def picture(self) -> Picture:
        """What makes cards."""
        return Picture(cards=self.cards, rules=rules(), clock=self.clock)

    async def report(self) -> UUID:
        """A CISO reports an incident."""
        made = await report(self.context, an_actor(), a_report(report_id=uuid4()), None, key=str(uuid4()))
        return made.incident_id

    async def change(self, incident_id: UUID, severity: Severity = Severity.ERNSTIG) -> None:
        """A CISO changes it."""
        command = commands.SetSeverity(at=self.clock.now(), severity=severity, reason="Het wordt erger")
        await act(self.context, an_actor(), incident_id, command, key=str(uuid4()))

    async def fresh(self, card_ids: Collection[str]) -> Sequence[Card]:
        """Cards folded from the record."""
        return await fresh_cards(self.picture, card_ids)

    async def rows(self, card_ids: Collection[str]) -> dict[str, Card]:
        """Card rows as the agent wrote them."""
        async with self.picture.cards.begin() as tx:
            return dict(await tx.lock_cards(card_ids))

    async def written(self) -> dict[str, int]:
        """Newest version per stream."""
        rows = await self.pool.fetch("SELECT stream_id, version FROM stream_head WHERE version > 0")
        return {row["stream_id"]: row["version"] for row in rows}

    def relay(self, wakeups: Wakeups, states: list[str]) -> tuple[publish.Relay, Producer]:
        """A relay that is not started."""
        sender = Producer(self.kafka)
        listener = wakeups.listener("events", "outbox")
        work = publish.Relay(
            store=PublishRows(self.pool, LIVE),
            broker=KafkaBroker(sender),
            mode=LIVE,
            wake=listener.wait,
            oin=self.context.oin,
            parked=parker(Heartbeats(self.pool)),
            told=states.append,
        )
        return work, sender

    @asynccontextmanager
    async def relaying(self) -> AsyncIterator[list[str]]:
        """A relay while the block runs; gives what it tells."""
        states: list[str] = []
        wakeups = Wakeups(self.database.app_url, ["events", "outbox"])
        work, sender = self.relay(wakeups, states)
        tasks = [asyncio.create_task(wakeups.run()), asyncio.create_task(publish.run(work))]
        try:
            yield states
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await sender.stop()

    @contextmanager
    def agent(self) -> "Iterator[subprocess.Popen[bytes]]":
        """The agent in a process of its own while the block runs."""
        process = self.start_agent()
        try:
            yield process
        finally:
            stop_agent(process)

    def start_agent(self) -> "subprocess.Popen[bytes]":
        """Start the agent."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DRIEHOEK_")}  # noqa: TID251 - a child needs the environment
        environment |= {
            "DRIEHOEK_DATABASE_URL": self.database.app_url,
            "DRIEHOEK_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
        }
        return subprocess.Popen([sys.executable, "-c", AGENT], env=environment)


def stop_agent(process: "subprocess.Popen[bytes]") -> int:
    """Ask it to stop; its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@asynccontextmanager
async def reading(kafka: KafkaConnection, topic: str) -> AsyncIterator[list[ConsumerRecord[bytes, bytes]]]:
    """Everything that is sent to a topic while the block runs."""
    found: list[ConsumerRecord[bytes, bytes]] = []
    consumer = AIOKafkaConsumer(**kafka.client_options(), enable_auto_commit=False, auto_offset_reset="latest")
    await consumer.start()
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    consumer.assign(places)
    await consumer.seek_to_end(*places)
    for place in places:
        await consumer.position(place)

    async def collect() -> None:
        while True:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found.extend(records)

    task = asyncio.create_task(collect())
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await consumer.stop()
