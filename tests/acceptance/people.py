"""People at their screens: real Chromium pages, signed in with the demonstration accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page, async_playwright

from wiring.demo import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LIVE_MS = 15_000
PHONE = (390, 844)
DESK = (1280, 900)


@dataclass(frozen=True)
class Person:
    """Somebody with a page of their own."""

    login: str
    page: Page
    url: str

    async def open(self, path: str) -> None:
        """Go to a page."""
        await self.page.goto(f"{self.url}{path}")

    async def sees(self, text: str, *, within_ms: float = LIVE_MS) -> None:
        """Wait until this text is on the page, without touching anything."""
        await self.page.get_by_text(text).first.wait_for(state="visible", timeout=within_ms)

    async def text(self) -> str:
        """Everything that is shown in the main part of the page now."""
        return await self.page.locator("main").inner_text()

    async def is_live(self) -> None:
        """Wait until the page says that it is live."""
        await self.page.locator('#live[data-state="live"]').wait_for(timeout=LIVE_MS)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield running
        finally:
            await running.close()


async def person(
    chromium: Browser,
    url: str,
    login: str,
    *,
    size: tuple[int, int] = DESK,
    language: str = "nl",
    scripts: bool = True,
) -> Person:
    """Sign in; a browser profile of its own, so that cookies are never shared. `scripts` = whether JavaScript runs."""
    context = await chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=language,
        timezone_id="Europe/Amsterdam",
        java_script_enabled=scripts,
    )
    page = await context.new_page()
    await page.goto(f"{url}/inloggen")
    await page.locator("#naam").fill(login)
    await page.locator("#wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Inloggen").click()
    await page.wait_for_url(lambda address: "/inloggen" not in address)
    return Person(login=login, page=page, url=url)
