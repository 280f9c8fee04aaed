"""Pages of the mayor, quarantine and health: decisions apart from reading, alarms as sentences."""

from dataclasses import replace

import pytest

from dashboards import words
from dashboards.models import PartState, QuarantineLine
from dashboards.pages.management import grouped
from dashboards.views.boards import SOONEST
from domain import commands
from domain.parties import Function
from domain.severity import Severity
from tests.builders import DINSDAG_0900, an_id
from tests.unit.dashboards.html import Page, faults, read
from tests.unit.dashboards.story import SUPPLIER, decided, reported, running
from tests.unit.dashboards.test_forms import post
from tests.unit.dashboards.world import World
from wiring.services.reads import printable


async def opened(world: World, address: str, function: Function = Function.CISO) -> Page:
    """A page, for somebody."""
    async with world.client(function) as browser:
        page = read((await browser.get(address)).text)
    assert faults(page) == []
    return page


async def test_the_mayor_decides_what_is_hers_and_reads_the_rest() -> None:
    world = World()
    await running(world)
    page = await opened(world, "/burgemeester", Function.BURGEMEESTER)
    mine = [task for task in world.store.rows.tasks.values() if task.function is Function.BURGEMEESTER]
    ids = {each["id"] for each in page.all("li")}
    for task in mine:
        place = "besluit" if task.mayor_decides else "lezen"
        assert f"{place}-{task.task_key}" in ids
    assert not [each for each in ids if each.startswith("besluit-") and "Kennisnemen" in page.by_id(each).text]


async def test_whether_a_serious_incident_is_a_crisis_waits_for_the_mayor() -> None:
    world = World()
    incident_id = await reported(world, severity=Severity.ERNSTIG)
    page = await opened(world, "/burgemeester", Function.BURGEMEESTER)
    assert "Is dit een crisis?" not in page.by_id("mayor-decide").text
    await decided(world, incident_id)
    page = await opened(world, "/burgemeester", Function.BURGEMEESTER)
    assert "Is dit een crisis?" in page.by_id(f"crisis-{incident_id}").text
    calm = commands.SetSeverity(at=world.clock.now(), severity=Severity.VERSTOORD, reason="Valt mee")
    await world.services.acts.act(world.signed(), incident_id, calm)
    page = await opened(world, "/burgemeester", Function.BURGEMEESTER)
    assert "Er ligt nu geen besluit bij u" in page.by_id("mayor-decide").text


async def test_limits_of_several_incidents_say_whose_they_are() -> None:
    world = World()
    for _ in range(3):
        await reported(world)
    page = await opened(world, "/burgemeester", Function.BURGEMEESTER)
    shown = [each for each in page.all("li") if each["id"].startswith("termijn-")]
    assert len(shown) == SOONEST
    assert all("INC-" in each.text for each in shown)
    assert "en nog" in page.by_id("mayor-clocks").text


async def test_a_person_starts_a_playbook_that_no_rule_proposed() -> None:
    world = World()
    incident_id = await running(world)
    page = await opened(world, f"/incidenten/{incident_id}")
    offered = [each["value"] for each in page.all("input") if each["name"] == "draaiboek"]
    assert SUPPLIER not in offered
    assert set(offered) <= set(world.rules.catalogue)
    chosen = next(book.id for book in world.rules.catalogue.values() if book.name == "DDoS-aanval")
    async with world.client() as browser:
        wrong = await post(browser, f"/incidenten/{incident_id}/draaiboek", {"vorm": "draaiboek"})
        answer = await post(browser, f"/incidenten/{incident_id}/draaiboek", {"vorm": "draaiboek", "draaiboek": chosen})
    assert "Maak een keuze." in wrong.text
    assert answer.status_code == 303
    assert chosen in {each.playbook_id for each in world.incident.playbooks if each.execution_id}


async def test_what_was_recorded_as_the_moment_of_discovery_is_said() -> None:
    world = World()
    async with world.client() as browser:
        answer = await post(browser, "/melden", {"wat": "Stuk", "wanneer": "uur"})
    page = await opened(world, answer.headers["location"])
    assert "Vastgelegd als moment van ontdekken: 24 nov 2026 08:00" in page.by_id("main").text
    page = await opened(world, f"/incidenten/{world.incident.incident_id}")
    assert "ontdekt 24 nov 2026 08:00" in page.by_id("incident-texts").text


def test_quarantine_is_told_per_source_and_reason() -> None:
    line = QuarantineLine(
        receipt_id=an_id(1), source="Meetpost", received_at=DINSDAG_0900, reasons=("geen JSON",), size=4, excerpt="{nee"
    )
    other = replace(line, receipt_id=an_id(2), source="Servicedesk")
    found = grouped([line, other, replace(line, receipt_id=an_id(3))])
    assert [(each.source, len(each.lines)) for each in found] == [("Meetpost", 2), ("Servicedesk", 1)]


def test_bytes_of_others_cannot_turn_a_page_around_or_hide() -> None:
    assert printable("a\x00\u202eb\n\x1b[31m") == "a\\u0000\\u202eb\n\\u001b[31m"


@pytest.mark.parametrize("name", [*words.ALARM, "alarm:anders"])
async def test_an_alarm_is_a_sentence_with_what_to_do(name: str) -> None:
    world = World()

    async def states() -> tuple[PartState, ...]:
        return (PartState(name="sweep", works=True, needed=False), PartState(name=name, works=False, needed=False))

    object.__setattr__(world.services.reads, "states", states)
    page = await opened(world, "/gezondheid")
    assert "Bewaken van termijnen : werkt" in page.by_id("main").text
    assert "aarschuw de beheerder" in page.by_id("main").text
