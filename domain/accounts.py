"""Accounts, what they may act as, and sessions. Sign-in needs neither the municipality's directory nor its mail."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.errors import InvalidError
from domain.parties import Actor, Function

SESSION_LIFETIME = timedelta(hours=12)
"""A session outlives a night in the crisis room (facts: 12 h during an open incident)."""
HALF_SESSION_LIFETIME = timedelta(minutes=10)
"""Between password and second factor."""
FREE_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
SHORTEST_PASSWORD = 12
LONGEST_ADDRESS = 254
RECOVERY_CODES = 10
LINK_LIFETIME = timedelta(hours=72)


class PasswordTooShortError(InvalidError):
    """Kies een wachtwoord van ten minste 12 tekens. Een zin is goed te onthouden."""


class PasswordIsLoginError(InvalidError):
    """Kies een wachtwoord dat anders is dan uw inlognaam."""


class MailAddressError(InvalidError):
    """Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl, of laat het leeg."""


class Holding(BaseModel):
    """A function somebody holds in an organisation, from one moment to another (None: until further notice)."""

    model_config = ConfigDict(frozen=True)
    organisation: str
    organisation_name: str
    function: Function
    since: AwareDatetime
    until: AwareDatetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Whether the function is held at this moment."""
        return self.since <= at and (self.until is None or at < self.until)


class Account(BaseModel):
    """A person who can sign in. `second_factor` is False until the authenticator app was confirmed."""

    model_config = ConfigDict(frozen=True)
    account_id: UUID
    login: str
    name: str
    home_organisation: str
    language: str = "nl"
    email: str | None = None
    """Where warnings are sent; best an address that does not depend on the municipality's own mail."""
    demo: bool = False
    blocked: bool = False
    second_factor: bool = False
    failures: int = 0
    last_failure_at: AwareDatetime | None = None


class Session(BaseModel):
    """A server-side session; the browser holds a random token, we hold its hash.

    `complete` is False between password and second factor. `organisation` and `function` are the active one.
    """

    model_config = ConfigDict(frozen=True)
    session_id: UUID
    account_id: UUID
    organisation: str | None
    function: Function | None
    complete: bool
    language: str
    csrf: str
    created_at: AwareDatetime
    expires_at: AwareDatetime


def mail_address(typed: str) -> str | None:
    """The address that was typed; None for nothing. Only what a mail program can take: one @, a domain, no blanks."""
    address = typed.strip()
    if not address:
        return None
    name, _, host = address.rpartition("@")
    dotted = "." in host and not host.startswith((".", "-")) and not host.endswith((".", "-"))
    odd = set(address) & set('<>,;:"\\()[]') or "@" in name or not address.isprintable() or " " in address
    if odd or not name or not dotted or len(address) > LONGEST_ADDRESS:
        raise MailAddressError
    return address


def delay_after(failures: int) -> timedelta:
    """How long an account waits after this many failures in a row: none for four, then doubling from 30 s."""
    if failures < FREE_ATTEMPTS:
        return timedelta()
    return min(FIRST_DELAY * (1 << min(failures - FREE_ATTEMPTS, 10)), LONGEST_DELAY)


def locked_until(account: Account) -> datetime | None:
    """Until when nobody can try this account, None when it is free."""
    delay = delay_after(account.failures)
    return account.last_failure_at + delay if account.last_failure_at and delay else None


def check_password(password: str, login: str) -> None:
    """Refuse what is too short or equal to the login name (NIST SP 800-63B 5.1.1: length, no composition rules)."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShortError
    if password.casefold() == login.casefold():
        raise PasswordIsLoginError


def held(
    holdings: tuple[Holding, ...], organisation: str | None, function: Function | None, at: datetime
) -> Holding | None:
    """The holding that is asked for when it is valid now; otherwise the first valid one; None when there is none."""
    valid = [holding for holding in holdings if holding.holds_at(at)]
    for holding in valid:
        if (holding.organisation, holding.function) == (organisation, function):
            return holding
    return valid[0] if valid else None


def actor(account: Account, session: Session, holding: Holding) -> Actor:
    """The person behind a request, in the active function."""
    return Actor(
        account_id=account.account_id,
        name=account.name,
        function=holding.function,
        organisation=holding.organisation,
        organisation_name=holding.organisation_name,
        language=session.language,
        session_id=session.session_id,
    )
