"""The processes that no page or request reaches: what each runs, and what all of them have in common."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress

import structlog
import uvloop

from adapters.kafka.admin import topics_at
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import Message, Producer
from adapters.store.heartbeats import Heartbeats
from adapters.store.listening import Wakeups
from adapters.store.positions import PgPositions
from adapters.store.spool import RawBodies, SpoolRows
from domain.errors import AwayError, DriehoekError
from usecases.positions import TopicAt
from usecases.receipt_wire import Wire
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.logs import configure
from wiring.output import stop
from wiring.parts import Parts, parts
from wiring.processes.checks import check_database, check_out_of_reach, check_topics
from wiring.settings import Settings
from wiring.together import until_stopped

Work = Callable[[Parts], Awaitable[None]]
BEAT_SECONDS = 5.0
AGAIN_SECONDS = 1.0
log = structlog.get_logger()


def process(name: str, settings: Settings, work: Work, *, kafka: bool = False) -> None:
    """Run one process until SIGTERM or Ctrl-C. A fault that waiting does not heal is one line, and exit code 1."""
    configure(process=name, level=settings.log_level)

    async def whole() -> None:
        async with parts(settings, process=name) as made:
            await _checked(made, kafka=kafka)
            await work(made)

    try:
        uvloop.run(whole())
    except (DriehoekError, ValueError) as error:
        stop(str(error))


async def _checked(made: Parts, *, kafka: bool) -> None:
    """Schema, mode, topics and rights are right; servers that are away are waited for."""
    while True:
        try:
            await check_database(made)
            if kafka:
                await check_topics(made.settings)
                await check_out_of_reach(made)
        except AwayError as error:
            log.warning("waits for a server", error_code=error.code)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


async def _beat(made: Parts, name: str) -> None:
    """A sign of life, over and over."""
    hearts = Heartbeats(made.pool)
    while True:
        with suppress(AwayError):
            await hearts.beat(name)
        await asyncio.sleep(BEAT_SECONDS)


def _wakeups(made: Parts, *channels: str) -> Wakeups:
    url = made.settings.database_url
    return Wakeups(url.get_secret_value() if url else "", channels)


def run_intake(settings: Settings) -> None:
    """`intake`: receipts from the topics into the database, and the spool into the topic."""
    process("intake", settings, _intake, kafka=True)


async def _intake(made: Parts) -> None:
    from streams.intake import IntakeParts, run
    from streams.spooled import drain

    connection = connection_of(made.settings)
    sender = Producer(connection)
    given = IntakeParts(
        ctx=made.context,
        options=connection.client_options(),
        positions=PgPositions(made.pool),
        bodies=RawBodies(made.pool),
        topics_at=asker(connection),
    )
    spool, topic = SpoolRows(made.pool), name_of(Topic.RECEIVED, made.settings.mode)

    async def send(wires: Sequence[Wire]) -> None:
        await sender.send_many(Message(topic, each.key, each.value, each.headers) for each in wires)

    try:
        await until_stopped(
            lambda stopping: run(given, stopping),
            lambda stopping: drain(spool, send, stopping),
            endless=[lambda: _beat(made, "intake")],
        )
    finally:
        await sender.stop()


def asker(connection: KafkaConnection) -> Callable[[Collection[str]], Awaitable[Mapping[str, TopicAt]]]:
    """Asks the brokers for the ids of topics."""

    async def ask(names: Collection[str]) -> Mapping[str, TopicAt]:
        return await topics_at(connection, names)

    return ask


def run_relay(settings: Settings) -> None:
    """`relay`: numbers and publishes, in order; watches the others."""
    process("relay", settings, _relay, kafka=True)


async def _relay(made: Parts) -> None:
    from wiring.processes import relay

    wakeups, sender = _wakeups(made, "events", "outbox"), Producer(connection_of(made.settings))
    states: list[str] = []
    try:
        await until_stopped(
            endless=[
                lambda: relay.publishing(made, wakeups, sender, states),
                lambda: relay.watching(made, states),
                wakeups.run,
            ]
        )
    finally:
        await sender.stop()


def run_scheduler(settings: Settings) -> None:
    """`scheduler`: wakes the rounds."""
    process("scheduler", settings, _scheduler)


async def _scheduler(made: Parts) -> None:
    from wiring.processes.scheduler import metronome

    beats = metronome(made)
    beats.start()
    try:
        await until_stopped(endless=[lambda: _beat(made, "scheduler")])
    finally:
        beats.stop()


def run_deliver(settings: Settings) -> None:
    """`deliver`: sends what waits."""
    process("deliver", settings, _deliver)


async def _deliver(made: Parts) -> None:
    from wiring.processes.deliver import sending

    wakeups = _wakeups(made, "notices")
    await until_stopped(
        endless=[lambda: sending(made, wakeups), lambda: _beat(made, "deliver"), wakeups.run],
    )
