"""What access asks of the world: account rows, sessions, one-way hashes, one-time codes."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.accounts import Account, Holding, Session
from usecases.ports import Transaction


@dataclass(frozen=True, kw_only=True)
class AccountSecrets:
    """What proves who somebody is. Never logged, never in a card or an event."""

    password_hash: str | None
    totp_secret: str | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link that can be used once: the first administrator, an invitation, a reset."""

    account_id: UUID
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Source:
    """A machine that may post signals for one organisation."""

    source_id: str
    organisation: str
    label: str
    created_at: datetime
    revoked_at: datetime | None = None


class AccessTransaction(Transaction, Protocol):
    """Account rows in the same transaction as the facts about them."""

    async def account(self, account_id: UUID) -> Account | None:
        """An account."""
        ...

    async def account_by_login(self, login: str) -> Account | None:
        """An account by login name, whatever the case of the letters."""
        ...

    async def accounts_of(self, organisation: str) -> Sequence[Account]:
        """Accounts whose home is this organisation."""
        ...

    async def has_accounts(self) -> bool:
        """Whether there is any account at all."""
        ...

    async def put_account(self, account: Account) -> None:
        """Write an account; its secrets stay as they are."""
        ...

    async def secrets(self, account_id: UUID) -> AccountSecrets:
        """The secrets of an account."""
        ...

    async def put_secrets(self, account_id: UUID, secrets: AccountSecrets) -> None:
        """Write the secrets of an account."""
        ...

    async def use_totp_step(self, account_id: UUID, step: int) -> bool:
        """Claim a time step; False when it, or a later one, was used already (RFC 6238 5.2: once only)."""
        ...

    async def holdings(self, account_id: UUID) -> tuple[Holding, ...]:
        """Functions this account holds or held."""
        ...

    async def put_holding(self, account_id: UUID, holding: Holding) -> None:
        """Write a function; the same organisation and function is replaced."""
        ...

    async def put_recovery_codes(self, account_id: UUID, hashes: Sequence[str]) -> None:
        """Replace the recovery codes."""
        ...

    async def take_recovery_code(self, account_id: UUID, code_hash: str) -> bool:
        """Use a recovery code; False when there is none like that."""
        ...

    async def put_link(self, token_hash: str, link: Link) -> None:
        """Store a one-time link; an older one of the same account and purpose no longer works."""
        ...

    async def link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        """A one-time link that still works, without using it; None as for `take_link`."""
        ...

    async def take_link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        """Use a one-time link; None when it does not exist, was used or has expired."""
        ...

    async def put_session(self, session: Session, token_hash: str | None = None) -> None:
        """Write a session; with `token_hash` when it is new or gets a new token."""
        ...

    async def session(self, token_hash: str, at: datetime) -> Session | None:
        """The session behind a token, None when it is unknown or over."""
        ...

    async def live_sessions(
        self, sessions: Collection[UUID], at: datetime
    ) -> Sequence[tuple[Session, Account, tuple[Holding, ...]]]:
        """Those of these sessions that are not over, with account and functions."""
        ...

    async def end_sessions(self, account_id: UUID, session_id: UUID | None = None) -> None:
        """End one session, or all of an account. Wakes the hubs (NOTIFY `rights`)."""
        ...

    async def put_source(self, source: Source, token_hash: str) -> None:
        """Store a source and the hash of its token."""
        ...

    async def sources_of(self, organisation: str) -> Sequence[Source]:
        """Sources of an organisation."""
        ...

    async def revoke_source(self, source_id: str, at: datetime) -> None:
        """Stop accepting a source."""
        ...

    async def source(self, token_hash: str) -> Source | None:
        """The source behind a token; None when unknown or revoked."""
        ...


class AccessStore(Protocol):
    """Where access transactions come from."""

    def begin_access(self) -> AbstractAsyncContextManager[AccessTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        ...


class Secrets(Protocol):
    """Cryptography with libraries: argon2, TOTP, random tokens."""

    async def hash_password(self, password: str) -> str:
        """Argon2id hash."""
        ...

    async def password_fits(self, password: str, password_hash: str | None) -> bool:
        """Whether it fits; takes as long when there is no account (None)."""
        ...

    def new_totp_secret(self) -> str:
        """A secret for an authenticator app."""
        ...

    def totp_uri(self, secret: str, login: str) -> str:
        """`otpauth://` address for the QR code."""
        ...

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step this code belongs to, one step of tolerance each way; None when it is wrong."""
        ...

    def new_token(self) -> str:
        """256 random bits, for a cookie or a link."""
        ...

    def new_recovery_codes(self, count: int) -> tuple[str, ...]:
        """Codes a person can read from paper."""
        ...

    def fingerprint(self, token: str) -> str:
        """One-way hash of a token or code with enough entropy (SHA-256)."""
        ...
