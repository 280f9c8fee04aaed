"""Everything but liveness works without JavaScript: report, decide, start a playbook, answer a task, read back."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.instance import Running
from tests.acceptance.people import Person, person


@pytest.fixture
async def plain_ciso(chromium: Browser, driehoek: Running) -> Person:
    """A CISO whose browser runs no script."""
    return await person(chromium, driehoek.url, "ciso", scripts=False)


async def test_a_report_a_decision_and_a_task_without_a_script(plain_ciso: Person) -> None:
    page = plain_ciso.page
    await plain_ciso.open("/melden")
    await page.locator("#wat").fill("Inloggen burgerzaken werkt niet")
    await page.locator('input[name="dienst"][value="burgerzaken"]').check()
    await page.get_by_role("button", name="Melden").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Gemeld:")
    incident = re.sub(r".*/incidenten/([^/]+)/.*", r"\1", page.url)
    await plain_ciso.open(f"/incidenten/{incident}")
    refresh = page.locator('meta[http-equiv="refresh"]')
    assert await refresh.count() == 0, "who types must not lose the text"
    assert "ververs deze pagina zelf" in await page.locator("#stalebar").inner_text()
    await page.locator("#ernst summary").click()
    await page.locator("#ernst-ernst").select_option("ernstig-verstoord")
    await page.locator("#ernst-reden").fill("De balie is dicht")
    await page.locator("#ernst").get_by_role("button").click()
    await page.wait_for_url("**gedaan=ernst*")
    assert "Ernstig verstoord" in await page.locator("#incident-head").inner_text()
    await page.locator("#draaiboek summary").click()
    await page.locator('#draaiboek label:has-text("DDoS-aanval") input').check()
    await page.locator("#draaiboek").get_by_role("button").click()
    await page.wait_for_url("**gedaan=draaiboek*")
    await plain_ciso.open("/taken")
    assert await refresh.count() == 1
    card = page.locator("#task-list article").first
    await card.get_by_role("button", name="Gezien").click()
    await page.wait_for_url("**gedaan=gezien*")
    await page.locator("#task-list article").first.get_by_role("link", name="Overslaan").click()
    await page.locator("#taak-reden").fill("Dat deed de leverancier al")
    await page.get_by_role("button", name="Opslaan").click()
    await page.wait_for_url("**gedaan=overgeslagen*")
    await plain_ciso.open(f"/incidenten/{incident}/logboek")
    told = await plain_ciso.text()
    for words in ("Melding ontvangen", "De balie is dicht", "Dat deed de leverancier al", "Keten klopt"):
        assert words in told, words
