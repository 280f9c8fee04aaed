"""`relay`: publishes what is committed, and looks as a second pair of eyes whether sweep and agent still work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka.errors import KafkaError

from adapters.kafka import producer
from adapters.kafka.producer import Producer
from adapters.store.heartbeats import ALARM, Heartbeats
from adapters.store.listening import Wakeups
from adapters.store.publish_rows import PublishRows
from domain.errors import AwayError
from streams.watchdog import Lag, Stall
from usecases import publish
from usecases.publish import Message
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.parts import Parts

WATCH_SECONDS = 5.0
SWEEP_LATE_SECONDS = 30.0
AGENT_LATE_SECONDS = 30.0
log = structlog.get_logger(__name__)


class KafkaBroker:
    """`usecases.publish.Broker` on the producer."""

    def __init__(self, made: Producer) -> None:
        self._producer = made

    async def send_many(self, messages: Sequence[Message]) -> None:
        """Pipelined; returns when all are acknowledged."""
        await self._producer.send_many(producer.Message(m.topic, m.key, m.value, m.headers) for m in messages)


async def publishing(made: Parts, wakeups: Wakeups, sender: Producer, states: list[str]) -> None:
    """Publish, over and over. Needs wakeups for `events` and `outbox`, running; `states` gets the newest state."""
    listener = wakeups.listener("events", "outbox")
    await publish.run(
        publish.Relay(
            store=PublishRows(made.pool, made.settings.mode),
            broker=KafkaBroker(sender),
            mode=made.settings.mode,
            wake=listener.wait,
            parked=parker(Heartbeats(made.pool)),
            oin=made.context.oin,
            told=_teller(states),
        )
    )


def parker(hearts: Heartbeats) -> Callable[[str, Mapping[str, str | int]], Awaitable[None]]:
    """What could not go stands as an alarm with a reference: people look, the rest goes on."""

    async def parked(reason: str, reference: Mapping[str, str | int]) -> None:
        log.error("alarm", name=f"{ALARM}{reason}", **reference)
        await hearts.parked(f"{ALARM}{reason}", reference)

    return parked


def _teller(states: list[str]) -> Callable[[str], None]:
    """Keeps the newest state and logs a change."""

    def told(state: str) -> None:
        if states[-1:] != [state]:
            states[:] = [state]
            log.info("relay-state", state=state)

    return told


async def watching(made: Parts, states: Sequence[str]) -> None:
    """Beat, and raise or end alarms about others, over and over."""
    settings = made.settings
    hearts, rows = Heartbeats(made.pool), PublishRows(made.pool, settings.mode)
    topic = name_of(Topic.EVENTS, settings.mode)
    lag = Lag(connection_of(settings).client_options(), f"{settings.mode.value}.picture", topic)
    stall, clock = Stall(seconds=AGENT_LATE_SECONDS), asyncio.get_running_loop().time
    try:
        while True:
            with suppress(AwayError):
                facts, waiting = await rows.waiting()
                state = states[-1] if states else "start"
                # Only the working relay beats as `relay`: a stand-by must not hide that nobody publishes.
                name = "relay" if state == "active" else f"relay:{state}"
                await hearts.beat(name, {"facts": facts, "outbox": waiting})
                await look(hearts, agent=await _agent(lag, stall, clock()))
            await asyncio.sleep(WATCH_SECONDS)
    finally:
        await lag.close()


async def _agent(lag: Lag, stall: Stall, now: float) -> Mapping[str, int] | None:
    """What is wrong with the agent; None while it gets on, or while the broker itself is away."""
    try:
        committed, waiting = await lag.look()
    except (KafkaError, OSError, TimeoutError):
        stall.seen(-1, 0, now)
        return None
    return {"lag": waiting} if stall.seen(committed, waiting, now) else None


async def look(hearts: Heartbeats, *, agent: Mapping[str, int] | None) -> None:
    """Set or clear the alarms: the sweep is silent, the agent stands still."""
    known = await hearts.read()
    sweep = known.get("sweep")
    late = {"age_seconds": round(sweep.age_seconds)} if sweep and sweep.age_seconds > SWEEP_LATE_SECONDS else None
    for name, wrong in ((f"{ALARM}sweep", late), (f"{ALARM}picture", agent)):
        if wrong is not None:
            log.error("alarm", name=name, **wrong)
            await hearts.beat(name, wrong)
        elif name in known:
            await hearts.clear(name)
