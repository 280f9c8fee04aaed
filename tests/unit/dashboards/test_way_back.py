"""A refused form leaves nobody stranded, and what a live page lists itself follows the card."""

import pytest

from dashboards.views.painter import Painter
from domain.parties import Function
from tests.builders import an_id
from tests.unit.dashboards.html import faults, read
from tests.unit.dashboards.story import reported
from tests.unit.dashboards.test_forms import post
from tests.unit.dashboards.world import World

FORMS_ONLY = ("/melden/concept", "/taal", "/functie", "/uitloggen", f"/quarantaine/{an_id(1)}/opnieuw")


async def test_a_refused_form_stays_live_and_its_address_leads_back_to_the_incident() -> None:
    world = World()
    incident_id = await reported(world)
    home = f"/incidenten/{incident_id}"
    async with world.client() as browser:
        refused = await post(browser, f"{home}/significantie", {"uitkomst": "ja", "regime": "cbw"})
        again = await browser.get(f"{home}/significantie")
        unknown = await browser.get(f"{home}/opeten")
    body = read(refused.text).all("body")[0]
    assert refused.status_code == 400
    assert body["data-page"] == home
    assert (again.status_code, again.headers["location"]) == (303, home)
    assert unknown.status_code == 404
    assert faults(read(unknown.text)) == []


@pytest.mark.parametrize("address", FORMS_ONLY)
async def test_the_address_of_a_form_without_a_page_leads_home(address: str) -> None:
    async with World().client() as browser:
        answer = await browser.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_an_overview_names_its_own_address() -> None:
    async with World().client() as browser:
        body = read((await browser.get("/incidenten?gedaan=account")).text).all("body")[0]
    assert body["data-page"] == "/incidenten"


async def own(world: World, page: str, subject: str) -> object:
    """What tells a browser that it must fetch the regions of its own again."""
    actor = world.actor(Function.CISO)
    grant = await world.services.reads.room(actor, subject)
    view, _ = Painter.of(world.renderer, actor, page, subject, grant).paint(grant.cards, world.clock.now())
    return view.data["own"]


async def test_a_new_signal_makes_the_page_of_the_incident_fetch_its_list_of_signals() -> None:
    world = World()
    incident_id = await reported(world)
    rooms = (("incident", f"incident:{incident_id}"), ("incidenten", "gemeente:GM0344"))
    before = [await own(world, *room) for room in rooms]
    more = world.incident.model_copy(update={"signal_count": world.incident.signal_count + 1})
    world.store.rows.incidents[incident_id] = more
    after = [await own(world, *room) for room in rooms]
    assert before[0] != after[0]
    assert before[1] == after[1]
    async with world.client() as browser:
        page = read((await browser.get(f"/incidenten/{incident_id}")).text)
    assert "data-own" in page.by_id("incident-signals").attributes
