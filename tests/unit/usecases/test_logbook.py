"""The logbook in pages: facts of the incident and of its playbooks, each exactly once, newest first."""

from typing import Any
from uuid import UUID

import pytest

from domain import commands, refusals
from domain.parties import Function
from tests.builders import minutes
from tests.unit.dashboards.story import reported, running
from tests.unit.dashboards.world import World
from usecases import logbook
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
