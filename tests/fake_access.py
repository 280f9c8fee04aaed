"""Account rows in memory, for fast tests of access; the contract test holds it against PostgreSQL."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.accounts import Account, Holding, Session
from domain.events.core import Event
from domain.parties import ActedBy
from usecases.access.ports import AccountSecrets, Link, Source


@dataclass
class FakeAccess:
    """Both the store and its transaction: there is one writer at a time in a unit test."""

    accounts: dict[UUID, Account] = field(default_factory=dict)
    kept: dict[UUID, AccountSecrets] = field(default_factory=dict)
    steps: dict[UUID, int] = field(default_factory=dict)
    functions: dict[UUID, dict[tuple[str, str], Holding]] = field(default_factory=dict)
    codes: dict[UUID, set[str]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    tokens: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    sources: dict[str, tuple[Source, str]] = field(default_factory=dict)
    log: list[tuple[str, Event, ActedBy]] = field(default_factory=list)

    @asynccontextmanager
    async def begin_access(self) -> AsyncIterator[Any]:
        yield self

    async def lock(self, streams: Collection[str]) -> Mapping[str, int]:
        return dict.fromkeys(streams, 0)

    async def append(self, stream_id: str, events: Sequence[Event], *, by: ActedBy, at: datetime) -> tuple[()]:  # noqa: ARG002 - the port's shape
        self.log += [(stream_id, event, by) for event in events]
        return ()

    async def account(self, account_id: UUID) -> Account | None:
        return self.accounts.get(account_id)

    async def account_by_login(self, login: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.login.casefold() == login.casefold()), None)

    async def accounts_of(self, organisation: str) -> Sequence[Account]:
        return [a for a in self.accounts.values() if a.home_organisation == organisation]

    async def has_accounts(self) -> bool:
        return bool(self.accounts)

    async def put_account(self, account: Account) -> None:
        self.accounts[account.account_id] = account

    async def secrets(self, account_id: UUID) -> AccountSecrets:
        return self.kept.get(account_id, AccountSecrets(password_hash=None, totp_secret=None))

    async def put_secrets(self, account_id: UUID, secrets: AccountSecrets) -> None:
        if self.kept.get(account_id, secrets).totp_secret != secrets.totp_secret:
            self.steps.pop(account_id, None)
        self.kept[account_id] = secrets

    async def use_totp_step(self, account_id: UUID, step: int) -> bool:
        if step <= self.steps.get(account_id, -1):
            return False
        self.steps[account_id] = step
        return True

    async def holdings(self, account_id: UUID) -> tuple[Holding, ...]:
        return tuple(self.functions.get(account_id, {}).values())

    async def put_holding(self, account_id: UUID, holding: Holding) -> None:
        self.functions.setdefault(account_id, {})[(holding.organisation, holding.function)] = holding

    async def put_recovery_codes(self, account_id: UUID, hashes: Sequence[str]) -> None:
        self.codes[account_id] = set(hashes)

    async def take_recovery_code(self, account_id: UUID, code_hash: str) -> bool:
        known = code_hash in self.codes.get(account_id, set())
        self.codes.get(account_id, set()).discard(code_hash)
        return known

    async def put_link(self, token_hash: str, link: Link) -> None:
        same = (link.account_id, link.purpose)
        self.links = {key: old for key, old in self.links.items() if (old.account_id, old.purpose) != same}
        self.links[token_hash] = link

    async def link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        link = self.links.get(token_hash)
        return None if link is None or link.purpose != purpose or at >= link.expires_at else link

    async def take_link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        link = await self.link(token_hash, purpose, at)
        return self.links.pop(token_hash) if link else None

    async def put_session(self, session: Session, token_hash: str | None = None) -> None:
        self.sessions[session.session_id] = session
        if token_hash:
            self.tokens = {t: s for t, s in self.tokens.items() if s != session.session_id}
            self.tokens[token_hash] = session.session_id

    async def session(self, token_hash: str, at: datetime) -> Session | None:
        session = self.sessions.get(self.tokens.get(token_hash, UUID(int=0)))
        return session if session and at < session.expires_at else None

    async def live_sessions(
        self, sessions: Collection[UUID], at: datetime
    ) -> Sequence[tuple[Session, Account, tuple[Holding, ...]]]:
        known = [self.sessions[key] for key in sessions if key in self.sessions]
        return [(s, self.accounts[s.account_id], await self.holdings(s.account_id)) for s in known if at < s.expires_at]

    async def end_sessions(self, account_id: UUID, session_id: UUID | None = None) -> None:
        self.sessions = {
            key: s
            for key, s in self.sessions.items()
            if s.account_id != account_id or (session_id is not None and key != session_id)
        }

    async def put_source(self, source: Source, token_hash: str) -> None:
        self.sources[source.source_id] = (source, token_hash)

    async def sources_of(self, organisation: str) -> Sequence[Source]:
        return [source for source, _ in self.sources.values() if source.organisation == organisation]

    async def revoke_source(self, source_id: str, at: datetime) -> None:  # noqa: ARG002 - the port's shape
        del self.sources[source_id]

    async def source(self, token_hash: str) -> Source | None:
        return next((source for source, known in self.sources.values() if known == token_hash), None)
