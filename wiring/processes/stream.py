"""`stream`: the Faust agent that makes the cards, with a watchdog and a check against a fresh fold."""

import asyncio
import sys
from contextlib import suppress

import structlog
import uvloop

from adapters.store.cards import PgCards
from adapters.store.heartbeats import Heartbeats
from domain.errors import AwayError
from streams.app import AppSettings, make_app
from streams.picture import Batch, Progress, attach
from streams.watchdog import Lag, watch
from usecases.fresh_cards import heal, suspects
from usecases.picture import Picture, take
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.parts import Parts, parts
from wiring.settings import Settings
from wiring.supervisor import stop_requested

CHECK_SECONDS = 25.0
AGAIN_SECONDS = 5.0
"""A card that differs now and still does unchanged so much later is wrong; until then it may be late."""
BEAT_SECONDS = 2.0
LOOK_SECONDS = 0.5
STOP_SECONDS = 8.0
log = structlog.get_logger(__name__)


def run(settings: Settings) -> None:
    """Run until SIGTERM. Exit code 1 after a crash or a standstill: the supervisor starts it again."""
    if not uvloop.run(serve(settings)):
        sys.exit(1)


def group_of(settings: Settings) -> str:
    """The consumer group of the agent; the prefix of the mode keeps an exercise apart."""
    return f"{settings.mode.value}.picture"


async def serve(settings: Settings) -> bool:
    """True when somebody asked to stop, False when the process must be started again."""
    async with parts(settings, process="stream") as made:
        stop = stop_requested()
        picture = Picture(
            cards=PgCards(made.pool, settings.mode),
            rules=made.context.rules,
            clock=made.clock,
        )
        progress, client = Progress(), connection_of(settings).client_options()
        topic = name_of(Topic.EVENTS, settings.mode)
        lag = Lag(client, group_of(settings), topic)
        if not await _broker_is_there(lag, stop):
            return True
        app = make_app(AppSettings(name=group_of(settings), instance="picture-1", client=client))

        async def apply(batch: Batch) -> tuple[str, ...]:
            return tuple(await take(picture, batch))

        attach(app, topic=topic, apply_batch=apply, progress=progress)
        await app.start()
        ends = {
            asyncio.create_task(stop.wait()): True,
            asyncio.create_task(progress.crashed.wait()): False,
            asyncio.create_task(watch(lag, excused=lambda: progress.waits)): False,
            asyncio.create_task(_crash_of(app)): False,
            asyncio.create_task(_check(picture, made)): False,
            asyncio.create_task(_beat(made, progress)): False,
        }
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends:
            task.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(app.stop(), STOP_SECONDS)
        return all(ends[task] for task in done)


async def _broker_is_there(lag: Lag, stop: asyncio.Event) -> bool:
    """Wait for the broker: the agent must not be started without. False when somebody asked to stop."""
    while not stop.is_set():
        try:
            await lag.look()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the broker, we wait for it and say so
            log.warning("broker-awaited", reason=str(error) or type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        else:
            return True
    return False


async def _crash_of(app: object) -> None:
    """Return when the app crashed in a part that is not our agent."""
    while not getattr(app, "should_stop", False):  # noqa: ASYNC110 - Faust has no event for it
        await asyncio.sleep(LOOK_SECONDS)


async def _check(picture: Picture, made: Parts) -> None:
    """Hold the cards against a fresh fold, over and over."""
    cards = PgCards(made.pool, made.settings.mode)
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            suspected = await suspects(picture, cards)
            await asyncio.sleep(AGAIN_SECONDS)
            healed = await heal(picture, suspected)
        except AwayError as error:
            log.warning("cards-not-checked", error_code=error.code)
            continue
        if healed:
            log.error("cards-healed", cards=healed)


async def _beat(made: Parts, progress: Progress) -> None:
    hearts = Heartbeats(made.pool)
    while True:
        with suppress(AwayError):
            await hearts.beat("stream", {"taken": progress.taken, "parked": progress.parked})
        await asyncio.sleep(BEAT_SECONDS)
