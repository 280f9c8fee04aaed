"""The story that must work: from two signals to four parties at work, each on a screen of its own."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.instance import Running
from tests.acceptance.payloads import alertmanager, cloudevent
from tests.acceptance.people import Person, person
from tests.waiting import until

SERVICE = "Paspoorten, rijbewijzen en burgerzaken"
SAME_SUPPLIER = "Balie reisdocumenten"
OTHER = "Website en formulieren"
TITLE = "Inloggen burgerzaken werkt niet"
SECRET = "Wachtwoord van de beheerder lag op straat"
LIVE_MS = 15_000


@dataclass(frozen=True)
class Table:
    """Five people at five screens."""

    ciso: Person
    mayor: Person
    region: Person
    police: Person
    prosecutor: Person


@pytest.fixture(scope="module")
async def table(chromium: Browser, driehoek: Running) -> Table:
    """Everybody is signed in and looks at the page of the own function."""
    logins = ("ciso", "burgemeester", "regio", "politie", "om")
    made = Table(*[await person(chromium, driehoek.url, login) for login in logins])
    for one, page in zip((made.mayor, made.region, made.police), ("burgemeester", "regio", "partner"), strict=True):
        await one.open(f"/{page}")
        await one.is_live()
    await made.prosecutor.open("/partner")
    await made.ciso.open("/incidenten")
    await made.ciso.is_live()
    return made


@pytest.fixture(scope="module")
async def token(chromium: Browser, driehoek: Running) -> str:
    """The administrator makes a source on the page; its token is shown once."""
    administrator = await person(chromium, driehoek.url, "beheer")
    await administrator.open("/beheer/accounts")
    await administrator.page.locator("#bron-bron").fill("Monitoring")
    await administrator.page.get_by_role("button", name="Maak sleutel").click()
    shown = administrator.page.locator(".notice--good code")
    return await shown.inner_text()


async def post(driehoek: Running, token: str, path: str, payload: dict[str, Any], media: str) -> httpx.Response:
    """Post as a machine does."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media}
    async with httpx.AsyncClient(base_url=driehoek.url) as client:
        return await client.post(path, json=payload, headers=headers)


async def alert(driehoek: Running, token: str, service: str) -> None:
    """An Alertmanager webhook about this service."""
    answer = await post(driehoek, token, "/v1/signalen/alertmanager", alertmanager(service), "application/json")
    assert answer.status_code == 202, answer.text


@pytest.fixture(scope="module")
async def incident(driehoek: Running, table: Table, token: str) -> str:
    """Steps 1 to 4: two signals, one incident; its id."""
    await alert(driehoek, token, "burgerzaken")
    await table.ciso.sees(SERVICE)
    event = cloudevent("brp", "BRP geeft fouten")
    answer = await post(driehoek, token, "/v1/signalen", event, "application/cloudevents+json")
    assert answer.status_code == 202, answer.text
    row = table.ciso.page.locator("#incident-list tbody tr", has_text=SERVICE)
    await expect(row).to_have_count(1)
    href = await row.locator("a").first.get_attribute("href")
    assert href
    return href.rpartition("/")[2]


async def test_two_signals_open_one_incident_and_the_rule_is_shown(table: Table, incident: str) -> None:
    await table.ciso.open(f"/incidenten/{incident}")
    await table.ciso.is_live()
    await table.ciso.sees("Zelfde dienst van dezelfde gemeente, binnen 24 uur na het vorige signaal.")
    await table.ciso.sees("signalen: 2")
    assert "Te duiden" in await table.ciso.page.locator("#incident-head").inner_text()


async def test_another_service_of_another_supplier_does_not_join(
    driehoek: Running, table: Table, token: str, incident: str
) -> None:
    await table.ciso.open("/incidenten")
    await alert(driehoek, token, "website")
    await table.ciso.sees(OTHER)
    await table.ciso.open(f"/incidenten/{incident}")
    assert "signalen: 2" in await table.ciso.text()


async def test_a_service_of_the_same_supplier_is_proposed_to_join(
    driehoek: Running, table: Table, token: str, incident: str
) -> None:
    await table.ciso.open("/incidenten")
    await alert(driehoek, token, "reisdocumenten-balie")
    await table.ciso.sees(SAME_SUPPLIER)
    await table.ciso.page.locator("#incident-list tr", has_text=SAME_SUPPLIER).locator("a").first.click()
    await table.ciso.sees("Voorstel om samen te voegen")
    await table.ciso.sees("Andere dienst van dezelfde leverancier")
    await table.ciso.page.get_by_role("link", name="Bekijk en beslis").click()
    assert incident in await table.ciso.page.content() or SERVICE in await table.ciso.text()


async def test_the_clocks_stand_before_anybody_decided(table: Table, incident: str) -> None:
    await table.ciso.open(f"/incidenten/{incident}")
    duties = await table.ciso.page.locator("#incident-duties").inner_text()
    assert duties.lower().count("nog niet beoordeeld") >= 2
    assert re.search(r"Slechtste geval: als u dit om \d\d:\d\d wist, dan uiterlijk", duties)


async def test_a_report_joins_the_open_incident_and_answers_at_once(table: Table, incident: str) -> None:
    ciso = table.ciso.page
    await table.ciso.open("/melden")
    await ciso.locator("#wat").fill(f"{TITLE}. {SECRET}.")
    await ciso.get_by_label(SERVICE).check()
    await ciso.locator('input[name="opzet"][value="ja"]').check()
    await ciso.locator('input[name="gevolg"][value="openbare-orde"]').check()
    await ciso.get_by_role("button", name="Melden").click()
    await table.ciso.sees("Hoort dit bij een incident dat al openstaat?")
    await ciso.locator(f'input[name="hoort-bij"][value="{incident}"]').check()
    await ciso.get_by_role("button", name="Melden").click()
    await table.ciso.sees("Gemeld:")
    told = await table.ciso.text()
    for words in ("Isoleer", "Maak back-ups los", "Bewaar bewijs", "uiterlijk", "070 204 55 11", "CISO"):
        assert words.lower() in told.lower(), words


async def test_the_ciso_decides_and_the_clocks_run(table: Table, incident: str) -> None:
    page = table.ciso.page
    await table.ciso.open(f"/incidenten/{incident}")
    for regime in ("cbw", "gdpr"):
        await page.locator(f"#kennisname-{regime} summary").click()
        await page.locator(f'#kennisname-{regime} [name="reden"]').fill("Leverancier belde")
        await page.locator(f"#kennisname-{regime}").get_by_role("button").click()
        await page.wait_for_url("**gedaan=kennisname*")
        await page.locator(f"#significantie-{regime} summary").click()
        await page.locator(f'#significantie-{regime} [name="uitkomst"][value="ja"]').check()
        await page.locator(f'#significantie-{regime} [name="grond"]').first.check()
        await page.locator(f'#significantie-{regime} [name="reden"]').fill("Dienst ligt langer dan vier uur stil")
        await page.locator(f"#significantie-{regime}").get_by_role("button").click()
        await page.wait_for_url("**gedaan=significantie*")
    duties = await page.locator("#incident-duties").inner_text()
    assert "nog niet beoordeeld" not in duties.lower()
    assert "vastgesteld door" in duties
    assert duties.count("Uiterlijk") >= 3
    assert re.search(r"nog (1 dag|23 uur|2 dagen|71 uur)", duties)


async def test_the_playbook_lands_with_every_party(table: Table, incident: str) -> None:
    await table.ciso.open(f"/incidenten/{incident}")
    await table.ciso.page.get_by_role("button", name="Bevestig dit draaiboek").first.click()
    await table.ciso.page.wait_for_url("**gedaan=draaiboek*")
    for one in (table.mayor, table.region, table.police):
        await one.sees(await number_of(table, incident))
    await expect(table.police.page.locator("#task-list article").first).to_be_visible(timeout=LIVE_MS)
    await table.prosecutor.open("/partner")
    await expect(table.prosecutor.page.locator("#task-list article").first).to_be_visible(timeout=LIVE_MS)


async def number_of(table: Table, incident: str) -> str:
    """`INC-2026-0001`."""
    await table.ciso.open(f"/incidenten/{incident}")
    found = re.search(r"INC-\d{4}-\d{4}", await table.ciso.text())
    assert found
    return found[0]


async def test_a_party_acknowledges_finishes_and_refuses_and_others_see_it(table: Table, incident: str) -> None:
    await table.ciso.open(f"/incidenten/{incident}")
    await table.ciso.is_live()
    police = table.police.page
    card = police.locator("#task-list article").first
    title = await card.locator("h3").inner_text()
    await card.get_by_role("button", name="Gezien").click()
    await police.wait_for_url("**gedaan=gezien*")
    await (
        table.ciso.page.locator("#incident-playbooks li", has_text=title)
        .get_by_text("Gezien")
        .wait_for(timeout=LIVE_MS)
    )
    await police.locator("#task-list article", has_text=title).get_by_role("link", name="Kan niet").click()
    await police.get_by_role("button", name="Opslaan").click()
    await table.police.sees("Geef een reden")
    await police.locator("#taak-reden").fill("Geen capaciteit vannacht")
    await police.get_by_role("button", name="Opslaan").click()
    await police.wait_for_url("**gedaan=kan-niet*")
    await (
        table.ciso.page.locator("#incident-playbooks li", has_text=title)
        .get_by_text("Kan niet")
        .first.wait_for(timeout=LIVE_MS)
    )


async def test_each_sees_what_is_for_them_and_no_more(table: Table, incident: str) -> None:
    everywhere = {}
    for one, page in (
        (table.mayor, "/burgemeester"),
        (table.region, "/regio"),
        (table.police, "/partner"),
        (table.prosecutor, "/partner"),
    ):
        await one.open(page)
        everywhere[one.login] = (await one.page.content()) + (await one.text())
        await one.open(f"/incidenten/{incident}")
        everywhere[one.login] += (await one.page.content()) + (await one.text())
    for login in ("regio", "politie", "om"):
        assert SECRET not in everywhere[login], login
        assert "Burgersoft" not in everywhere[login], login
        assert "Zelfde dienst van dezelfde gemeente" not in everywhere[login], login
        assert "Kennisname" not in everywhere[login], login
    assert "burgemeester, Gemeente Utrecht" in everywhere["burgemeester"]
    assert "Opzet vermoed" in everywhere["politie"]
    assert "Opzet vermoed" not in everywhere["regio"]


async def test_a_stranger_and_another_municipality_see_nothing(
    chromium: Browser, driehoek: Running, incident: str
) -> None:
    neighbour = await person(chromium, driehoek.url, "ciso-gm0310")
    await neighbour.open(f"/incidenten/{incident}")
    assert "bestaat niet" in await neighbour.text()
    async with httpx.AsyncClient(base_url=driehoek.url) as client:
        assert (await client.get(f"/v1/incidenten/{incident}")).status_code == 401
        assert (await client.get(f"/incidenten/{incident}")).status_code == 303


async def test_everything_stands_in_the_logbook(table: Table, incident: str) -> None:
    await table.ciso.open(f"/incidenten/{incident}/logboek")
    told = (await table.ciso.text()).lower()
    for words in ("kennisname", "draaiboek", "geen capaciteit vannacht", "leverancier belde"):
        assert words in told, words


async def test_verify_proves_it_and_finds_a_change_behind_its_back(driehoek: Running, incident: str) -> None:
    async def signed() -> bool:
        told = await asyncio.to_thread(driehoek.told_json, "verify")
        assert told["ok"] is True
        return bool(told["checkpoints"] >= 1)

    await until(signed, within=60, what="a checkpoint was signed")
    url = driehoek.settings.database_owner_url
    assert url is not None
    connection = await asyncpg.connect(url.get_secret_value())
    stream = f"incident:{incident}"
    whole = await connection.fetchval("SELECT envelope FROM event WHERE stream_id = $1 AND version = 1", stream)
    update = "UPDATE event SET envelope = $2 WHERE stream_id = $1 AND version = 1"
    await connection.execute(update, stream, whole.replace(b"GM0344", b"GM0345"))
    try:
        fault = (await asyncio.to_thread(driehoek.told_json, "verify"))["first_fault"]
    finally:
        await connection.execute(update, stream, whole)
        await connection.close()
    assert (fault["stream"], fault["version"]) == (stream, 1)
    assert (await asyncio.to_thread(driehoek.told_json, "verify"))["ok"] is True


async def test_the_page_says_so_when_it_is_not_live(table: Table, driehoek: Running) -> None:
    await table.mayor.open("/burgemeester")
    await table.mayor.is_live()
    driehoek.hold("serve")
    try:
        await table.mayor.page.locator('#live:not([data-state="live"])').wait_for(timeout=30_000)
    finally:
        driehoek.let_go("serve")
    await table.mayor.is_live()
