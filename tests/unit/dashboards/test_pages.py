"""Every page, for every function, in both languages: it opens, it is well made, and it speaks one language."""

from uuid import UUID

import pytest

from dashboards.catalogue import catalogue
from dashboards.views.menu import ADDRESSES, MENUS
from domain.events.core import Mode
from domain.parties import Function
from tests.unit.dashboards.html import Page, faults, read
from tests.unit.dashboards.story import reported, running
from tests.unit.dashboards.world import EVERYBODY, World

LANGUAGES = ("nl", "en")
FOR_EVERYBODY = ("/gezondheid", "/toegankelijkheid", "/mijn-gegevens")
LONG = 25
"""A sentence of this length is recognised inside another text."""


async def addresses(world: World, function: Function, incident_id: UUID) -> list[str]:
    """All pages that this function can open."""
    found = [ADDRESSES[name] for name in MENUS[function]] + list(FOR_EVERYBODY)
    actor = world.actor(function)
    tasks = [task for task in world.store.rows.tasks.values() if task.organisation == actor.organisation]
    found += [f"/taken/{task.task_key}" for task in tasks if task.function == function][:1]
    if function is not Function.BEHEERDER:
        found += [f"/incidenten/{incident_id}", f"/incidenten/{incident_id}/logboek"]
    if "melden" in MENUS[function]:
        found.append(f"/incidenten/{incident_id}/gemeld")
    return found


def foreign(page: Page, language: str) -> list[str]:
    """Texts of the other language on this page. A word that both languages know is in neither list."""
    english = catalogue("en").messages
    nl, en = set(english), set(english.values())
    wrong = (nl - en) if language == "en" else (en - nl)
    long = [each for each in wrong if len(each) > LONG and "{" not in each and "%" not in each]
    spoken = ("aria-label", "data-label")
    texts = [*page.texts, *(each[name] for each in page.elements for name in spoken if each[name])]
    return [text for text in texts if text in wrong or any(each in text for each in long)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", EVERYBODY)
async def test_every_page_opens_is_well_made_and_speaks_one_language(function: Function, language: str) -> None:
    world = World(demo=True)
    incident_id = await running(world)
    async with world.client(function, language) as browser:
        for address in await addresses(world, function, incident_id):
            answer = await browser.get(address)
            page = read(answer.text)
            assert answer.status_code == 200, address
            assert faults(page) == [], address
            assert page.all("html")[0]["lang"] == language
            assert foreign(page, language) == [], address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/inloggen", "/inloggen/code", "/koppeling/abc", "/toegankelijkheid"])
async def test_pages_before_signing_in(address: str, language: str) -> None:
    world = World(demo=True)
    async with world.client(None) as browser:
        browser.cookies.set("driehoek-taal", language)
        browser.headers["x-half"] = "yes"
        page = read((await browser.get(address)).text)
    assert faults(page) == []
    assert foreign(page, language) == []


async def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back() -> None:
    async with World().client(None) as browser:
        answer = await browser.get("/incidenten")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/inloggen?naar=/incidenten"


async def test_who_cannot_be_recognised_now_is_told_so() -> None:
    async with World().client(None) as browser:
        answer = await browser.get("/incidenten", headers={"x-away": "yes"})
    assert answer.status_code == 503
    assert "Probeer het over een minuut opnieuw" in answer.text


async def test_a_page_that_is_not_for_you_is_a_page_with_a_reason() -> None:
    world = World()
    async with world.client(Function.POLITIE) as browser:
        answer = await browser.get("/grootboek")
    assert answer.status_code == 403
    assert faults(read(answer.text)) == []
    assert "U mag dit niet doen" in answer.text


async def test_partners_do_not_see_an_incident_before_it_is_shared() -> None:
    world = World()
    incident_id = await reported(world)
    async with world.client(Function.POLITIE) as browser:
        assert (await browser.get(f"/incidenten/{incident_id}")).status_code == 404
        assert world.incident.number not in (await browser.get("/partner")).text


async def test_no_page_is_kept_in_a_cache_or_may_load_from_elsewhere() -> None:
    async with World().client() as browser:
        answer = await browser.get("/incidenten")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_mayor_reads_at_most_120_words() -> None:
    world = World()
    await running(world)
    async with world.client(Function.BURGEMEESTER) as browser:
        page = read((await browser.get("/burgemeester")).text)
    shown = " ".join(each.text for each in page.all("section") if "data-region" in each.attributes).split()
    words = [word for word in shown if any(letter.isalpha() for letter in word)]
    assert len(words) <= 120, words


async def test_an_exercise_and_a_demonstration_say_so_in_title_and_header() -> None:
    async with World(mode=Mode.OEFENING, demo=True).client() as browser:
        page = read((await browser.get("/incidenten")).text)
    assert page.all("title")[0].text.startswith("OEFENING")
    assert "dit is geen echt incident" in page.all("header")[0].text
    assert "DEMONSTRATIE" in page.all("header")[0].text
