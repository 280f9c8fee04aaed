"""Getting in: a one-time link says whose it is, and the administrator releases who waits."""

from datetime import timedelta

import pytest

from domain.accounts import locked_until
from domain.parties import Function
from tests.unit.dashboards.html import faults, read
from tests.unit.dashboards.test_forms import post
from tests.unit.dashboards.world import World
from usecases.access.ports import Link

PASSWORD = "een zin die ik onthoud"


def linked(world: World) -> str:
    """A one-time link for the CISO; gives the login name."""
    account = world.present(Function.CISO).account
    world.access.accounts[account.account_id] = account
    until = world.clock.now() + timedelta(hours=1)
    link = Link(account_id=account.account_id, purpose="wachtwoord", expires_at=until)
    world.access.links["hash of goed"] = link
    return account.login


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_one_time_link_tells_the_login_name_before_and_after(language: str) -> None:
    world = World()
    login = linked(world)
    typed = {"wachtwoord": PASSWORD, "nogmaals": PASSWORD}
    async with world.client(None) as browser:
        browser.cookies.set("driehoek-taal", language)
        before = await browser.get("/koppeling/goed")
        wrong = await post(browser, "/koppeling/goed", {**typed, "nogmaals": "iets anders"})
        after = await post(browser, "/koppeling/goed", typed)
        spent = await browser.get("/koppeling/goed")
    words = {"nl": "Uw inlognaam is", "en": "Your login name is"}[language]
    for answer, status in ((before, 200), (wrong, 400), (after, 200)):
        page = read(answer.text)
        assert answer.status_code == status
        assert f"{words} {login}" in page.by_id("main").text
        assert faults(page) == []
    assert read(after.text).by_id("naam")["value"] == login
    assert spent.status_code == 404


async def test_a_link_that_does_not_work_says_so_at_once_and_shows_no_form() -> None:
    async with World().client(None) as browser:
        opened = await browser.get("/koppeling/abc")
        sent = await post(browser, "/koppeling/abc", {"wachtwoord": PASSWORD, "nogmaals": PASSWORD})
    for answer in (opened, sent):
        page = read(answer.text)
        assert answer.status_code == 404
        assert "al gebruikt of verlopen" in page.by_id("main").text
        assert [each for each in page.all("input") if each["type"] == "password"] == []


async def test_an_account_that_waits_after_wrong_passwords_can_be_released() -> None:
    world = World()
    failed = {"failures": 9, "last_failure_at": world.clock.now() - timedelta(seconds=5)}
    account = world.present(Function.CISO).account.model_copy(update=failed)
    world.access.accounts[account.account_id] = account
    async with world.client(Function.BEHEERDER) as browser:
        before = read((await browser.get("/beheer/accounts")).text)
        await post(browser, "/beheer/accounts", {"handeling": "vrijgeven", "naam": account.login, "reden": "Belde"})
        after = read((await browser.get("/beheer/accounts")).text)
    acts = [[each["value"] for each in page.all("button")] for page in (before, after)]
    assert {"vrijgeven", "blokkeren"} <= set(acts[0])
    assert "vrijgeven" not in acts[1]
    assert locked_until(world.access.accounts[account.account_id]) is None
