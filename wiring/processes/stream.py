"""`stream`: the Faust agent that makes the cards, with a watchdog and a check against a fresh fold."""

import asyncio
import socket
from contextlib import suppress

import structlog

from adapters.store.cards import PgCards
from adapters.store.heartbeats import Heartbeats
from domain.errors import AwayError, DriehoekError
from streams.app import AppSettings, make_app
from streams.picture import Batch, Progress, attach
from streams.watchdog import Lag, watch
from usecases.fresh_cards import heal, suspects
from usecases.picture import Picture, take
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.parts import Parts
from wiring.processes.workers import process
from wiring.settings import Settings
from wiring.together import until_stopped

CHECK_SECONDS = 25.0
AGAIN_SECONDS = 5.0
"""A card that differs now and still does unchanged so much later is wrong; until then it may be late."""
BEAT_SECONDS = 2.0
LOOK_SECONDS = 0.5
STOP_SECONDS = 8.0
log = structlog.get_logger(__name__)


class AgentCrashedError(DriehoekError):
    """De agent van het beeld is gestopt door een fout. Hij start opnieuw en gaat verder waar hij was."""

    code = "agent-gestopt"


class AgentStandsStillError(DriehoekError):
    """De agent van het beeld leest niet verder terwijl er berichten wachten. Hij start opnieuw."""

    code = "agent-staat-stil"


def run(settings: Settings) -> None:
    """Run until SIGTERM. Exit code 1 after a crash or a standstill: the supervisor starts it again."""
    process("stream", settings, _stream, kafka=True)


async def _stream(made: Parts) -> None:
    settings = made.settings
    picture = Picture(cards=PgCards(made.pool, settings.mode), rules=made.context.rules, clock=made.clock)
    progress, client = Progress(), connection_of(settings).client_options()
    topic = name_of(Topic.EVENTS, settings.mode)
    # The mode keeps the group of an exercise apart; the host's name lets a restarted member take its old place.
    group, instance = f"{settings.mode.value}.picture", f"picture-{socket.gethostname()}"
    app = make_app(AppSettings(name=group, instance=instance, client=client))

    async def apply(batch: Batch) -> tuple[str, ...]:
        return tuple(await take(picture, batch))

    attach(app, topic=topic, apply_batch=apply, progress=progress)
    await app.start()
    try:
        await until_stopped(
            endless=[
                lambda: _crashed(app, progress),
                lambda: _stands_still(Lag(client, group, topic), progress),
                lambda: _check(picture, made),
                lambda: _beat(made, progress),
            ]
        )
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(app.stop(), STOP_SECONDS)


async def _crashed(app: object, progress: Progress) -> None:
    """Raise when our agent crashed, or another part of Faust."""
    while not (progress.crashed.is_set() or getattr(app, "should_stop", False)):  # noqa: ASYNC110 - Faust has no event for it
        await asyncio.sleep(LOOK_SECONDS)
    raise AgentCrashedError


async def _stands_still(lag: Lag, progress: Progress) -> None:
    """Raise when nothing moves while there is work, and the database is not what it waits for."""
    await watch(lag, excused=lambda: progress.waits)
    raise AgentStandsStillError


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
