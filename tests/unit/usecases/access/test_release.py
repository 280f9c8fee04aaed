"""An administrator lets somebody in again: blocked, or made to wait by wrong passwords."""

from datetime import timedelta
from typing import Any, cast

from domain.accounts import Account, locked_until
from domain.parties import Actor, Function
from tests.builders import DINSDAG_0900, an_id
from tests.fake_access import FakeAccess
from tests.fakes import FakeClock, FakeIds
from usecases.access import accounts
from usecases.access.sign_in import Access

GEMEENTE = "gemeente:GM0344"
ADMINISTRATOR = Actor(
    account_id=an_id(1),
    name="Kim",
    function=Function.BEHEERDER,
    organisation=GEMEENTE,
    organisation_name="Gemeente Utrecht",
)


def _waiting(store: FakeAccess) -> Account:
    account = Account(
        account_id=an_id(2),
        login="ciso",
        name="Sam",
        home_organisation=GEMEENTE,
        failures=9,
        last_failure_at=DINSDAG_0900 - timedelta(seconds=5),
    )
    store.accounts[account.account_id] = account
    return account


def _access(store: FakeAccess) -> Access:
    secrets = cast("Any", None)
    return Access(store=cast("Any", store), secrets=secrets, clock=FakeClock(DINSDAG_0900), ids=FakeIds())


async def test_who_waits_after_wrong_passwords_is_released_by_the_administrator() -> None:
    store = FakeAccess()
    waiting = _waiting(store)
    assert locked_until(waiting) is not None
    await accounts.block(_access(store), ADMINISTRATOR, "ciso", blocked=False, reason="Sam belde")
    released = store.accounts[waiting.account_id]
    assert locked_until(released) is None
    assert (released.failures, released.blocked) == (0, False)


async def test_who_is_blocked_keeps_the_failures_until_released() -> None:
    store = FakeAccess()
    waiting = _waiting(store)
    await accounts.block(_access(store), ADMINISTRATOR, "ciso", blocked=True, reason="Laptop gestolen")
    blocked = store.accounts[waiting.account_id]
    assert (blocked.failures, blocked.blocked) == (9, True)
    await accounts.block(_access(store), ADMINISTRATOR, "ciso", blocked=False, reason="Terug")
    assert store.accounts[waiting.account_id].failures == 0
