"""Feeds the hub of one serve process: cards from Kafka, or folded here while Kafka, relay or agent is away.

The log is compared with what was seen, stream by stream: a fact that no card shows within a second means that the
chain is behind. Then the cards that somebody watches are folded from the record, at each NOTIFY and each second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from domain.errors import AwayError
from domain.picture import Card
from streams.cards import CardReader
from usecases.picture import is_sealed
from usecases.ports import Clock

PATIENCE_SECONDS = 1.0
LOOK_SECONDS = 0.25
FOLD_SECONDS = 1.0
CANARY_SECONDS = 12.0
"""A canary flies every 5 s: older than this means that two of them did not come."""
PAUSE_SECONDS = 0.1
BEAT_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Screens(Protocol):
    """What the hub offers."""

    def card(self, card: Card) -> None:
        """A card; older ones than known are ignored there."""
        ...

    def beat(self, canary_age: float | None, via: str) -> None:
        """Age of the newest canary and the way cards come."""
        ...

    def watched(self) -> frozenset[str]:
        """Cards that somebody looks at."""
        ...

    async def rights_changed(self) -> None:
        """Check every open socket."""
        ...


class Log(Protocol):
    """How far the log is."""

    async def newest(self) -> int:
        """Number of the newest fact."""
        ...

    async def behind(self, after: int, seen: Mapping[str, int]) -> tuple[int, Collection[str]]:
        """Newest number, and streams with facts after `after` that are newer than what was seen."""
        ...


class Wakening(Protocol):
    """Payloads of a channel since last time, at most a second later."""

    async def wait(self) -> set[str]:
        """Wait for them."""
        ...


Fresh = Callable[[Collection[str]], Awaitable[Sequence[Card]]]


@dataclass
class Sight:
    """What came through Kafka, and since when something is missing: pure, the moments come in."""

    started: float = 0.0
    number: int | None = None
    """Everything up to here was seen, or was there before this process read."""
    late_since: float | None = None
    canary_sent: datetime | None = None
    _new: dict[str, int] = field(default_factory=dict)
    _old: dict[str, int] = field(default_factory=dict)

    @property
    def seen(self) -> Mapping[str, int]:
        """Version per stream."""
        return {**self._old, **self._new}

    def card(self, card: Card) -> None:
        """A card that came through Kafka."""
        for stream, given in card.contributions.items():
            self._new[stream] = max(given.version, self._new.get(stream, 0), self._old.get(stream, 0))

    def looked(self, number: int, missing: Collection[str], now: float) -> None:
        """What a look at the log gave. What came during it may be newer than the look, so it is kept for one more."""
        if missing:
            self.late_since = now if self.late_since is None else self.late_since
            return
        self.number, self.late_since = number, None
        self._old, self._new = self._new, {}

    def is_behind(self, now: float, canary_age: float | None) -> bool:
        """Whether cards must be folded here."""
        if self.number is None:
            return True
        silent = canary_age > CANARY_SECONDS if canary_age is not None else now - self.started > CANARY_SECONDS
        return silent or (self.late_since is not None and now - self.late_since >= PATIENCE_SECONDS)


class LiveFeed:
    """`run` goes on until cancelled. `events` and `rights` are listeners on those channels."""

    def __init__(
        self,
        *,
        hub: Screens,
        fresh: Fresh,
        log: Log,
        clock: Clock,
        client: Mapping[str, Any],
        topic: str,
        events: Wakening,
        rights: Wakening,
    ) -> None:
        self._hub = hub
        self._fresh = fresh
        self._log = log
        self._clock = clock
        self._events = events
        self._rights = rights
        self._sight = Sight()
        self._fetch: set[str] = set()
        self._asked = asyncio.Event()
        self.reader = CardReader(client, topic, on_card=self._card, on_canary=self._canary)

    async def run(self) -> None:
        """Read, look, fold and beat."""
        self._sight.started = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.reader.run())
            group.create_task(self._look())
            group.create_task(self._fold())
            group.create_task(self._fold_sealed())
            group.create_task(self._beat())
            group.create_task(self._watch_rights())

    @property
    def via(self) -> str:
        """The way cards come now."""
        now = asyncio.get_running_loop().time()
        return "database" if self._sight.is_behind(now, self._canary_age()) else "kafka"

    def _card(self, card: Card) -> None:
        self._sight.card(card)
        if not is_sealed(card):
            self._hub.card(card)
        elif card.card_id in self._hub.watched():
            self._fetch.add(card.card_id)
            self._asked.set()

    def _canary(self, at: datetime) -> None:
        known = self._sight.canary_sent
        self._sight.canary_sent = at if known is None else max(at, known)
        self._hub.beat(self._canary_age(), self.via)

    def _canary_age(self) -> float | None:
        sent = self._sight.canary_sent
        return None if sent is None else max((self._clock.now() - sent).total_seconds(), 0.0)

    async def _look(self) -> None:
        """Compare the log with what was seen; when the way changes, and each second on the slow way, fold."""
        was, folded, clock = self.via, 0.0, asyncio.get_running_loop().time
        while True:
            try:
                await self._look_once()
            except AwayError as error:
                log.warning("log-not-compared", error_code=error.code)
            via = self.via
            if via != was:
                log.warning("cards-come-via", via=via)
                self._hub.beat(self._canary_age(), via)
            # At the return too: nothing that happened at the change may be missed.
            if via != was or (via == "database" and clock() - folded >= FOLD_SECONDS):
                await self._show(self._hub.watched())
                folded = clock()
            was = via
            await asyncio.sleep(LOOK_SECONDS)

    async def _look_once(self) -> None:
        now, sight = asyncio.get_running_loop().time(), self._sight
        if sight.number is None:
            # Only what is committed once the reader reads must come through it.
            if self.reader.ready.is_set():
                sight.number = await self._log.newest()
            return
        number, missing = await self._log.behind(sight.number, sight.seen)
        sight.looked(number, missing, now)

    async def _fold(self) -> None:
        """On the slow way: fold what is watched at each fact."""
        while True:
            if await self._events.wait() and self.via == "database":
                await self._show(self._hub.watched())
                await asyncio.sleep(PAUSE_SECONDS)

    async def _fold_sealed(self) -> None:
        """Cards with references: what stands behind those is fetched from the record, and shown by one's rights."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            wanted, self._fetch = self._fetch, set()
            await self._show(wanted)

    async def _show(self, card_ids: Collection[str]) -> None:
        if not card_ids:
            return
        try:
            cards = await self._fresh(sorted(card_ids))
        except AwayError as error:
            log.warning("cards-not-folded", error_code=error.code)
            return
        for card in cards:
            self._hub.card(card)

    async def _beat(self) -> None:
        while True:
            self._hub.beat(self._canary_age(), self.via)
            await asyncio.sleep(BEAT_SECONDS)

    async def _watch_rights(self) -> None:
        while True:
            if await self._rights.wait():
                await self._hub.rights_changed()
