"""APScheduler wakes the sweep, the checkpoints, the canary and the clean-up. Each round may safely run twice."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from adapters.scheduler import Beat, Metronome
from adapters.store.checkpoints import Checkpoints
from adapters.store.due import PgDue
from adapters.store.heartbeats import Heartbeats
from adapters.store.old_rows import OldRows
from adapters.store.publish_rows import Canaries
from adapters.store.signing import SigningKey
from domain.errors import AwayError, InvalidError
from usecases.sweep import Sweep
from usecases.topics import Topic, name_of
from wiring.parts import Parts
from wiring.settings import Settings

SWEEP_SECONDS = 1.0
CHECKPOINT_SECONDS = 30.0
"""Half of the minute that the design allows."""
CANARY_SECONDS = 5.0
CLEAN_SECONDS = 3600.0
KEPT = timedelta(days=8)
"""Longer than the seven days that a signal can come again from its topic."""
log = structlog.get_logger()


class SigningKeyMissingError(InvalidError):
    """DRIEHOEK_SIGNING_KEY ontbreekt. Zonder sleutel kan niemand bewijzen dat het logboek klopt."""


def signing_key(settings: Settings) -> SigningKey:
    """The key of the checkpoints. Raises SigningKeyMissingError or SigningKeyError."""
    if settings.signing_key is None:
        raise SigningKeyMissingError
    return SigningKey.read(settings.signing_key)


def metronome(made: Parts) -> Metronome:
    """The rounds with their beats. Raises SigningKeyMissingError or SigningKeyError."""
    hearts = Heartbeats(made.pool)
    checkpoints = Checkpoints(made.pool, signing_key(made.settings), name_of(Topic.CHECKPOINTS, made.settings.mode))
    sweep, canaries = Sweep(ctx=made.context, due=PgDue(made.pool)), Canaries(made.pool, made.settings.mode)

    async def swept() -> None:
        await sweep.run()
        await hearts.beat("sweep")

    async def signed() -> None:
        await checkpoints.make(made.clock.now())

    async def sang() -> None:
        await canaries.send(made.clock.now())

    async def cleaned() -> None:
        await OldRows(made.pool).remove(before=made.clock.now() - KEPT)

    return Metronome(
        (
            Beat(name="sweep", seconds=SWEEP_SECONDS, run=_patient("sweep", swept)),
            Beat(name="checkpoint", seconds=CHECKPOINT_SECONDS, run=_patient("checkpoint", signed)),
            Beat(name="canary", seconds=CANARY_SECONDS, run=_patient("canary", sang)),
            Beat(name="clean", seconds=CLEAN_SECONDS, run=_patient("clean", cleaned)),
        )
    )


def _patient(name: str, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A round that fails is told and tried at the next beat: rows that are due stay due."""

    async def tried() -> None:
        try:
            await work()
        except AwayError as error:
            log.warning("round not done, next beat tries again", round=name, error_code=error.code)
        except Exception:
            log.exception("round failed, next beat tries again", round=name)

    return tried
