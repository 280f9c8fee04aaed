"""Who cannot get in: released by the administrator, on the page where the account stands."""

from datetime import timedelta

from domain.accounts import locked_until
from domain.parties import Function
from tests.unit.dashboards.html import read
from tests.unit.dashboards.test_forms import post
from tests.unit.dashboards.world import World


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
