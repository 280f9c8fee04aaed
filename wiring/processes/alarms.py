"""What is wrong with the whole, as the relay sees it every few seconds: one row per alarm, there while it lasts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from aiokafka.errors import KafkaError

from adapters.store.heartbeats import ALARM, Heartbeat, Heartbeats
from adapters.store.readings import PgReadings
from adapters.store.skew import is_alarming, skew_seconds
from domain.errors import DriehoekError
from streams.watchdog import Lag, Stall
from usecases.ledger import Ledger, balance
from usecases.topics import Topic, name_of
from wiring.in_flight import in_flight_of
from wiring.kafka import connection_of
from wiring.parts import Parts

SWEEP_LATE_SECONDS = 30.0
AGENT_LATE_SECONDS = 30.0
LEDGER_SECONDS = 15.0
"""So often the broker is asked for the ledger, and so long it may take to answer at most a third of that."""
DOUBT_SECONDS = 30.0
PARKED = f"{ALARM}relay-"
PARKED_SECONDS = 7 * 24 * 3600.0
"""What was parked stays visible for a week after the last time; nothing else ends it."""
log = structlog.get_logger(__name__)

Wrong = Mapping[str, str | int | float]
Found = Mapping[str, Wrong | None]
"""Per alarm what is wrong, None = nothing. What could not be looked at is left out: its alarm stays as it is."""


@dataclass
class Doubt:
    """Whether the ledger is wrong for good. Pure: the moments come in."""

    difference: tuple[int, int] | None = None
    since: float = 0.0

    def seen(self, ledger: Ledger, now: float) -> bool:
        """True when the same difference stands for long enough. What is on its way makes no difference of its own."""
        if not ledger.settled:
            return False
        found = None if ledger.balanced else (ledger.missing, ledger.unplaced)
        if found is None or found != self.difference:
            self.difference, self.since = found, now
            return False
        return now - self.since >= DOUBT_SECONDS


class Watchman:
    """Looks, and sets and clears the alarms."""

    def __init__(self, made: Parts) -> None:
        settings = made.settings
        topic = name_of(Topic.EVENTS, settings.mode)
        self._made = made
        self._hearts = Heartbeats(made.pool)
        self._readings = PgReadings(made.pool, in_flight_of(settings, made.pool))
        self._lag = Lag(connection_of(settings).client_options(), f"{settings.mode.value}.picture", topic)
        self._stall, self._doubt = Stall(seconds=AGENT_LATE_SECONDS), Doubt()
        self._ledger_at = -LEDGER_SECONDS

    async def look(self, now: float) -> None:
        """One look, at this moment of the clock of the loop. Raises AwayError when the database is away."""
        known = await self._hearts.read()
        skew = await skew_seconds(self._made.pool, self._made.clock)
        found: dict[str, Wrong | None] = {
            "sweep": late(known.get("sweep")),
            "clock": {"seconds": round(skew, 1)} if is_alarming(skew) else None,
            "picture": await self._agent(now),
        }
        if now - self._ledger_at >= LEDGER_SECONDS:
            self._ledger_at = now
            found |= await self._ledger(now)
        await tell(self._hearts, known, found)

    async def close(self) -> None:
        """Disconnect."""
        await self._lag.close()

    async def _agent(self, now: float) -> Wrong | None:
        """What is wrong with the agent; None while it gets on, or while the broker itself is away."""
        try:
            committed, waiting = await self._lag.look()
        except (KafkaError, OSError, TimeoutError):
            self._stall.seen(-1, 0, now)
            return None
        return {"lag": waiting} if self._stall.seen(committed, waiting, now) else None

    async def _ledger(self, now: float) -> Found:
        """Loss, and a ledger that does not become right. Without the broker nobody knows: nothing is said."""
        try:
            async with asyncio.timeout(LEDGER_SECONDS / 3):
                ledger = balance(await self._readings.counted())
        except (DriehoekError, TimeoutError):
            return {}
        lost, wrong = ledger.counted.lost, {"missing": ledger.missing, "unplaced": ledger.unplaced}
        return {
            "lost": {"receipts": lost} if lost > 0 else None,
            "ledger": wrong if self._doubt.seen(ledger, now) else None,
        }


def late(sweep: Heartbeat | None) -> Wrong | None:
    """Whether the sweep is silent. One that was never heard of does not run here."""
    if sweep is None or sweep.age_seconds <= SWEEP_LATE_SECONDS:
        return None
    return {"age_seconds": round(sweep.age_seconds)}


async def tell(hearts: Heartbeats, known: Mapping[str, Heartbeat], found: Found) -> None:
    """Set the alarms of what is wrong and clear those of what is right again."""
    for what, wrong in found.items():
        name = f"{ALARM}{what}"
        if wrong is not None:
            log.error("alarm", name=name, **wrong)
            await hearts.beat(name, wrong)
        elif name in known:
            await hearts.clear(name)
    for name, beat in known.items():
        if name.startswith(PARKED) and beat.age_seconds > PARKED_SECONDS:
            await hearts.clear(name)


def parker(hearts: Heartbeats) -> Callable[[str, Mapping[str, str | int]], Awaitable[None]]:
    """What the relay could not send stands as an alarm with a reference: people look, the rest goes on."""

    async def parked(reason: str, reference: Mapping[str, str | int]) -> None:
        log.error("alarm", name=f"{ALARM}{reason}", **reference)
        await hearts.parked(f"{ALARM}{reason}", reference)

    return parked
