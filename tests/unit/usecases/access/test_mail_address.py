"""The address for warnings: set at the invitation, by the administrator and by oneself, and never in the chain."""

from dataclasses import replace
from typing import Any, cast

import pytest

from domain.accounts import MailAddressError, mail_address
from domain.errors import NotFoundError
from domain.events.core import beside_fields
from domain.events.organisation import MailadresGewijzigd
from domain.parties import Function
from tests.builders import an_actor
from tests.fake_access import FakeAccess
from tests.fakes import FakeIds
from tests.unit.usecases.access.test_sign_in import ASKED, Hand
from usecases.access import accounts
from usecases.access.accounts import AdministratorOnlyError
from usecases.access.sign_in import Access

PRIVATE = "sam@thuis.example"


class NoSecrets:
    """Tokens that a test can read."""

    def new_token(self) -> str:
        return "token"

    def fingerprint(self, token: str) -> str:
        return token


def access() -> tuple[Access, FakeAccess]:
    """Access in memory."""
    store = FakeAccess()
    made = Access(
        store=cast("Any", store),
        secrets=cast("Any", NoSecrets()),
        clock=Hand(),
        ids=FakeIds(),
        second_factor=True,
    )
    return made, store


def told(store: FakeAccess) -> list[str | None]:
    """The addresses that were recorded."""
    return [event.address for _, event, _ in store.log if isinstance(event, MailadresGewijzigd)]


async def test_an_address_is_set_at_the_invitation_and_changed_by_oneself_and_the_administrator() -> None:
    made, store = access()
    administrator = an_actor(Function.BEHEERDER, number=901)
    invited = await accounts.invite(made, administrator, replace(ASKED, email=PRIVATE))
    mine = an_actor().model_copy(update={"account_id": invited.account.account_id})
    await accounts.set_email(made, mine, "ciso", " anders@thuis.example ")
    await accounts.set_email(made, mine, "ciso", "anders@thuis.example")
    await accounts.set_email(made, administrator, "ciso", "")
    assert told(store) == [PRIVATE, "anders@thuis.example", None]
    assert next(iter(store.accounts.values())).email is None
    assert "address" in beside_fields(MailadresGewijzigd)


async def test_nobody_changes_the_address_of_somebody_else() -> None:
    made, store = access()
    administrator = an_actor(Function.BEHEERDER, number=901)
    await accounts.invite(made, administrator, ASKED)
    with pytest.raises(AdministratorOnlyError):
        await accounts.set_email(made, an_actor(), "ciso", PRIVATE)
    with pytest.raises(NotFoundError):
        await accounts.set_email(made, administrator, "niemand", PRIVATE)
    assert told(store) == []


@pytest.mark.parametrize(
    "typed", ["sam", "sam@", "@thuis.example", "a b@c.nl", "a@b", "a@b.nl\nBcc: x@y.nl", "a@b@c.nl"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(MailAddressError):
        mail_address(typed)


def test_nothing_typed_is_no_address() -> None:
    assert mail_address("  ") is None
    assert mail_address(" sam+crisis@thuis.example ") == "sam+crisis@thuis.example"
