"""The logbook in pages: facts of the incident and of its playbooks, each exactly once, newest first."""

from typing import Any
from uuid import UUID

import pytest

from dashboards.models import LogFilter
from domain import commands, refusals
from domain.parties import Function
from tests.builders import minutes
from tests.unit.dashboards.story import reported, running
from tests.unit.dashboards.world import World
from usecases import logbook, reading
from usecases.reading import Desk


def desk(world: World) -> Desk:
    """What reading needs, in this world."""
    return Desk(readings=world.readings, rules=world.rules, clock=world.clock)


async def written(world: World, incident_id: UUID, count: int) -> None:
    """So many lines, a minute apart."""
    for number in range(count):
        world.clock.wait(minutes(1))
        entry = commands.WriteEntry(at=world.clock.now(), entry="feit", text=f"regel {number}")
        await world.services.acts.act(world.signed(), incident_id, entry)


async def test_pages_together_hold_every_fact_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "PAGE", 3)
    world = World()
    incident_id = await running(world)
    await written(world, incident_id, 8)
    seen: list[Any] = []
    before = None
    while True:
        page = await logbook.logbook(desk(world), world.actor(), incident_id, before=before)
        seen += [line.recorded for line in page.lines]
        if page.older is None:
            break
        before = page.older
    everything = [fact for stream in world.store.rows.log.values() for fact in stream]
    assert len(seen) == len({fact.event_id for fact in seen})
    assert {fact.event_id for fact in seen} == {fact.event_id for fact in everything}
    assert [fact.recorded_at for fact in seen] == sorted((fact.recorded_at for fact in seen), reverse=True)


async def test_who_may_not_see_the_incident_may_not_see_its_logbook() -> None:
    world = World()
    incident_id = await reported(world)
    with pytest.raises(refusals.IncidentUnknownError):
        await logbook.logbook(desk(world), world.actor(Function.POLITIE), incident_id)


async def test_the_words_of_a_reason_are_withheld_from_partners() -> None:
    world = World()
    incident_id = await running(world)
    page = await logbook.logbook(desk(world), world.actor(Function.COORDINATOR), incident_id)
    assert "Balie dicht" not in repr(page.lines)


@pytest.mark.parametrize("function", [Function.POLITIE, Function.OFFICIER, Function.COORDINATOR, Function.COMMUNICATIE])
async def test_duties_of_the_municipality_stand_in_no_logbook_of_who_may_not_see_them(function: Function) -> None:
    world = World()
    incident_id = await running(world)
    page = await logbook.logbook(desk(world), world.actor(function), incident_id)
    _, lines = await reading.logbook(desk(world), world.actor(function), incident_id)
    for types in ({line.recorded.event.type for line in found} for found in (page.lines, lines)):
        assert "nl.incidenten.status-gewijzigd" in types
        assert not types & {"nl.incidenten.kennisname-vastgesteld", "nl.incidenten.significantie-besloten"}


async def test_the_mayor_sees_the_duties_in_both_logbooks() -> None:
    world = World()
    incident_id = await running(world)
    mayor = world.actor(Function.BURGEMEESTER)
    page = await logbook.logbook(desk(world), mayor, incident_id)
    _, lines = await reading.logbook(desk(world), mayor, incident_id)
    for found in (page.lines, lines):
        assert "nl.incidenten.kennisname-vastgesteld" in {line.recorded.event.type for line in found}


async def test_hidden_facts_do_not_shorten_a_page_of_the_interface() -> None:
    world = World()
    incident_id = await running(world)
    _, lines = await reading.logbook(desk(world), world.actor(Function.POLITIE), incident_id, limit=4)
    assert len(lines) == 4


async def test_who_reads_is_offered_to_correct_only_what_the_own_organisation_wrote() -> None:
    world = World()
    incident_id = await running(world)
    for function, offered in ((Function.CISO, True), (Function.POLITIE, False)):
        page = await world.services.reads.logbook(world.actor(function), incident_id, LogFilter())
        theirs = [entry for entry in page.entries if entry.recorded.by.organisation == "gemeente:GM0344"]
        assert theirs
        assert any(entry.correctable for entry in theirs) is offered
