"""One running instance with demonstration data for the stories, and one browser."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser

from tests.acceptance.instance import Running, instance
from tests.acceptance.people import browser


@pytest.fixture(scope="module")
def driehoek() -> Iterator[Running]:
    """Everything runs, with demonstration data; each file of tests begins with an empty instance."""
    with instance("--demo") as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with browser() as running:
        yield running
