"""The logbook page: what people care about, the rest when asked for, the state of the chain, and lasting addresses."""

import re

from dashboards.views.log_words import STEPS
from domain import commands
from tests.builders import minutes
from tests.unit.dashboards.html import Page, read
from tests.unit.dashboards.story import reported, running
from tests.unit.dashboards.world import World


async def shown(world: World, address: str) -> Page:
    """A page of the logbook."""
    async with world.client() as browser:
        return read((await browser.get(address)).text)


def anchors(page: Page) -> set[str]:
    """The entries on a page."""
    return {each["id"] for each in page.all("li") if each["id"]}


async def test_the_steps_of_a_playbook_are_shown_only_when_asked_for() -> None:
    world = World()
    incident_id = await running(world)
    address = f"/incidenten/{incident_id}/logboek"
    facts = [fact for stream in world.store.rows.log.values() for fact in stream]
    steps = [fact for fact in facts if isinstance(fact.event, STEPS)]
    page = await shown(world, address)
    assert len(anchors(page)) == len(facts) - len(steps)
    assert f"U ziet {len(facts) - len(steps)} van {len(facts)} regels." in page.by_id("main").text
    assert "Stap bereikt" not in page.by_id("main").text
    assert "Taak gevraagd" in page.by_id("main").text
    assert len(anchors(await shown(world, f"{address}?soort=alles"))) == len(facts)
    assert "Stap bereikt" in (await shown(world, f"{address}?soort=systeem")).by_id("main").text


async def test_the_page_says_whether_the_chain_holds_and_when_that_was_seen() -> None:
    world = World()
    address = f"/incidenten/{await reported(world)}/logboek"
    assert "Keten klopt gecontroleerd" in (await shown(world, address)).by_id("main").text
    world.chains.good = False
    assert "Vertrouw het niet" in (await shown(world, address)).by_id("main").text


async def test_only_what_somebody_said_can_be_corrected() -> None:
    world = World()
    incident_id = await running(world)
    page = await shown(world, f"/incidenten/{incident_id}/logboek?soort=alles")
    offered = [each["href"] for each in page.all("a") if each["href"].startswith("?verbeter=")]
    machine = {
        fact.version
        for fact in world.store.rows.log[world.incident.stream_id]
        if fact.event.type.endswith(("draaiboek-voorgesteld", "samenvoeging-voorgesteld"))
    }
    assert offered
    assert not machine & {int(re.sub(r"\D", "", each.partition("#")[0])) for each in offered}


async def test_the_address_of_an_entry_stays_when_more_is_written() -> None:
    world = World()
    incident_id = await running(world)
    address = f"/incidenten/{incident_id}/logboek"
    page = await shown(world, f"{address}?soort=alles")
    links = [each["href"] for each in page.all("a") if each["href"].startswith("?voor=")]
    assert len(links) == len(anchors(page))
    for number in range(3):
        world.clock.wait(minutes(1))
        entry = commands.WriteEntry(at=world.clock.now(), entry="feit", text=f"later {number}")
        await world.services.acts.act(world.signed(), incident_id, entry)
    for link in links:
        query, _, anchor = link.partition("#")
        assert anchor in anchors(await shown(world, f"{address}{query}")), link
