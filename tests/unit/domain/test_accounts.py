"""Lock-out grows, functions begin and end, and the active function is one that is held."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.accounts import (
    Account,
    Holding,
    PasswordIsLoginError,
    PasswordTooShortError,
    check_password,
    delay_after,
    held,
    locked_until,
)
from domain.parties import Function

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (10_000, 900)]
)
def test_the_delay_doubles_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert delay_after(failures) == timedelta(seconds=seconds)


def test_an_account_without_failures_is_free() -> None:
    account = Account(account_id=UUID(int=1), login="a", name="A", home_organisation="gemeente:GM0344")
    assert locked_until(account) is None
    failed = account.model_copy(update={"failures": 5, "last_failure_at": NOW})
    assert locked_until(failed) == NOW + timedelta(seconds=30)


def _holding(function: Function, since: datetime, until: datetime | None = None) -> Holding:
    return Holding(
        organisation="gemeente:GM0344", organisation_name="Utrecht", function=function, since=since, until=until
    )


def test_only_a_function_that_is_held_now_can_be_active() -> None:
    hour = timedelta(hours=1)
    past = _holding(Function.FG, NOW - 2 * hour, NOW)
    future = _holding(Function.BURGEMEESTER, NOW + hour)
    present = _holding(Function.CISO, NOW)
    assert held((past, future), None, None, NOW) is None
    assert held((past, present, future), "gemeente:GM0344", Function.FG, NOW) == present
    assert held((past, present, future), "gemeente:GM0344", Function.BURGEMEESTER, NOW + hour) == future


def test_a_password_is_long_and_not_the_login() -> None:
    with pytest.raises(PasswordTooShortError):
        check_password("kort", "ciso")
    with pytest.raises(PasswordIsLoginError):
        check_password("ciso.utrecht.nl", "CISO.utrecht.nl")
    check_password("een zin die ik onthoud", "ciso")
