"""The services of the pages on PostgreSQL: a report, its room, its logbook and its receipt."""

from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import asyncpg

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.store.cards import PgCards
from adapters.store.chain_check import PgChains
from adapters.store.drafts import Drafts
from adapters.store.readings import PgReadings
from adapters.store.registers import PgRegisters
from adapters.store.shelf import PgShelves
from adapters.store.store import PgStore
from dashboards.models import LogFilter
from dashboards.services import Signed
from domain.events.core import Mode
from tests.builders import a_report, an_actor
from tests.servers import Database
from usecases.context import Context
from usecases.fresh_cards import fresh_cards
from usecases.picture import Picture
from usecases.reading import Desk
from usecases.report_incident import report
from wiring.parts import rules
from wiring.services.acts import ActServices
from wiring.services.incidents import IncidentReads
from wiring.services.names import Naming
from wiring.services.reads import ReadServices
from wiring.services.rooms import Rooms


async def _nothing() -> Any:
    return 0


async def test_a_report_is_at_once_in_its_room_its_logbook_and_its_receipt(pool: asyncpg.Pool) -> None:
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    store = PgStore(pool, Mode.LIVE, ids.new)
    ctx = Context(store=store, registers=PgRegisters(pool), clock=clock, ids=ids, rules=rules())
    desk = Desk(readings=PgReadings(pool, _nothing), rules=ctx.rules, clock=clock)
    naming = Naming(ctx.rules, ctx.registers)
    picture = Picture(cards=PgCards(pool, Mode.LIVE), rules=ctx.rules, clock=clock)
    reads = ReadServices(
        rooms=Rooms(desk=desk, naming=naming, fresh=partial(fresh_cards, picture)),
        texts=IncidentReads(ctx=ctx, desk=desk, naming=naming, chains=PgChains(pool, clock)),
        drafts=Drafts(pool),
        states=_nothing,
    )
    acts = ActServices(
        ctx=ctx,
        registers=store,
        drafts=Drafts(pool),
        shelves=PgShelves(pool),
        door=cast("Any", SimpleNamespace()),
    )
    actor = an_actor()
    incident_id = await acts.report(Signed(actor=actor, key="1"), a_report(at=clock.now()), None)
    grant = await reads.room(actor, actor.organisation)
    assert str(incident_id) in str(grant.cards[0].contributions)
    assert (await reads.receipt(actor, incident_id)).limits
    page = await reads.logbook(actor, incident_id, LogFilter())
    assert page.total == len(page.entries)
    assert page.chain_good
    assert (await reads.incident(actor, incident_id)).reports[0].text == "Inloggen burgerzaken werkt niet"
    assert [line.incident_id for line in await reads.likely(actor, ["burgerzaken"], None)] == [incident_id]


async def test_a_change_behind_its_back_is_seen_at_the_next_look(pool: asyncpg.Pool, own_database: Database) -> None:
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    store = PgStore(pool, Mode.LIVE, ids.new)
    ctx = Context(store=store, registers=PgRegisters(pool), clock=clock, ids=ids, rules=rules())
    told = await report(ctx, an_actor(), a_report(at=clock.now()), None, key="1")
    stream = f"incident:{told.incident_id}"
    chains = PgChains(pool, clock)
    first = await chains.check([stream])
    assert first.good
    assert await chains.check([stream]) is first
    owner = await asyncpg.connect(own_database.owner_url)
    try:
        await owner.execute("UPDATE event SET envelope = envelope || ' ' WHERE stream_id = $1", stream)
    finally:
        await owner.close()
    assert not (await PgChains(pool, clock).check([stream])).good
