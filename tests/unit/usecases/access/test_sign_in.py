"""A person signs in when neither the directory nor the mail of the municipality works."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pyotp
import pytest

from adapters.secrecy import LibrarySecrets
from domain.accounts import Holding
from domain.events.organisation import FunctieToegekend, TweedeFactorGekoppeld
from domain.parties import Function
from tests.fake_access import FakeAccess
from usecases.access import accounts, sign_in
from usecases.access.sign_in import (
    Access,
    NoFunctionError,
    SignedOutError,
    WaitError,
    WrongCredentialsError,
)

TUESDAY = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
PASSWORD = "een zin die ik onthoud"
ASKED = accounts.NewAccount(
    login="ciso",
    name="Sam de Vries",
    organisation="gemeente:GM0344",
    organisation_name="Gemeente Utrecht",
    function=Function.CISO,
)


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = TUESDAY

    def now(self) -> datetime:
        return self.time


class RandomIds:
    def new(self) -> UUID:
        return uuid4()


@dataclass
class Desk:
    access: Access
    store: FakeAccess
    clock: Hand


@pytest.fixture(scope="module")
def secrets() -> LibrarySecrets:
    return LibrarySecrets()


@pytest.fixture
def desk(secrets: LibrarySecrets) -> Desk:
    store, clock = FakeAccess(), Hand()
    access = Access(store=cast("Any", store), secrets=secrets, clock=clock, ids=RandomIds())
    return Desk(access=access, store=store, clock=clock)


async def _linked(desk: Desk) -> tuple[str, tuple[str, ...]]:
    """An account with password and authenticator app: its secret and its recovery codes."""
    invited = await accounts.first_administrator(desk.access, ASKED)
    assert invited is not None
    await accounts.accept_link(desk.access, token=invited.token, password=PASSWORD)
    half = await sign_in.sign_in(desk.access, login="CISO", password=PASSWORD)
    assert half.next_step == "app-koppelen"
    secret, uri = await accounts.offer_app(desk.access, token=half.token)
    assert uri.startswith("otpauth://totp/Driehoek")
    code = pyotp.TOTP(secret).at(desk.clock.now())
    _, codes = await accounts.confirm_app(desk.access, token=half.token, code=code)
    return secret, codes


async def test_a_start_gives_a_new_link_until_somebody_used_one_and_then_none(desk: Desk) -> None:
    first = await accounts.first_administrator(desk.access, ASKED)
    second = await accounts.first_administrator(desk.access, ASKED)
    assert first is not None
    assert second is not None
    assert second.account.account_id == first.account.account_id
    with pytest.raises(accounts.LinkSpentError):
        await accounts.accept_link(desk.access, token=first.token, password=PASSWORD)
    await accounts.accept_link(desk.access, token=second.token, password=PASSWORD)
    assert await accounts.first_administrator(desk.access, ASKED) is None


async def test_a_link_works_once(desk: Desk) -> None:
    invited = await accounts.first_administrator(desk.access, ASKED)
    assert invited is not None
    await accounts.accept_link(desk.access, token=invited.token, password=PASSWORD)
    with pytest.raises(accounts.LinkSpentError):
        await accounts.accept_link(desk.access, token=invited.token, password=PASSWORD)


async def test_password_and_code_make_a_session_in_the_function(desk: Desk) -> None:
    secret, _ = await _linked(desk)
    desk.clock.time += timedelta(minutes=1)
    half = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    with pytest.raises(SignedOutError):
        await sign_in.present(desk.access, token=half.token)
    whole = await sign_in.second_factor(desk.access, token=half.token, code=pyotp.TOTP(secret).at(desk.clock.now()))
    here = await sign_in.present(desk.access, token=whole.token)
    assert (here.actor.function, here.actor.organisation) == (Function.CISO, "gemeente:GM0344")
    with pytest.raises(SignedOutError):
        await sign_in.present(desk.access, token=half.token)


async def test_a_code_works_once(desk: Desk) -> None:
    secret, _ = await _linked(desk)
    half = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    with pytest.raises(WrongCredentialsError):
        await sign_in.second_factor(desk.access, token=half.token, code=pyotp.TOTP(secret).at(desk.clock.now()))


async def test_a_recovery_code_from_paper_works_once(desk: Desk) -> None:
    _, codes = await _linked(desk)
    half = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    whole = await sign_in.second_factor(desk.access, token=half.token, code=codes[3].lower())
    assert (await sign_in.present(desk.access, token=whole.token)).actor.name == "Sam de Vries"
    again = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    with pytest.raises(WrongCredentialsError):
        await sign_in.second_factor(desk.access, token=again.token, code=codes[3])


async def test_after_five_failures_even_the_right_password_waits(desk: Desk) -> None:
    await _linked(desk)
    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await sign_in.sign_in(desk.access, login="ciso", password="mis")
    with pytest.raises(WaitError):
        await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    desk.clock.time += timedelta(seconds=31)
    assert (await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)).next_step == "code"


async def test_an_unknown_login_gets_the_same_answer_as_a_wrong_password(desk: Desk) -> None:
    await _linked(desk)
    with pytest.raises(WrongCredentialsError) as unknown:
        await sign_in.sign_in(desk.access, login="niemand", password=PASSWORD)
    with pytest.raises(WrongCredentialsError) as wrong:
        await sign_in.sign_in(desk.access, login="ciso", password="mis")
    assert str(unknown.value) == str(wrong.value)


async def test_an_administrator_resets_somebody_of_the_same_organisation_only(desk: Desk) -> None:
    invited = await accounts.first_administrator(
        desk.access, accounts.NewAccount(**{**ASKED.__dict__, "login": "beheer", "function": Function.BEHEERDER})
    )
    assert invited is not None
    await accounts.accept_link(desk.access, token=invited.token, password=PASSWORD)
    await accounts.demo_account(desk.access, ASKED, password=PASSWORD)
    demo = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    ciso = (await sign_in.present(desk.access, token=demo.token)).actor
    admin = ciso.model_copy(update={"function": Function.BEHEERDER, "account_id": invited.account.account_id})
    with pytest.raises(accounts.AdministratorOnlyError):
        await accounts.reset(desk.access, ciso, "ciso")
    stranger = admin.model_copy(update={"organisation": "gemeente:GM0310"})
    with pytest.raises(Exception, match="bestaat niet"):
        await accounts.reset(desk.access, stranger, "ciso")
    await accounts.reset(desk.access, admin, "ciso")
    with pytest.raises(SignedOutError):
        await sign_in.present(desk.access, token=demo.token)


async def test_a_function_that_was_taken_ends_the_session_and_stands_in_the_log(desk: Desk) -> None:
    await accounts.demo_account(desk.access, ASKED, password=PASSWORD)
    demo = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    here = await sign_in.present(desk.access, token=demo.token)
    admin = here.actor.model_copy(update={"function": Function.BEHEERDER, "account_id": uuid4()})
    await accounts.take_function(desk.access, admin, "ciso", Function.CISO)
    with pytest.raises(SignedOutError):
        await sign_in.present(desk.access, token=demo.token)
    desk.clock.time += timedelta(seconds=1)
    again = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    with pytest.raises(NoFunctionError):
        await sign_in.present(desk.access, token=again.token)
    assert [type(event).__name__ for _, event, _ in desk.store.log][-1] == "FunctieIngetrokken"


async def test_somebody_with_two_functions_acts_in_one_at_a_time(desk: Desk) -> None:
    await accounts.demo_account(desk.access, ASKED, password=PASSWORD)
    demo = await sign_in.sign_in(desk.access, login="ciso", password=PASSWORD)
    here = await sign_in.present(desk.access, token=demo.token)
    with pytest.raises(NoFunctionError):
        await sign_in.switch(
            desk.access, here, organisation="gemeente:GM0344", function=Function.BURGEMEESTER, language="nl"
        )
    admin = here.actor.model_copy(update={"function": Function.BEHEERDER})
    await accounts.give_function(desk.access, admin, "ciso", Function.FG, None)
    here = await sign_in.present(desk.access, token=demo.token)
    await sign_in.switch(desk.access, here, organisation="gemeente:GM0344", function=Function.FG, language="en")
    changed = (await sign_in.present(desk.access, token=demo.token)).actor
    assert (changed.function, changed.language) == (Function.FG, "en")
    kinds = [type(event) for _, event, _ in desk.store.log]
    assert kinds.count(FunctieToegekend) == 2
    assert TweedeFactorGekoppeld not in kinds


async def test_one_begins_in_a_function_of_the_own_organisation(desk: Desk) -> None:
    now = desk.clock.now()
    region = Holding(
        organisation="vr:VR09", organisation_name="Regio", function=Function.COORDINATOR, since=now - timedelta(days=9)
    )
    asked = accounts.NewAccount(
        login="burgemeester",
        name="Robin Jansen",
        organisation="gemeente:GM0344",
        organisation_name="Utrecht",
        function=Function.BURGEMEESTER,
    )
    await accounts.demo_account(desk.access, asked, password=PASSWORD, more=[region])
    signed = await sign_in.sign_in(desk.access, login="burgemeester", password=PASSWORD)
    here = await sign_in.present(desk.access, token=signed.token)
    assert here.actor.function is Function.BURGEMEESTER
