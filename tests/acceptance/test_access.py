"""Signing in without demonstration accounts: one-time link, app, codes on paper; and rights that end at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from domain.accounts import FREE_ATTEMPTS, RECOVERY_CODES
from tests.acceptance.instance import Running, instance

PASSWORD = "een lange zin die niemand raadt"
OTHER_PASSWORD = "en nog een andere lange zin"
TAKEN_MS = 2000
"""Within this time a taken right takes effect."""


@pytest.fixture(scope="module")
def house() -> Iterator[Running]:
    """A first start without demonstration data."""
    with instance() as running:
        yield running


@dataclass
class Somebody:
    """A person with a telephone, at a browser of their own."""

    page: Page
    url: str
    secret: str = ""
    paper: tuple[str, ...] = ()

    async def accepts(self, link: str, password: str = PASSWORD) -> None:
        """Open a one-time link and choose a password."""
        await self.page.goto(link)
        await self.page.locator("#wachtwoord").fill(password)
        await self.page.locator("#nogmaals").fill(password)
        await self.page.get_by_role("button", name="Opslaan").click()

    async def knocks(self, login: str, password: str = PASSWORD) -> None:
        """Name and password."""
        await self.page.goto(f"{self.url}/inloggen")
        await self.page.locator("#naam").fill(login)
        await self.page.locator("#wachtwoord").fill(password)
        await self.page.get_by_role("button", name="Inloggen").click()

    async def links_app(self) -> None:
        """Type the secret over into the app, the code back, and keep the paper."""
        await self.page.wait_for_url("**/inloggen/app")
        self.secret = await self.page.locator("main code").inner_text()
        await self.page.locator("#code").fill(pyotp.TOTP(self.secret).now())
        await self.page.get_by_role("button", name="Koppel en log in").click()
        await self.page.get_by_text("Bewaar deze herstelcodes op papier").wait_for()
        self.paper = tuple(await self.page.locator("ol.codes code").all_inner_texts())
        await self.page.get_by_role("link", name="Ik heb ze bewaard").click()

    async def types(self, code: str) -> None:
        """The second step."""
        await self.page.wait_for_url("**/inloggen/code")
        await self.page.locator("#code").fill(code)
        await self.page.get_by_role("button", name="Verder").click()

    async def enters(self, link: str, login: str) -> None:
        """From the link to the first page."""
        await self.accepts(link)
        await self.knocks(login)
        await self.links_app()


async def somebody(chromium: Browser, house: Running) -> Somebody:
    """A browser profile of its own."""
    context = await chromium.new_context(locale="nl", timezone_id="Europe/Amsterdam")
    return Somebody(page=await context.new_page(), url=house.url)


@pytest.fixture(scope="module")
async def administrator(chromium: Browser, house: Running) -> Somebody:
    """The first one, by the link that the start printed."""
    (told,) = [line for line in house.told if "Eenmalige koppeling" in line]
    link = told.rpartition(" ")[2]
    made = await somebody(chromium, house)
    await made.enters(link, "beheerder")
    await made.page.goto(link)
    await expect(made.page.locator("main")).to_contain_text("koppeling")
    assert "/koppeling/" in made.page.url, "a link works once"
    return made


async def invited(administrator: Somebody, login: str, function: str = "ciso") -> str:
    """The link for a new account."""
    page = administrator.page
    await page.goto(f"{administrator.url}/beheer/accounts")
    await page.locator("#uitnodigen-volledig").fill(f"Iemand {login}")
    await page.locator("#uitnodigen-naam").fill(login)
    await page.locator("#uitnodigen-functie").select_option(function)
    await page.get_by_role("button", name="Maak koppeling").click()
    return await page.locator(".notice--good code").inner_text()


async def manages(administrator: Somebody, login: str, act: str, function: str = "ciso") -> None:
    """An act of the administrator on one account."""
    page = administrator.page
    await page.goto(f"{administrator.url}/beheer/accounts")
    row = page.locator("section[aria-labelledby=lijst] > ul > li", has_text=login)
    await row.locator("summary").click()
    await row.locator("select[name=functie]").select_option(function)
    await row.locator("input[name=reden]").fill("Proef")
    await row.get_by_role("button", name=act, exact=True).click()


async def test_the_second_factor_and_the_codes_on_paper(
    chromium: Browser, house: Running, administrator: Somebody
) -> None:
    one = await somebody(chromium, house)
    await one.enters(await invited(administrator, "kim"), "kim")
    await one.page.wait_for_url("**/incidenten")
    assert len(one.paper) == RECOVERY_CODES
    again = await somebody(chromium, house)
    await again.knocks("kim")
    await again.types("000000")
    await expect(again.page.locator("main")).to_contain_text("code")
    assert again.page.url.endswith("/inloggen/code")
    await again.types(one.paper[0])
    await again.page.wait_for_url("**/incidenten")
    third = await somebody(chromium, house)
    await third.knocks("kim")
    await third.types(one.paper[0])
    await expect(third.page.locator('[role="alert"], .errors, .notice--bad').first).to_be_visible()
    await third.types(pyotp.TOTP(one.secret).at(int(await _now(third)), counter_offset=1))
    await third.page.wait_for_url("**/incidenten")


async def _now(one: Somebody) -> float:
    """Seconds, by the clock of the browser."""
    return float(await one.page.evaluate("Date.now() / 1000"))


async def test_wrong_passwords_make_one_wait_and_a_reset_helps(
    chromium: Browser, house: Running, administrator: Somebody
) -> None:
    one = await somebody(chromium, house)
    await one.enters(await invited(administrator, "noor"), "noor")
    thief = await somebody(chromium, house)
    for _ in range(FREE_ATTEMPTS + 1):
        await thief.knocks("noor", "niet het goede wachtwoord")
    await thief.knocks("noor")
    await expect(thief.page.locator("main")).to_contain_text(re.compile("[Ww]acht|vaak"))
    assert "/inloggen" in thief.page.url
    await manages(administrator, "noor", "Herstelkoppeling")
    link = await administrator.page.locator(".notice--good code").inner_text()
    back = await somebody(chromium, house)
    await back.accepts(link, OTHER_PASSWORD)
    await back.knocks("noor", OTHER_PASSWORD)
    await back.links_app()
    await back.page.wait_for_url("**/incidenten")
    await one.page.goto(f"{house.url}/incidenten")
    assert "/inloggen" in one.page.url, "sessions of before the reset have ended"


@pytest.mark.parametrize(("act", "login"), [("Neem functie af", "jip"), ("Blokkeren", "bo")])
async def test_a_right_that_is_taken_ends_the_open_page(
    chromium: Browser, house: Running, administrator: Somebody, act: str, login: str
) -> None:
    one = await somebody(chromium, house)
    await one.enters(await invited(administrator, login), login)
    await one.page.wait_for_url("**/incidenten")
    await one.page.locator('#live[data-state="live"]').wait_for()
    await manages(administrator, login, act)
    await one.page.wait_for_url(lambda url: "/inloggen" in url, wait_until="commit", timeout=TAKEN_MS)
    answer = await one.page.request.get(f"{house.url}/v1/incidenten")
    assert answer.status in (401, 403)
