"""Screenshots of every page, nl and en, 390 and 1280 px wide, into `build/gallery`; axe runs on each of them.

`python -m tests.acceptance.gallery`: starts an instance, plays the start of the story, visits the pages.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page

from tests.acceptance.callers import source_token
from tests.acceptance.instance import Running, instance
from tests.acceptance.payloads import alertmanager
from tests.acceptance.people import DESK, PHONE, Person, browser, person

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "gallery"
AXE = ROOT / "dashboards" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"390": PHONE, "1280": DESK}
PAGES: Mapping[str, Sequence[str]] = {
    "ciso": (
        "incidenten",
        "incidenten/{incident}",
        "incidenten/{incident}/logboek",
        "incidenten/{other}",
        "melden",
        "taken",
        "register",
        "quarantaine",
        "grootboek",
    ),
    "burgemeester": ("burgemeester", "taken", "incidenten/{incident}"),
    "regio": ("regio", "taken", "incidenten/{incident}"),
    "politie": ("partner", "taken"),
    "om": ("partner",),
    "beheer": ("beheer/accounts", "register", "gezondheid", "toegankelijkheid"),
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What axe found on one page."""

    page: str
    violations: Sequence[str]


async def prepare(running: Running, chromium: Browser) -> dict[str, str]:
    """The start of the story: alerts, an unreadable message, a report, decisions, a playbook. Gives ids by name."""
    headers = {"Authorization": f"Bearer {await source_token(running)}"}
    async with httpx.AsyncClient(base_url=running.url, headers=headers) as client:
        for service in ("burgerzaken", "website", "reisdocumenten-balie"):
            (await client.post("/v1/signalen/alertmanager", json=alertmanager(service))).raise_for_status()
        unreadable = await client.post("/v1/signalen", content=b"{nee", headers={"Content-Type": "application/json"})
        unreadable.raise_for_status()
    ciso = await person(chromium, running.url, "ciso")
    page = ciso.page
    await ciso.open("/incidenten")
    await page.locator("#incident-list tbody tr").nth(2).wait_for(timeout=20_000)
    await page.locator("#incident-list tr", has_text="burgerzaken").locator("a").first.click()
    incident = page.url.rpartition("/")[2]
    await _report(ciso, incident)
    await ciso.open(f"/incidenten/{incident}")
    await page.get_by_role("button", name="Bevestig dit draaiboek").first.click()
    await page.wait_for_url("**gedaan=draaiboek*")
    await ciso.open("/incidenten")
    await page.locator("#incident-list tr", has_text="reisdocumenten").locator("a").first.click()
    other = page.url.rpartition("/")[2]
    await page.context.close()
    return {"incident": incident, "other": other}


async def _report(ciso: Person, incident: str) -> None:
    page = ciso.page
    await ciso.open("/melden")
    await page.locator("#wat").fill("Inloggen burgerzaken werkt niet, leverancier meldt een hack")
    await page.locator('input[name="dienst"][value="burgerzaken"]').check()
    await page.locator('input[name="gevolg"][value="openbare-orde"]').check()
    await page.get_by_role("button", name="Melden").click()
    await page.locator(f'input[name="hoort-bij"][value="{incident}"]').check()
    await page.get_by_role("button", name="Melden").click()
    await page.get_by_text("Gemeld:").first.wait_for()


async def visit(running: Running, chromium: Browser, ids: Mapping[str, str], folder: Path | None) -> list[Found]:
    """Every page in both languages and both widths: what axe found; pictures when there is a folder for them."""
    found: list[Found] = []
    for language in ("nl", "en"):
        for width, size in SIZES.items():
            for login, paths in PAGES.items():
                seen = await _visit_one(running, chromium, login, (language, width, size))
                for path in paths:
                    address = path.format(**ids)
                    await seen.open(f"/{address}")
                    short = path.format(incident="incident", other="ander").replace("/", "-")
                    name = f"{language}-{width}-{login}-{short}"
                    if folder is not None:
                        await seen.page.screenshot(path=folder / f"{name}.png", full_page=True)
                    found.append(Found(page=name, violations=await axe(seen.page)))
                await seen.page.context.close()
    return found


async def _visit_one(running: Running, chromium: Browser, login: str, how: tuple[str, str, tuple[int, int]]) -> Person:
    language, _, size = how
    seen = await person(chromium, running.url, login, size=size)
    if language == "en":
        await seen.page.get_by_role("button", name="English").click()
        await seen.page.locator('html[lang="en"]').wait_for()
    return seen


async def axe(page: Page) -> list[str]:
    """Ids and places of what axe finds (WCAG 2.2 A and AA), and whether one must scroll sideways."""
    source = await asyncio.to_thread(AXE.read_text)
    await page.evaluate(source)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result: dict[str, Any] = await page.evaluate("tags => axe.run({runOnly: tags})", tags)
    found = [f"{each['id']}: {json.dumps(each['nodes'][0]['target'])}" for each in result["violations"]]
    is_wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, "wider than the screen"] if is_wide else found


async def main() -> int:
    """Make the gallery; exit code 1 when axe finds something."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with instance("--demo") as running:
        async with browser() as chromium:
            ids = await prepare(running, chromium)
            found = await visit(running, chromium, ids, FOLDER)
    bad = [each for each in found if each.violations]
    for each in bad:
        sys.stderr.write(f"{each.page}: {', '.join(each.violations)}\n")
    sys.stdout.write(f"{len(found)} pages in {FOLDER.relative_to(ROOT)}, {len(bad)} with findings\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
