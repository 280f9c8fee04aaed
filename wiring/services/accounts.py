"""The pages' view of signing in and accounts: the use cases of `usecases.access`, in the words of the pages."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from dashboards.models import AccountLine, SourceLine, SourceMade
from domain.accounts import Account, Holding, locked_until, mail_address
from domain.parties import Actor, Function
from usecases.access import accounts, sign_in, sources
from usecases.access.sign_in import Access, Present, SignedIn


class AccountServices:
    """`dashboards.services.Accounts` on the use cases."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def sign_in(self, login: str, password: str) -> SignedIn:
        """First step."""
        return await sign_in.sign_in(self._access, login=login, password=password)

    async def second_factor(self, token: str, code: str) -> SignedIn:
        """Second step: a code of the app, or a recovery code."""
        return await sign_in.second_factor(self._access, token=token, code=code)

    async def offer_app(self, token: str) -> tuple[str, str]:
        """Secret and address for the authenticator app."""
        return await accounts.offer_app(self._access, token=token)

    async def confirm_app(self, token: str, code: str) -> tuple[SignedIn, tuple[str, ...]]:
        """Link the app; gives the recovery codes, shown once."""
        return await accounts.confirm_app(self._access, token=token, code=code)

    async def link_login(self, token: str) -> str:
        """The login name that a one-time link is for; raises LinkSpentError when it no longer works."""
        return await accounts.link_login(self._access, token=token)

    async def accept_link(self, token: str, password: str) -> str:
        """Use a one-time link to choose a password; gives the login name."""
        return (await accounts.accept_link(self._access, token=token, password=password)).login

    async def switch(self, here: Present, organisation: str, function: Function, language: str) -> None:
        """Act in another function, or read in another language, from now on."""
        await sign_in.switch(self._access, here, organisation=organisation, function=function, language=language)

    async def sign_out(self, here: Present) -> None:
        """End this session."""
        await sign_in.sign_out(self._access, here)

    async def accounts(self, actor: Actor) -> Sequence[AccountLine]:
        """Accounts of the administrator's organisation."""
        return [self._line(*known) for known in await accounts.accounts_of(self._access, actor)]

    async def invite(self, actor: Actor, login: str, name: str, function: Function, *, email: str = "") -> str:
        """Make an account; gives the token of its one-time link."""
        asked = accounts.NewAccount(
            login=login,
            name=name,
            organisation=actor.organisation,
            organisation_name=actor.organisation_name,
            function=function,
            language=actor.language,
            email=mail_address(email),
        )
        return (await accounts.invite(self._access, actor, asked)).token

    async def set_email(self, actor: Actor, login: str, email: str) -> None:
        """Where warnings for somebody are mailed; empty = nowhere."""
        await accounts.set_email(self._access, actor, login, email)

    async def reset(self, actor: Actor, login: str) -> str:
        """A new one-time link for somebody who cannot sign in."""
        return (await accounts.reset(self._access, actor, login)).token

    async def give(self, actor: Actor, login: str, function: Function) -> None:
        """Give a function."""
        await accounts.give_function(self._access, actor, login, function, None)

    async def take(self, actor: Actor, login: str, function: Function) -> None:
        """Take a function away."""
        await accounts.take_function(self._access, actor, login, function)

    async def block(self, actor: Actor, login: str, *, blocked: bool, reason: str) -> None:
        """Stop or allow signing in."""
        await accounts.block(self._access, actor, login, blocked=blocked, reason=reason)

    async def sources(self, actor: Actor) -> Sequence[SourceLine]:
        """Machines that may post signals."""
        return [
            SourceLine(
                source_id=source.source_id,
                label=source.label,
                created_at=source.created_at,
                revoked_at=source.revoked_at,
            )
            for source in await sources.sources_of(self._access, actor)
        ]

    async def add_source(self, actor: Actor, label: str) -> SourceMade:
        """A new source; its token is shown once."""
        source, token = await sources.add_source(self._access, actor, label)
        return SourceMade(source_id=source.source_id, token=token)

    async def revoke_source(self, actor: Actor, source_id: str) -> None:
        """Stop accepting a source."""
        await sources.revoke_source(self._access, actor, source_id)

    def _line(self, account: Account, holdings: tuple[Holding, ...]) -> AccountLine:
        now = self._access.clock.now()
        until = locked_until(account)
        return AccountLine(
            login=account.login,
            name=account.name,
            functions=tuple(holding.function for holding in holdings if holding.holds_at(now)),
            second_factor=account.second_factor,
            blocked=account.blocked,
            waits_until=until if until and now < until else None,
            demo=account.demo,
            email=account.email,
        )


class SessionPresence:
    """`dashboards.services.Presence`: which sessions of open sockets are still valid."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def present(self, sessions: Collection[UUID]) -> Mapping[UUID, Actor]:
        """One query for all open sockets, whatever their number."""
        return await sign_in.still_present(self._access, sessions)
