"""Tables of accounts, sessions, sources and registers as SQLModel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.store.tables.moment import Moment


class AccountRow(SQLModel, table=True):
    """Somebody who can sign in."""

    __tablename__ = "account"
    account_id: UUID = Field(sa_type=Uuid, primary_key=True)
    login: str = Field(sa_type=Text)
    home_organisation: str = Field(sa_type=Text)
    state: dict[str, Any] = Field(sa_type=JSONB)
    password_hash: str | None = Field(default=None, sa_type=Text)
    totp_secret: str | None = Field(default=None, sa_type=Text)
    totp_step: int = Field(sa_type=BigInteger)


class DraftRow(SQLModel, table=True):
    """An unfinished report."""

    __tablename__ = "draft"
    account_id: UUID = Field(sa_type=Uuid, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    fields: dict[str, Any] = Field(sa_type=JSONB)


class HoldingRow(SQLModel, table=True):
    """A function that somebody holds."""

    __tablename__ = "holding"
    account_id: UUID = Field(sa_type=Uuid, primary_key=True)
    organisation: str = Field(sa_type=Text, primary_key=True)
    function: str = Field(sa_type=Text, primary_key=True)
    state: dict[str, Any] = Field(sa_type=JSONB)


class OneTimeLinkRow(SQLModel, table=True):
    """A link that works once."""

    __tablename__ = "one_time_link"
    token_hash: str = Field(sa_type=Text, primary_key=True)
    account_id: UUID = Field(sa_type=Uuid)
    purpose: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_type=Moment)


class RecoveryCodeRow(SQLModel, table=True):
    """A code on paper."""

    __tablename__ = "recovery_code"
    account_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code_hash: str = Field(sa_type=Text, primary_key=True)


class RegisterEntryRow(SQLModel, table=True):
    """A service, supplier or configuration item of a municipality."""

    __tablename__ = "register_entry"
    municipality: str = Field(sa_type=Text, primary_key=True)
    entry: str = Field(sa_type=Text, primary_key=True)
    entry_id: str = Field(sa_type=Text, primary_key=True)
    state: dict[str, Any] = Field(sa_type=JSONB)


class SessionRow(SQLModel, table=True):
    """A session of a browser."""

    __tablename__ = "session"
    session_id: UUID = Field(sa_type=Uuid, primary_key=True)
    token_hash: str = Field(sa_type=Text)
    account_id: UUID = Field(sa_type=Uuid)
    expires_at: datetime = Field(sa_type=Moment)
    state: dict[str, Any] = Field(sa_type=JSONB)


class SourceRow(SQLModel, table=True):
    """A machine that may post signals."""

    __tablename__ = "source"
    source_id: str = Field(sa_type=Text, primary_key=True)
    token_hash: str = Field(sa_type=Text)
    organisation: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
