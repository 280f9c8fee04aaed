"""Screens see each other's changes with and without the chain behind them, and say which way cards come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.store.listening import Wakeups
from adapters.store.publish_rows import Canaries
from domain.picture import Card, incident_card
from tests.integration.picture.chain import CARDS, LIVE, Chain
from tests.waiting import until
from wiring.processes.live_feed import LiveFeed

SOON_SECONDS = 2.0


@dataclass
class Screens:
    """A hub that remembers."""

    watching: frozenset[str]
    cards: dict[str, Card] = field(default_factory=dict)
    age: float | None = None
    via: str = "kafka"
    checked: int = 0

    def card(self, card: Card) -> None:
        known = self.cards.get(card.card_id)
        if card.card_id in self.watching and (known is None or card.version > known.version):
            self.cards[card.card_id] = card

    def beat(self, canary_age: float | None, via: str) -> None:
        self.age, self.via = canary_age, via

    def watched(self) -> frozenset[str]:
        return self.watching

    async def rights_changed(self) -> None:
        self.checked += 1


@asynccontextmanager
async def feeding(chain: Chain, screens: Screens, *, bootstrap: str | None = None) -> AsyncIterator[LiveFeed]:
    """The feed of one serve process while the block runs."""
    wakeups = Wakeups(chain.database.app_url, ["events", "rights"])
    client = chain.kafka.client_options() | ({"bootstrap_servers": bootstrap} if bootstrap else {})
    feed = LiveFeed(
        hub=screens,
        fresh=chain.fresh,
        log=chain.cards,
        clock=chain.clock,
        client=client,
        topic=CARDS,
        events=wakeups.listener("events"),
        rights=wakeups.listener("rights"),
    )
    tasks = [asyncio.create_task(wakeups.run()), asyncio.create_task(feed.run())]
    try:
        yield feed
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_with_kafka_away_a_change_is_seen_within_two_seconds(chain: Chain) -> None:
    incident = await chain.report()
    own = incident_card(incident)
    screens = Screens(frozenset({own}))
    async with feeding(chain, screens, bootstrap="127.0.0.1:1"):
        await until(lambda: _shows(screens, own, chain), within=SOON_SECONDS, what="what was there is seen")
        for _ in range(3):
            await chain.change(incident)
            await until(lambda: _shows(screens, own, chain), within=SOON_SECONDS, what="the change is seen")
        assert screens.via == "database"
        await chain.pool.execute("NOTIFY rights")
        await until(lambda: _checked(screens), within=SOON_SECONDS, what="rights are checked")


async def test_with_the_agent_away_too_and_back_to_kafka_when_it_comes(chain: Chain) -> None:
    incident = await chain.report()
    own = incident_card(incident)
    screens = Screens(frozenset({own}), via="start")
    async with feeding(chain, screens), chain.relaying():
        await until(lambda: _via(screens, "kafka"), within=20, what="it reads and is not behind")
        await chain.change(incident)
        await until(lambda: _shows(screens, own, chain), within=SOON_SECONDS, what="the change is seen")
        assert screens.via == "database"
        with chain.agent():
            await Canaries(chain.pool, LIVE).send(chain.clock.now())
            await until(lambda: _via(screens, "kafka"), within=60, what="cards come through Kafka again")
            await chain.change(incident)
            await until(lambda: _shows(screens, own, chain), within=SOON_SECONDS, what="the change is seen")
            assert screens.via == "kafka"
            assert screens.age is not None


async def _shows(screens: Screens, own: str, chain: Chain) -> bool:
    version = (await chain.written())[own]
    card = screens.cards.get(own)
    return card is not None and card.contributions[own].version == version


async def _via(screens: Screens, way: str) -> bool:
    return screens.via == way


async def _checked(screens: Screens) -> bool:
    return screens.checked > 0
