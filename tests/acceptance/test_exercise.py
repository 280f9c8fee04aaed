"""A live instance and an exercise side by side on one machine: nothing of it can get out, and every page says so."""

import asyncio
import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from tests.acceptance.instance import COMMAND, Running, instance
from tests.acceptance.people import person
from wiring.children import remembered
from wiring.processes.deliver import channel_of

pytestmark = pytest.mark.long
PAGES = {
    "ciso": ("/incidenten", "/melden", "/grootboek", "/quarantaine", "/register", "/gezondheid"),
    "burgemeester": ("/burgemeester",),
    "regio": ("/regio",),
    "politie": ("/partner",),
    "beheer": ("/beheer/accounts",),
}


@pytest.fixture(scope="module")
def live() -> Iterator[Running]:
    """The real thing."""
    with instance("--demo") as running:
        yield running


@pytest.fixture(scope="module")
def exercise(live: Running) -> Iterator[Running]:
    """An exercise beside it."""
    with instance("--demo", "--mode", "oefening") as running:
        assert live.told_json("status")["ok"] is True
        yield running


def test_each_has_its_own_servers(live: Running, exercise: Running) -> None:
    assert exercise.told_json("status")["mode"] == "oefening"
    pids = [{child.pid for child in remembered(each.data)} for each in (live, exercise)]
    assert not pids[0] & pids[1]
    assert live.settings.database_url != exercise.settings.database_url
    assert live.settings.kafka_bootstrap != exercise.settings.kafka_bootstrap


def test_an_exercise_has_no_way_to_send(exercise: Running) -> None:
    assert channel_of(exercise.settings.model_copy(update={"smtp_host": "mail.example"})) is None


@pytest.mark.parametrize("name", ["serve", "intake", "relay", "scheduler", "deliver"])
def test_an_exercise_that_is_pointed_at_the_live_database_is_refused(
    live: Running, exercise: Running, name: str
) -> None:
    settings = {**live.settings.model_dump(mode="json"), "mode": "oefening"}
    assert live.settings.database_url is not None
    given = {
        "DRIEHOEK_MODE": "oefening",
        "DRIEHOEK_DATABASE_URL": live.settings.database_url.get_secret_value(),
        "DRIEHOEK_KAFKA_BOOTSTRAP": str(exercise.settings.kafka_bootstrap),
        "DRIEHOEK_SIGNING_KEY": settings["signing_key"],
        "DRIEHOEK_BIND": "127.0.0.1:0",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DRIEHOEK_")}  # noqa: TID251 - a child gets what we got
    done = subprocess.run(
        [*COMMAND, name], capture_output=True, text=True, check=False, timeout=60, env={**inherited, **given}
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "andere stand" in line


async def test_every_page_of_an_exercise_says_so(chromium: Browser, live: Running, exercise: Running) -> None:
    for login, pages in PAGES.items():
        one = await person(chromium, exercise.url, login)
        for page in pages:
            await one.open(page)
            assert "OEFENING" in await one.page.title(), page
            assert "OEFENING" in await one.page.locator(".modebar__mode").inner_text(), page
    real = await person(chromium, live.url, "ciso")
    assert "OEFENING" not in await real.page.title()
    assert (await asyncio.to_thread(live.told_json, "verify"))["ok"] is True
