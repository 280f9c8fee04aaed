"""The agent in a process of its own: cards on the topic, the canary goes round, and a kill loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.store.heartbeats import Heartbeats
from adapters.store.publish_rows import Canaries
from domain.picture import Card, incident_card
from streams.cards import CardReader
from tests.integration.picture.chain import CARDS, EVENTS, LIVE, Chain, stop_agent
from tests.waiting import until
from usecases.cloudevents import HEADERS

TOWN, REGION = "gemeente:GM0344", "vr:VR09"


@asynccontextmanager
async def reader(chain: Chain) -> AsyncIterator[tuple[dict[str, Card], list[datetime]]]:
    """The newest cards by id and the canaries that came, while the block runs."""
    cards: dict[str, Card] = {}
    canaries: list[datetime] = []

    def keep(card: Card) -> None:
        known = cards.get(card.card_id)
        if known is None or card.version > known.version:
            cards[card.card_id] = card

    one = CardReader(chain.kafka.client_options(), CARDS, on_card=keep, on_canary=canaries.append)
    task = asyncio.create_task(one.run())
    await asyncio.wait_for(one.ready.wait(), 20)
    try:
        yield cards, canaries
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_report_becomes_a_card_and_the_canary_goes_round(chain: Chain) -> None:
    async with reader(chain) as (cards, canaries), chain.relaying():
        with chain.agent() as process:
            incident = await chain.report()
            own = incident_card(incident)
            await until(lambda: _has(cards, own, TOWN, REGION), within=60, what="the cards reach the reader")
            await Canaries(chain.pool, LIVE).send(chain.clock.now())
            await until(lambda: _any(canaries), within=20, what="the canary comes round")
            (fresh,) = await chain.fresh([own])
            assert cards[own].contributions == fresh.contributions
            await until(lambda: _beats(chain), within=10, what="the agent beats")
            assert stop_agent(process) == 0


async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on(chain: Chain) -> None:
    async with reader(chain) as (cards, _), chain.relaying():
        with chain.agent():
            for value in (b"geen json", b"{}", b"[1]", None):
                await chain.pool.execute(
                    "INSERT INTO outbox (topic, key, value) VALUES ($1, $2, $3)", EVENTS, b"incident:x", value
                )
            incident = await chain.report()
            await until(lambda: _has(cards, incident_card(incident)), within=60, what="the card behind the junk")
            await until(lambda: _parked(chain, 4), within=10, what="four messages are parked")
    assert HEADERS["content-type"].startswith("application/cloudevents+json")


async def test_killed_in_the_middle_the_cards_still_equal_a_fresh_fold(chain: Chain) -> None:
    incidents = [await chain.report() for _ in range(4)]
    ids = [*(incident_card(each) for each in incidents), TOWN, REGION]
    async with reader(chain) as (cards, _), chain.relaying():
        for _ in range(2):
            with chain.agent() as process:
                await chain.report()
                before = dict(cards)
                work = asyncio.gather(*(chain.change(each) for each in incidents * 5))
                await until(lambda seen=before: _moved(cards, seen), within=60, what="the agent works")  # type: ignore[misc]  # a default binds the value of this round
                process.kill()
                await work
        with chain.agent():
            await until(lambda: _equal(chain, ids), within=60, what="rows equal a fresh fold")
            await until(lambda: _same(cards, chain, ids), within=20, what="readers have the same cards")


async def _has(cards: dict[str, Card], *ids: str) -> bool:
    return all(each in cards for each in ids)


async def _any(found: list[datetime]) -> bool:
    return bool(found)


async def _moved(cards: dict[str, Card], before: dict[str, Card]) -> bool:
    return cards != before


async def _beats(chain: Chain) -> bool:
    return "stream" in await Heartbeats(chain.pool).read()


async def _parked(chain: Chain, count: int) -> bool:
    beat = (await Heartbeats(chain.pool).read()).get("stream")
    return beat is not None and beat.detail["parked"] >= count


async def _equal(chain: Chain, ids: list[str]) -> bool:
    rows = await chain.rows(ids)
    return all(rows[card.card_id].contributions == card.contributions for card in await chain.fresh(ids))


async def _same(cards: dict[str, Card], chain: Chain, ids: list[str]) -> bool:
    return all(
        card.card_id in cards and cards[card.card_id].contributions == card.contributions
        for card in await chain.fresh(ids)
    )
