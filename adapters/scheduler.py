"""APScheduler as the local metronome: it wakes work, it knows nothing of deadlines. Those are rows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Work to wake every so many seconds. It must be safe to run twice, and on several machines at once."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]


class Metronome:
    """Memory job store in every replica: a shared one fires twice and stops the loser (measured, 3.11)."""

    def __init__(self, beats: tuple[Beat, ...]) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for beat in beats:
            self._scheduler.add_job(beat.run, "interval", seconds=beat.seconds, id=beat.name)

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop waking; what runs now finishes."""
        self._scheduler.shutdown(wait=False)
