"""`relay`: publishes what is committed, and looks as a second pair of eyes whether the others work."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from adapters.kafka import producer
from adapters.kafka.producer import Producer
from adapters.store.heartbeats import Heartbeats
from adapters.store.listening import Wakeups
from adapters.store.publish_rows import PublishRows
from domain.errors import AwayError
from usecases import publish
from usecases.publish import Message
from wiring.parts import Parts
from wiring.processes.alarms import Watchman, parker

WATCH_SECONDS = 5.0
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


def _teller(states: list[str]) -> Callable[[str], None]:
    """Keeps the newest state and logs a change."""

    def told(state: str) -> None:
        if states[-1:] != [state]:
            states[:] = [state]
            log.info("relay-state", state=state)

    return told


async def watching(made: Parts, states: Sequence[str]) -> None:
    """Beat, and raise or end alarms about others, over and over."""
    hearts, rows = Heartbeats(made.pool), PublishRows(made.pool, made.settings.mode)
    watchman, clock = Watchman(made), asyncio.get_running_loop().time
    try:
        while True:
            with suppress(AwayError):
                facts, waiting = await rows.waiting()
                state = states[-1] if states else "start"
                # Only the working relay beats as `relay`: a stand-by must not hide that nobody publishes.
                name = "relay" if state == "active" else f"relay:{state}"
                await hearts.beat(name, {"facts": facts, "outbox": waiting})
                await watchman.look(clock())
            await asyncio.sleep(WATCH_SECONDS)
    finally:
        await watchman.close()
