"""Managing accounts: make, invite, reset, link the authenticator app, give and take functions, block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import LINK_LIFETIME, RECOVERY_CODES, Account, Holding, check_password, mail_address
from domain.errors import ConflictError, NotAllowedError, NotFoundError
from domain.events import organisation as facts
from domain.parties import SYSTEM, ActedBy, Actor, Function
from usecases.access.ports import AccessTransaction, AccountSecrets, Link
from usecases.access.sign_in import (
    Access,
    SignedIn,
    WrongCredentialsError,
    complete_session,
    half_session,
)


class LoginTakenError(ConflictError):
    """Deze inlognaam is al in gebruik. Kies een andere."""


class LinkSpentError(NotFoundError):
    """Deze koppeling is al gebruikt of verlopen. Vraag uw beheerder om een nieuwe."""

    code = "koppeling-verlopen"


class AdministratorOnlyError(NotAllowedError):
    """Alleen een beheerder van deze organisatie kan dit doen."""


class LastAdministratorError(ConflictError):
    """Dit is de laatste beheerder. Wijs eerst een andere beheerder aan."""


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What is asked to make an account."""

    login: str
    name: str
    organisation: str
    organisation_name: str
    function: Function
    language: str = "nl"
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Invited:
    """The account, and the token of the one-time link to hand over in person."""

    account: Account
    token: str


async def first_administrator(access: Access, asked: NewAccount) -> Invited | None:
    """Make the first account with a one-time link; a new link when nobody used the first one.

    None when that account has a password, or when there are other accounts already.
    """
    async with access.store.begin_access() as tx:
        await tx.lock([facts.stream_of(asked.organisation)])
        if not await tx.has_accounts():
            return await _invite(access, tx, asked, SYSTEM)
        first = await tx.account_by_login(asked.login)
        if first is None or (await tx.secrets(first.account_id)).password_hash is not None:
            return None
        return Invited(account=first, token=await _link(access, tx, first))


async def invite(access: Access, by: Actor, asked: NewAccount) -> Invited:
    """Make an account in the administrator's own organisation, with a one-time link."""
    _administers(by, asked.organisation)
    async with access.store.begin_access() as tx:
        await tx.lock([facts.stream_of(asked.organisation)])
        return await _invite(access, tx, asked, by.signature())


async def demo_account(access: Access, asked: NewAccount, *, password: str, more: Sequence[Holding] = ()) -> None:
    """Make a demonstration account with a known password; nothing when it exists."""
    async with access.store.begin_access() as tx:
        await tx.lock([facts.stream_of(asked.organisation)])
        if await tx.account_by_login(asked.login):
            return
        account = await _make(access, tx, asked, SYSTEM, demo=True)
        hashed = await access.secrets.hash_password(password)
        await tx.put_secrets(account.account_id, AccountSecrets(password_hash=hashed, totp_secret=None))
        for holding in more:
            await tx.put_holding(account.account_id, holding)


async def reset(access: Access, by: Actor, account_id_login: str) -> Invited:
    """A new one-time link for somebody who can no longer sign in; sessions and lock-out end."""
    async with access.store.begin_access() as tx:
        account = await _managed(tx, by, account_id_login)
        await tx.lock([facts.stream_of(account.home_organisation)])
        fresh = account.model_copy(update={"failures": 0, "last_failure_at": None, "second_factor": False})
        await tx.put_account(fresh)
        await tx.put_secrets(account.account_id, AccountSecrets(password_hash=None, totp_secret=None))
        await tx.end_sessions(account.account_id)
        event = facts.ToegangHersteld(account_id=account.account_id)
        await _record(access, tx, account.home_organisation, [event], by.signature())
        return Invited(account=fresh, token=await _link(access, tx, account))


async def link_login(access: Access, *, token: str) -> str:
    """The login name that a one-time link is for; the link stays. Raises LinkSpentError when it no longer works."""
    async with access.store.begin_access() as tx:
        link = await tx.link(access.secrets.fingerprint(token), "wachtwoord", access.clock.now())
        account = await tx.account(link.account_id) if link else None
        if account is None:
            raise LinkSpentError
        return account.login


async def accept_link(access: Access, *, token: str, password: str) -> Account:
    """Use a one-time link to choose a password. Signing in then asks for the authenticator app."""
    async with access.store.begin_access() as tx:
        link = await tx.take_link(access.secrets.fingerprint(token), "wachtwoord", access.clock.now())
        account = await tx.account(link.account_id) if link else None
        if account is None:
            raise LinkSpentError
        check_password(password, account.login)
        hashed = await access.secrets.hash_password(password)
        await tx.put_secrets(account.account_id, AccountSecrets(password_hash=hashed, totp_secret=None))
        return account


async def offer_app(access: Access, *, token: str) -> tuple[str, str]:
    """Secret and `otpauth://` address for the authenticator app; kept until the first code confirms it."""
    async with access.store.begin_access() as tx:
        _, account = await half_session(access, tx, token)
        known = await tx.secrets(account.account_id)
        if account.second_factor:
            raise WrongCredentialsError
        secret = known.totp_secret or access.secrets.new_totp_secret()
        await tx.put_secrets(account.account_id, AccountSecrets(password_hash=known.password_hash, totp_secret=secret))
    return secret, access.secrets.totp_uri(secret, account.login)


async def confirm_app(access: Access, *, token: str, code: str) -> tuple[SignedIn, tuple[str, ...]]:
    """The first code links the app. Gives the full session and the recovery codes, shown once."""
    codes = access.secrets.new_recovery_codes(RECOVERY_CODES)
    async with access.store.begin_access() as tx:
        session, account = await half_session(access, tx, token)
        await tx.lock([facts.stream_of(account.home_organisation)])
        secret = (await tx.secrets(account.account_id)).totp_secret
        step = access.secrets.totp_step(secret, code.replace(" ", ""), access.clock.now()) if secret else None
        if account.second_factor or step is None or not await tx.use_totp_step(account.account_id, step):
            raise WrongCredentialsError
        linked = account.model_copy(update={"second_factor": True})
        await tx.put_account(linked)
        hashes = [access.secrets.fingerprint(code.replace("-", "")) for code in codes]
        await tx.put_recovery_codes(account.account_id, hashes)
        event = facts.TweedeFactorGekoppeld(account_id=account.account_id)
        signature = ActedBy(
            account_id=account.account_id,
            function=session.function or Function.SYSTEEM,
            organisation=account.home_organisation,
        )
        await _record(access, tx, account.home_organisation, [event], signature)
    return await complete_session(access, session, linked), codes


async def give_function(access: Access, by: Actor, login: str, function: Function, until: datetime | None) -> None:
    """Somebody holds a function in the administrator's organisation from now on."""
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        account = await tx.account_by_login(login)
        _administers(by, by.organisation)
        if account is None:
            raise NotFoundError
        await tx.lock([facts.stream_of(by.organisation)])
        holding = Holding(
            organisation=by.organisation,
            organisation_name=by.organisation_name,
            function=function,
            since=now,
            until=until,
        )
        await tx.put_holding(account.account_id, holding)
        event = facts.FunctieToegekend(account_id=account.account_id, function=function, since=now, until=until)
        await _record(access, tx, by.organisation, [event], by.signature())


async def take_function(access: Access, by: Actor, login: str, function: Function) -> None:
    """Somebody no longer holds a function; open pages of that function lose their rights within two seconds."""
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        account = await tx.account_by_login(login)
        _administers(by, by.organisation)
        if account is None:
            raise NotFoundError
        if function is Function.BEHEERDER and account.account_id == by.account_id:
            raise LastAdministratorError
        await tx.lock([facts.stream_of(by.organisation)])
        for holding in await tx.holdings(account.account_id):
            if (holding.organisation, holding.function) == (by.organisation, function):
                await tx.put_holding(account.account_id, holding.model_copy(update={"until": now}))
        await tx.end_sessions(account.account_id)
        event = facts.FunctieIngetrokken(account_id=account.account_id, function=function, until=now)
        await _record(access, tx, by.organisation, [event], by.signature())


async def set_email(access: Access, by: Actor, login: str, typed: str) -> None:
    """Where warnings for somebody are mailed; nothing typed takes it away. For oneself, and by the administrator.

    Raises MailAddressError, NotFoundError or AdministratorOnlyError.
    """
    email = mail_address(typed)
    async with access.store.begin_access() as tx:
        account = await tx.account_by_login(login)
        if account is None or account.account_id != by.account_id:
            account = await _managed(tx, by, login)
        await tx.lock([facts.stream_of(account.home_organisation)])
        if email == account.email:
            return
        await tx.put_account(account.model_copy(update={"email": email}))
        event = facts.MailadresGewijzigd(account_id=account.account_id, address=email)
        await _record(access, tx, account.home_organisation, [event], by.signature())


async def block(access: Access, by: Actor, login: str, *, blocked: bool, reason: str) -> None:
    """Somebody can no longer sign in, and sessions end at once; or can again, also after wrong passwords."""
    async with access.store.begin_access() as tx:
        account = await _managed(tx, by, login)
        if account.account_id == by.account_id:
            raise LastAdministratorError
        await tx.lock([facts.stream_of(account.home_organisation)])
        forgotten = {} if blocked else {"failures": 0, "last_failure_at": None}
        await tx.put_account(account.model_copy(update={"blocked": blocked, **forgotten}))
        if blocked:
            await tx.end_sessions(account.account_id)
        event = facts.AccountGeblokkeerd(account_id=account.account_id, blocked=blocked, reason=reason)
        await _record(access, tx, account.home_organisation, [event], by.signature())


async def accounts_of(access: Access, by: Actor) -> Sequence[tuple[Account, tuple[Holding, ...]]]:
    """The accounts of the administrator's organisation with their functions."""
    _administers(by, by.organisation)
    async with access.store.begin_access() as tx:
        accounts = await tx.accounts_of(by.organisation)
        return [(account, await tx.holdings(account.account_id)) for account in accounts]


def _administers(by: Actor, organisation: str) -> None:
    if by.function is not Function.BEHEERDER or by.organisation != organisation:
        raise AdministratorOnlyError


async def _managed(tx: AccessTransaction, by: Actor, login: str) -> Account:
    account = await tx.account_by_login(login)
    _administers(by, by.organisation)
    if account is None or account.home_organisation != by.organisation:
        raise NotFoundError
    return account


async def _invite(access: Access, tx: AccessTransaction, asked: NewAccount, by: ActedBy) -> Invited:
    account = await _make(access, tx, asked, by, demo=False)
    return Invited(account=account, token=await _link(access, tx, account))


async def _make(access: Access, tx: AccessTransaction, asked: NewAccount, by: ActedBy, *, demo: bool) -> Account:
    if await tx.account_by_login(asked.login):
        raise LoginTakenError
    now = access.clock.now()
    account = Account(
        account_id=access.ids.new(),
        login=asked.login,
        name=asked.name,
        home_organisation=asked.organisation,
        language=asked.language,
        email=asked.email,
        demo=demo,
    )
    await tx.put_account(account)
    holding = Holding(
        organisation=asked.organisation,
        organisation_name=asked.organisation_name,
        function=asked.function,
        since=now,
    )
    await tx.put_holding(account.account_id, holding)
    events: list[facts.OrganisationEvent] = [
        facts.AccountAangemaakt(account_id=account.account_id, demo=demo, login=asked.login, name=asked.name),
        facts.FunctieToegekend(account_id=account.account_id, function=asked.function, since=now),
    ]
    if asked.email:
        events.append(facts.MailadresGewijzigd(account_id=account.account_id, address=asked.email))
    await _record(access, tx, asked.organisation, events, by)
    return account


async def _link(access: Access, tx: AccessTransaction, account: Account) -> str:
    token = access.secrets.new_token()
    link = Link(account_id=account.account_id, purpose="wachtwoord", expires_at=access.clock.now() + LINK_LIFETIME)
    await tx.put_link(access.secrets.fingerprint(token), link)
    return token


async def _record(
    access: Access, tx: AccessTransaction, organisation: str, events: Sequence[facts.OrganisationEvent], by: ActedBy
) -> None:
    await tx.append(facts.stream_of(organisation), events, by=by, at=access.clock.now())
