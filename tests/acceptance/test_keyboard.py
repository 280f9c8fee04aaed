"""By keyboard only: the skip link, a report in few key presses, a detail that opens, focus that can be seen."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.acceptance.instance import Running
from tests.acceptance.people import Person, person

MOST_PRESSES = 40
"""Of Tab, Space, arrows and Enter for a whole report, besides the words that are typed."""
WHERE = """() => {
  const it = document.activeElement;
  const style = getComputedStyle(it.closest(".option") ?? it);
  return {id: it.id, name: it.name ?? "", value: it.value ?? "", text: it.textContent.trim().slice(0, 60),
          outline: style.outlineStyle, shadow: style.boxShadow, background: style.backgroundColor};
}"""


class Keys:
    """Somebody without a mouse; every press counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    async def press(self, key: str) -> dict[str, Any]:
        """One key; where the focus is afterwards."""
        self.presses += 1
        await self.page.keyboard.press(key)
        found: dict[str, Any] = await self.page.evaluate(WHERE)
        return found

    async def until(self, key: str, **wanted: str) -> dict[str, Any]:
        """Press until the focus is there; every stop on the way can be seen."""
        for _ in range(MOST_PRESSES):
            here = await self.press(key)
            assert here["outline"] != "none" or here["shadow"] != "none", f"focus cannot be seen: {here}"
            if all(here[name] == value for name, value in wanted.items()):
                return here
        raise AssertionError(f"never came to {wanted}")


@pytest.fixture
async def ciso(chromium: Browser, driehoek: Running) -> Person:
    """A CISO at a desk."""
    return await person(chromium, driehoek.url, "ciso")


async def test_a_report_takes_few_keys(ciso: Person) -> None:
    await ciso.open("/melden")
    keys = Keys(ciso.page)
    assert (await keys.press("Tab"))["text"] == "Naar de inhoud"
    await keys.press("Enter")
    await keys.until("Tab", id="wat")
    await ciso.page.keyboard.type("Inloggen burgerzaken werkt niet")
    await keys.until("Tab", name="dienst", value="burgerzaken")
    await keys.press("Space")
    await keys.until("Tab", text="Melden")
    await keys.press("Enter")
    await expect(ciso.page.get_by_role("heading", level=1)).to_contain_text("Gemeld:")
    assert keys.presses <= MOST_PRESSES


async def test_an_act_opens_and_closes_by_keyboard(ciso: Person) -> None:
    await ciso.open("/melden")
    await ciso.page.locator("#wat").fill("Website ligt eruit")
    await ciso.page.get_by_role("button", name="Melden").click()
    await ciso.page.get_by_role("link", name="Naar het incident").click()
    summary = ciso.page.locator("#ernst summary")
    await summary.focus()
    await ciso.page.keyboard.press("Enter")
    await expect(ciso.page.locator("#ernst")).to_have_attribute("open", "")
    await ciso.page.keyboard.press("Space")
    await expect(ciso.page.locator("#ernst")).not_to_have_attribute("open", "")
    who = ciso.page.locator(".who summary")
    await who.focus()
    await ciso.page.keyboard.press("Enter")
    keys = Keys(ciso.page)
    assert (await keys.press("Tab"))["text"] == "Mijn gegevens"
