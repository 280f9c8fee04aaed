"""Account, session and source rows in PostgreSQL: plain SQL on one connection, inside somebody's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from domain.accounts import Account, Holding, Session
from usecases.access.ports import AccountSecrets, Link, Source


class AccountRows:
    """Accounts, their secrets, functions, codes and links."""

    _sql: asyncpg.Connection

    async def account(self, account_id: UUID) -> Account | None:
        """An account."""
        state = await self._sql.fetchval("SELECT state FROM account WHERE account_id = $1", account_id)
        return Account.model_validate_json(state) if state else None

    async def account_by_login(self, login: str) -> Account | None:
        """An account by login name, whatever the case of the letters."""
        state = await self._sql.fetchval("SELECT state FROM account WHERE lower(login) = lower($1)", login)
        return Account.model_validate_json(state) if state else None

    async def accounts_of(self, organisation: str) -> Sequence[Account]:
        """Accounts whose home is this organisation, by login name."""
        rows = await self._sql.fetch(
            "SELECT state FROM account WHERE home_organisation = $1 ORDER BY lower(login)", organisation
        )
        return [Account.model_validate_json(row["state"]) for row in rows]

    async def has_accounts(self) -> bool:
        """Whether there is any account at all."""
        return bool(await self._sql.fetchval("SELECT EXISTS (SELECT FROM account)"))

    async def put_account(self, account: Account) -> None:
        """Write an account; its secrets stay as they are."""
        await self._sql.execute(
            "INSERT INTO account (account_id, login, home_organisation, state) VALUES ($1, $2, $3, $4::jsonb)"
            " ON CONFLICT (account_id) DO UPDATE SET login = $2, home_organisation = $3, state = $4::jsonb",
            account.account_id,
            account.login,
            account.home_organisation,
            account.model_dump_json(),
        )

    async def secrets(self, account_id: UUID) -> AccountSecrets:
        """The secrets of an account; empty ones when it does not exist."""
        row = await self._sql.fetchrow(
            "SELECT password_hash, totp_secret FROM account WHERE account_id = $1", account_id
        )
        return AccountSecrets(
            password_hash=row["password_hash"] if row else None, totp_secret=row["totp_secret"] if row else None
        )

    async def put_secrets(self, account_id: UUID, secrets: AccountSecrets) -> None:
        """Write the secrets of an account. Another app begins with time steps of its own."""
        await self._sql.execute(
            "UPDATE account SET password_hash = $2, totp_secret = $3,"
            " totp_step = CASE WHEN totp_secret IS DISTINCT FROM $3 THEN -1 ELSE totp_step END WHERE account_id = $1",
            account_id,
            secrets.password_hash,
            secrets.totp_secret,
        )

    async def use_totp_step(self, account_id: UUID, step: int) -> bool:
        """Claim a time step; the row lock makes one of two simultaneous claims lose."""
        claimed = await self._sql.fetchval(
            "UPDATE account SET totp_step = $2 WHERE account_id = $1 AND totp_step < $2 RETURNING 1", account_id, step
        )
        return claimed is not None

    async def holdings(self, account_id: UUID) -> tuple[Holding, ...]:
        """Functions this account holds or held, oldest first."""
        rows = await self._sql.fetch(
            "SELECT state FROM holding WHERE account_id = $1 ORDER BY state->>'since', function", account_id
        )
        return tuple(Holding.model_validate_json(row["state"]) for row in rows)

    async def put_holding(self, account_id: UUID, holding: Holding) -> None:
        """Write a function, and tell the open sockets that rights changed."""
        await self._sql.execute(
            "INSERT INTO holding (account_id, organisation, function, state) VALUES ($1, $2, $3, $4::jsonb)"
            " ON CONFLICT (account_id, organisation, function) DO UPDATE SET state = $4::jsonb",
            account_id,
            holding.organisation,
            holding.function,
            holding.model_dump_json(),
        )
        await self._sql.execute("NOTIFY rights")

    async def put_recovery_codes(self, account_id: UUID, hashes: Sequence[str]) -> None:
        """Replace the recovery codes."""
        await self._sql.execute("DELETE FROM recovery_code WHERE account_id = $1", account_id)
        await self._sql.executemany(
            "INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)",
            [(account_id, code_hash) for code_hash in hashes],
        )

    async def take_recovery_code(self, account_id: UUID, code_hash: str) -> bool:
        """Use a recovery code; False when there is none like that."""
        taken = await self._sql.fetchval(
            "DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2 RETURNING 1", account_id, code_hash
        )
        return taken is not None

    async def put_link(self, token_hash: str, link: Link) -> None:
        """Store a one-time link; an older one for the same purpose no longer works."""
        await self._sql.execute(
            "DELETE FROM one_time_link WHERE account_id = $1 AND purpose = $2", link.account_id, link.purpose
        )
        await self._sql.execute(
            "INSERT INTO one_time_link (token_hash, account_id, purpose, expires_at) VALUES ($1, $2, $3, $4)",
            token_hash,
            link.account_id,
            link.purpose,
            link.expires_at,
        )

    async def link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        """A one-time link that still works, without using it; None as for `take_link`."""
        row = await self._sql.fetchrow(
            "SELECT account_id, purpose, expires_at FROM one_time_link"
            " WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3",
            token_hash,
            purpose,
            at,
        )
        return Link(**dict(row)) if row else None

    async def take_link(self, token_hash: str, purpose: str, at: datetime) -> Link | None:
        """Use a one-time link; None when it does not exist, was used or has expired."""
        row = await self._sql.fetchrow(
            "DELETE FROM one_time_link WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3"
            " RETURNING account_id, purpose, expires_at",
            token_hash,
            purpose,
            at,
        )
        return Link(**dict(row)) if row else None


class SessionRows:
    """Sessions and the sources that machines post as."""

    _sql: asyncpg.Connection

    async def put_session(self, session: Session, token_hash: str | None = None) -> None:
        """Write a session; a new token replaces the old one. Tells the open sockets."""
        state = session.model_dump_json()
        if token_hash is None:
            await self._sql.execute(
                "UPDATE session SET state = $2::jsonb, expires_at = $3 WHERE session_id = $1",
                session.session_id,
                state,
                session.expires_at,
            )
        else:
            await self._sql.execute(
                "INSERT INTO session (session_id, token_hash, account_id, expires_at, state)"
                " VALUES ($1, $2, $3, $4, $5::jsonb) ON CONFLICT (session_id)"
                " DO UPDATE SET token_hash = $2, expires_at = $4, state = $5::jsonb",
                session.session_id,
                token_hash,
                session.account_id,
                session.expires_at,
                state,
            )
        await self._sql.execute("NOTIFY rights")

    async def session(self, token_hash: str, at: datetime) -> Session | None:
        """The session behind a token, None when it is unknown or over."""
        state = await self._sql.fetchval(
            "SELECT state FROM session WHERE token_hash = $1 AND expires_at > $2", token_hash, at
        )
        return Session.model_validate_json(state) if state else None

    async def live_sessions(
        self, sessions: Collection[UUID], at: datetime
    ) -> Sequence[tuple[Session, Account, tuple[Holding, ...]]]:
        """Those of these sessions that are not over, with account and functions, in one query."""
        rows = await self._sql.fetch(
            "SELECT s.state AS session, a.state AS account,"
            " coalesce((SELECT jsonb_agg(h.state) FROM holding h WHERE h.account_id = a.account_id), '[]') AS held"
            " FROM session s JOIN account a USING (account_id)"
            " WHERE s.session_id = ANY($1::uuid[]) AND s.expires_at > $2",
            list(sessions),
            at,
        )
        return [
            (
                Session.model_validate_json(row["session"]),
                Account.model_validate_json(row["account"]),
                _HOLDINGS.validate_json(row["held"]),
            )
            for row in rows
        ]

    async def end_sessions(self, account_id: UUID, session_id: UUID | None = None) -> None:
        """End one session, or all of an account. Tells the open sockets."""
        await self._sql.execute(
            "DELETE FROM session WHERE account_id = $1 AND ($2::uuid IS NULL OR session_id = $2)",
            account_id,
            session_id,
        )
        await self._sql.execute("NOTIFY rights")

    async def put_source(self, source: Source, token_hash: str) -> None:
        """Store a source and the hash of its token."""
        await self._sql.execute(
            "INSERT INTO source (source_id, token_hash, organisation, label, created_at) VALUES ($1, $2, $3, $4, $5)",
            source.source_id,
            token_hash,
            source.organisation,
            source.label,
            source.created_at,
        )

    async def sources_of(self, organisation: str) -> Sequence[Source]:
        """Sources of an organisation, newest first."""
        rows = await self._sql.fetch(
            f"SELECT {_SOURCE} FROM source WHERE organisation = $1 ORDER BY created_at DESC",  # noqa: S608 - our own column names
            organisation,
        )
        return [Source(**dict(row)) for row in rows]

    async def revoke_source(self, source_id: str, at: datetime) -> None:
        """Stop accepting a source."""
        await self._sql.execute("UPDATE source SET revoked_at = $2 WHERE source_id = $1", source_id, at)

    async def source(self, token_hash: str) -> Source | None:
        """The source behind a token; None when unknown or revoked."""
        row = await self._sql.fetchrow(
            f"SELECT {_SOURCE} FROM source WHERE token_hash = $1 AND revoked_at IS NULL",  # noqa: S608 - our own column names
            token_hash,
        )
        return Source(**dict(row)) if row else None


_HOLDINGS = TypeAdapter(tuple[Holding, ...])
_SOURCE = "source_id, organisation, label, created_at, revoked_at"
