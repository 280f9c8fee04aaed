"""Every page of the story, in both languages and widths: axe finds nothing, and nobody must scroll sideways."""

from playwright.async_api import Browser

from tests.acceptance import gallery
from tests.acceptance.instance import Running


async def test_every_page_is_accessible(driehoek: Running, chromium: Browser) -> None:
    ids = await gallery.prepare(driehoek, chromium)
    found = await gallery.visit(driehoek, chromium, ids, None)
    assert {each.page: each.violations for each in found if each.violations} == {}
