"""Signing in: password, then the second factor or a recovery code. Every answer to a wrong guess is the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.accounts import (
    HALF_SESSION_LIFETIME,
    SESSION_LIFETIME,
    Account,
    Holding,
    Session,
    actor,
    held,
    locked_until,
)
from domain.errors import NotAllowedError, RefusedError
from domain.parties import Actor, Function
from usecases.access.ports import AccessStore, AccessTransaction, Secrets
from usecases.ports import Clock, Ids


class WrongCredentialsError(NotAllowedError):
    """Inlognaam, wachtwoord of code klopt niet. Na vijf pogingen moet u even wachten."""

    code = "inloggen-mislukt"


class WaitError(RefusedError):
    """Te veel pogingen. Wacht even en probeer het opnieuw, of bel uw beheerder voor een herstelkoppeling."""

    code = "inloggen-wacht"


class SignedOutError(NotAllowedError):
    """U bent niet (meer) ingelogd. Log opnieuw in; wat u typte blijft staan."""

    code = "niet-ingelogd"


class NoFunctionError(NotAllowedError):
    """U heeft op dit moment geen functie. Vraag uw beheerder om een functie."""

    code = "geen-functie"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What signing in needs. `second_factor` is False in demonstration mode only."""

    store: AccessStore
    secrets: Secrets
    clock: Clock
    ids: Ids
    second_factor: bool = True


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A new token for the cookie, and what comes next: `klaar`, `code` or `app-koppelen`."""

    token: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class Present:
    """A valid session: who, in which function, and which other functions can be chosen."""

    actor: Actor
    account: Account
    session: Session
    holdings: tuple[Holding, ...]


async def sign_in(access: Access, *, login: str, password: str) -> SignedIn:
    """First step. Raises WaitError while the account is locked, WrongCredentialsError otherwise."""
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        account = await tx.account_by_login(login)
        if account and (until := locked_until(account)) and now < until:
            raise WaitError
        password_hash = (await tx.secrets(account.account_id)).password_hash if account else None
    fits = await access.secrets.password_fits(password, password_hash)
    if account is None or account.blocked or not fits:
        await _failed(access, account)
        raise WrongCredentialsError
    complete = account.demo or not access.second_factor
    token = access.secrets.new_token()
    async with access.store.begin_access() as tx:
        holdings = await tx.holdings(account.account_id)
        await tx.put_session(_session(access, account, holdings, complete=complete), access.secrets.fingerprint(token))
        if complete:
            await tx.put_account(account.model_copy(update={"failures": 0, "last_failure_at": None}))
    if complete:
        return SignedIn(token=token, next_step="klaar")
    return SignedIn(token=token, next_step="code" if account.second_factor else "app-koppelen")


async def second_factor(access: Access, *, token: str, code: str) -> SignedIn:
    """Second step: a code of the authenticator app or a recovery code from paper. Gives a new token."""
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        session, account = await half_session(access, tx, token)
        if (until := locked_until(account)) and now < until:
            raise WaitError
        fits = await _code_fits(access, tx, account, code)
    if not fits:
        await _failed(access, account)
        raise WrongCredentialsError
    return await complete_session(access, session, account)


async def complete_session(access: Access, session: Session, account: Account) -> SignedIn:
    """Both factors fit: a full session with a new token, and the failures are forgotten."""
    token = access.secrets.new_token()
    expires = access.clock.now() + SESSION_LIFETIME
    async with access.store.begin_access() as tx:
        whole = session.model_copy(update={"complete": True, "expires_at": expires})
        await tx.put_session(whole, access.secrets.fingerprint(token))
        await tx.put_account(account.model_copy(update={"failures": 0, "last_failure_at": None}))
    return SignedIn(token=token, next_step="klaar")


async def half_session(access: Access, tx: AccessTransaction, token: str) -> tuple[Session, Account]:
    """The session between password and second factor. Raises SignedOutError when there is none."""
    session = await tx.session(access.secrets.fingerprint(token), access.clock.now())
    account = await tx.account(session.account_id) if session else None
    if session is None or account is None or account.blocked:
        raise SignedOutError
    return session, account


async def present(access: Access, *, token: str) -> Present:
    """Who is behind this cookie now. Raises SignedOutError or NoFunctionError."""
    now = access.clock.now()
    async with access.store.begin_access() as tx:
        session, account = await half_session(access, tx, token)
        if not session.complete:
            raise SignedOutError
        holdings = await tx.holdings(account.account_id)
    valid = tuple(holding for holding in holdings if holding.holds_at(now))
    active = held(valid, session.organisation, session.function, now)
    if active is None:
        raise NoFunctionError
    return Present(actor=actor(account, session, active), account=account, session=session, holdings=valid)


async def still_present(access: Access, sessions: Collection[UUID]) -> Mapping[UUID, Actor]:
    """Which of these sessions are still valid, with the function that is active in each. One query."""
    now = access.clock.now()
    found: dict[UUID, Actor] = {}
    async with access.store.begin_access() as tx:
        for session, account, holdings in await tx.live_sessions(sessions, now):
            active = held(holdings, session.organisation, session.function, now)
            if active and session.complete and not account.blocked:
                found[session.session_id] = actor(account, session, active)
    return found


async def switch(access: Access, here: Present, *, organisation: str, function: Function, language: str) -> None:
    """Act in another function from now on, or read in another language."""
    asked = held(here.holdings, organisation, function, access.clock.now())
    if asked is None or (asked.organisation, asked.function) != (organisation, function):
        raise NoFunctionError
    changed = {"organisation": organisation, "function": function, "language": language}
    async with access.store.begin_access() as tx:
        await tx.put_session(here.session.model_copy(update=changed))


async def sign_out(access: Access, here: Present) -> None:
    """End this session."""
    async with access.store.begin_access() as tx:
        await tx.end_sessions(here.account.account_id, here.session.session_id)


def _session(access: Access, account: Account, holdings: tuple[Holding, ...], *, complete: bool) -> Session:
    now = access.clock.now()
    at_home = sorted(holdings, key=lambda each: each.organisation != account.home_organisation)
    first = held(tuple(at_home), None, None, now)
    return Session(
        session_id=access.ids.new(),
        account_id=account.account_id,
        organisation=first.organisation if first else None,
        function=first.function if first else None,
        complete=complete,
        language=account.language,
        csrf=access.secrets.new_token(),
        created_at=now,
        expires_at=now + (SESSION_LIFETIME if complete else HALF_SESSION_LIFETIME),
    )


async def _code_fits(access: Access, tx: AccessTransaction, account: Account, code: str) -> bool:
    plain = code.replace(" ", "").replace("-", "").upper()
    if not plain.isdigit():
        return await tx.take_recovery_code(account.account_id, access.secrets.fingerprint(plain))
    secret = (await tx.secrets(account.account_id)).totp_secret
    step = access.secrets.totp_step(secret, plain, access.clock.now()) if secret and account.second_factor else None
    return step is not None and await tx.use_totp_step(account.account_id, step)


async def _failed(access: Access, account: Account | None) -> None:
    if account is None:
        return
    async with access.store.begin_access() as tx:
        current = await tx.account(account.account_id) or account
        failed = {"failures": current.failures + 1, "last_failure_at": access.clock.now()}
        await tx.put_account(current.model_copy(update=failed))
