"""What serve knows of the whole: which part works, and the figures for `/metrics`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from adapters.kafka.admin import admin_of
from adapters.store.figures import answers, read_figures
from adapters.store.heartbeats import ALARM, Heartbeats
from api.health import Watch
from dashboards.hub import Hub
from dashboards.models import PartState
from domain.errors import DriehoekError
from domain.picture import Card
from usecases.ledger import balance
from usecases.readings import Readings
from wiring.kafka import connection_of
from wiring.parts import Parts

ANSWER_SECONDS = 2.0
ALIVE_SECONDS = 30.0
PARTS = ("intake", "stream", "relay", "sweep", "deliver")
"""Names of heartbeats that must be young."""


@dataclass
class Screens:
    """The hub, with a note of how old the newest canary was and which way the cards come."""

    hub: Hub
    canary_age: float | None = None
    via: str = "database"

    def card(self, card: Card) -> None:
        """A card for the hub."""
        self.hub.card(card)

    def beat(self, canary_age: float | None, via: str) -> None:
        """A heartbeat for the hub."""
        self.canary_age, self.via = canary_age, via
        self.hub.beat(canary_age, via)

    def watched(self) -> frozenset[str]:
        """Cards that somebody looks at."""
        return self.hub.watched()

    async def rights_changed(self) -> None:
        """Check every open socket."""
        await self.hub.rights_changed()


@dataclass
class Vitals:
    """Asks the parts themselves; nothing here waits longer than two seconds for one."""

    made: Parts
    readings: Readings
    screens: Screens | None = None

    def watch(self) -> Watch:
        """What health and metrics look at: without the database nothing works, without Kafka people go on."""
        return Watch(needed={"database": self.database}, wished={"kafka": self.kafka}, figures=self.figures)

    async def database(self) -> bool:
        """Whether PostgreSQL answers."""
        return await _within(lambda: answers(self.made.pool))

    async def kafka(self) -> bool:
        """Whether a broker answers a question: one that hangs still takes connections."""
        return await _within(partial(_answered, self.made))

    async def parts(self) -> Sequence[PartState]:
        """Every part with whether it works, for the page."""
        database = await self.database()
        states = [
            PartState(name="database", works=database, needed=True),
            PartState(name="kafka", works=await self.kafka(), needed=False),
        ]
        beats = await Heartbeats(self.made.pool).read() if database else {}
        for name in PARTS:
            beat = beats.get(name)
            young = beat is not None and beat.age_seconds <= ALIVE_SECONDS
            states.append(PartState(name=name, works=young, needed=False))
        alarms = [PartState(name=name, works=False, needed=False) for name in beats if name.startswith(ALARM)]
        return [*states, *alarms]

    async def figures(self) -> Mapping[str, float]:
        """What can be counted now; with the database away only what this process knows itself."""
        found: dict[str, float] = {}
        if self.screens is not None:
            found["websocket_viewers"] = self.screens.hub.viewers
            if self.screens.canary_age is not None:
                found["canary_age_seconds"] = self.screens.canary_age
        with suppress(DriehoekError, TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                found |= await self._from_database()
        return found

    async def _from_database(self) -> Mapping[str, float]:
        rows = await read_figures(self.made.pool)
        skew = (self.made.clock.now() - rows.at).total_seconds()
        found: dict[str, float] = {
            "clock_skew_seconds": skew,
            "relay_backlog": rows.unpublished,
            "notices_waiting": rows.notices_waiting,
        }
        ledger = balance(await self.readings.counted())
        counted = ledger.counted
        for name in ("received", "read", "quarantined", "spooled", "in_flight", "redelivered", "lost"):
            found[f"receipts_{name}"] = getattr(counted, name)
        for name in ("in_incidents", "noted", "duplicates", "refused_rows"):
            found[f"signals_{name}"] = getattr(counted, name)
        found["alarms"] = sum(name.startswith(ALARM) for name in await Heartbeats(self.made.pool).read())
        return {**found, "signals": counted.signals, "ledger_balanced": float(ledger.balanced or not ledger.settled)}


async def _within(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await check()
    except (DriehoekError, OSError, TimeoutError, ValueError):
        return False


async def _answered(made: Parts) -> bool:
    async with admin_of(connection_of(made.settings), patience=0.0) as admin:
        await admin.list_topics()
    return True
