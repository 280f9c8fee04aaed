"""The processes that no page or request reaches: what each runs, and what all of them have in common."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog
import uvloop

from adapters.kafka.admin import topics_at
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import Message, Producer
from adapters.store.positions import PgPositions
from adapters.store.spool import RawBodies, SpoolRows
from domain.errors import DriehoekError
from usecases.positions import TopicAt
from usecases.receipt_wire import Wire
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.logs import configure
from wiring.output import stop
from wiring.parts import Parts, parts
from wiring.settings import Settings
from wiring.together import until_stopped

Work = Callable[[Parts], Awaitable[None]]
log = structlog.get_logger()


def process(name: str, settings: Settings, work: Work) -> None:
    """Run one process until SIGTERM or Ctrl-C. A fault that waiting does not heal is one line, and exit code 1."""
    configure(process=name, level=settings.log_level)

    async def whole() -> None:
        async with parts(settings, process=name) as made:
            await work(made)

    try:
        uvloop.run(whole())
    except (DriehoekError, ValueError) as error:
        stop(str(error))


def run_intake(settings: Settings) -> None:
    """`intake`: receipts from the topics into the database, and the spool into the topic."""
    process("intake", settings, _intake)


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
        await until_stopped(lambda stopping: run(given, stopping), lambda stopping: drain(spool, send, stopping))
    finally:
        await sender.stop()


def asker(connection: KafkaConnection) -> Callable[[Collection[str]], Awaitable[Mapping[str, TopicAt]]]:
    """Asks the brokers for the ids of topics."""

    async def ask(names: Collection[str]) -> Mapping[str, TopicAt]:
        return await topics_at(connection, names)

    return ask
