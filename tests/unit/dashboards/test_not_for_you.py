"""Nobody is reassured by an empty list of what they may not see, or led to a page that refuses them."""

import pytest

from dashboards.views.menu import ADDRESSES, OF_INCIDENTS, home_of, menu_of
from domain.parties import Function
from tests.unit.dashboards.html import read
from tests.unit.dashboards.story import running
from tests.unit.dashboards.world import EVERYBODY, World

REASSURING = "geen open incidenten"


@pytest.mark.parametrize("page", sorted(OF_INCIDENTS))
async def test_the_administrator_hears_that_incidents_are_not_visible(page: str) -> None:
    world = World()
    actor = world.actor(Function.BEHEERDER)
    async with world.client(Function.BEHEERDER) as browser:
        answer = await browser.get(ADDRESSES[page])
    assert answer.status_code == 403
    assert "mag u geen incidenten zien" in answer.text
    assert REASSURING not in answer.text
    assert ADDRESSES[page] not in {item.href for item in menu_of(actor, "/")}


@pytest.mark.parametrize("function", EVERYBODY)
async def test_an_overview_for_another_function_leads_to_the_own_home(function: Function) -> None:
    if function is Function.BEHEERDER:
        return
    world = World()
    actor = world.actor(function)
    mine = {item.href for item in menu_of(actor, "/")}
    async with world.client(function) as browser:
        for page in ("burgemeester", "regio", "partner"):
            answer = await browser.get(ADDRESSES[page])
            if ADDRESSES[page] in mine:
                assert answer.status_code == 200
            else:
                assert (answer.status_code, answer.headers["location"]) == (303, home_of(actor))


async def test_only_who_may_report_is_shown_the_button() -> None:
    world = World()
    for function in EVERYBODY:
        async with world.client(function) as browser:
            page = read((await browser.get("/incidenten")).text)
            opened = (await browser.get("/melden")).status_code == 200
        shown = "/melden" in {each["href"] for each in page.all("a") if "nl-button" in each["class"]}
        assert shown is (opened and function is not Function.BEHEERDER), function


@pytest.mark.parametrize("function", EVERYBODY)
async def test_the_heading_of_acts_stands_above_at_least_one(function: Function) -> None:
    world = World()
    incident_id = await running(world)
    async with world.client(function) as browser:
        page = read((await browser.get(f"/incidenten/{incident_id}")).text)
    headings = [each["id"] for each in page.all("h2")]
    forms = {each["id"] for each in page.all("details")} & {"status", "draaiboek", "ernst", "rol", "lijn-bron"}
    assert ("acts-title" in headings) is bool(forms)
