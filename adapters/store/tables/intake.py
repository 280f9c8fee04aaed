"""Tables of the intake as SQLModel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.store.tables.moment import Moment


class DoorRow(SQLModel, table=True):
    """A process that takes in receipts, and up to which number it answered."""

    __tablename__ = "door"
    door: UUID = Field(sa_type=Uuid, primary_key=True)
    process: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=Moment)
    answered: int = Field(sa_type=BigInteger)


class DoorVoidRow(SQLModel, table=True):
    """A number of a door whose receipt never stood anywhere."""

    __tablename__ = "door_void"
    door: UUID = Field(sa_type=Uuid, primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True)


class EvidenceRow(SQLModel, table=True):
    """Bytes of the first signal of a disturbance, compressed."""

    __tablename__ = "evidence"
    content_hash: str = Field(sa_type=Text, primary_key=True)
    raw: bytes = Field(sa_type=LargeBinary)
    kept_at: datetime = Field(sa_type=Moment)


class IntakePositionRow(SQLModel, table=True):
    """How far a partition was read."""

    __tablename__ = "intake_position"
    topic: str = Field(sa_type=Text, primary_key=True)
    partition: int = Field(sa_type=Integer, primary_key=True)
    cluster_id: str = Field(sa_type=Text)
    topic_id: str = Field(sa_type=Text)
    read_to: int = Field(sa_type=BigInteger)


class QuarantineRow(SQLModel, table=True):
    """A receipt that could not be read, with its bytes."""

    __tablename__ = "quarantine"
    receipt_id: UUID = Field(sa_type=Uuid, primary_key=True)
    source_id: str = Field(sa_type=Text)
    organisation: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Moment)
    reasons: list[str] = Field(sa_type=ARRAY(Text))
    headers: dict[str, Any] = Field(sa_type=JSONB)
    raw: bytes = Field(sa_type=LargeBinary)
    resent_at: datetime | None = Field(default=None, sa_type=Moment)


class RawBodyRow(SQLModel, table=True):
    """A body too large for a message."""

    __tablename__ = "raw_body"
    reference: UUID = Field(sa_type=Uuid, primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)
    kept_at: datetime = Field(sa_type=Moment)


class ReceiptRow(SQLModel, table=True):
    """The outcome of a receipt."""

    __tablename__ = "receipt"
    door: UUID = Field(sa_type=Uuid, primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True)
    receipt_id: UUID = Field(sa_type=Uuid)
    source_id: str = Field(sa_type=Text)
    organisation: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Moment)
    outcome: str = Field(sa_type=Text)
    format: str | None = Field(default=None, sa_type=Text)
    signals: int = Field(sa_type=Integer)
    reasons: list[str] = Field(sa_type=ARRAY(Text))
    evidence: str | None = Field(default=None, sa_type=Text)


class SeenRow(SQLModel, table=True):
    """Keys by which a repeat is recognised."""

    __tablename__ = "seen"
    dedupe_key: str = Field(sa_type=Text, primary_key=True)
    signal_id: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class SignalRow(SQLModel, table=True):
    """A normal form with its verdict."""

    __tablename__ = "signal"
    signal_id: UUID = Field(sa_type=Uuid, primary_key=True)
    receipt_id: UUID = Field(sa_type=Uuid)
    place: int = Field(sa_type=Integer)
    municipality: str = Field(sa_type=Text)
    verdict: str = Field(sa_type=Text)
    incident_id: UUID | None = Field(default=None, sa_type=Uuid)
    observed_at: datetime = Field(sa_type=Moment)
    explanation: str = Field(sa_type=Text)
    normal: dict[str, Any] = Field(sa_type=JSONB)


class SpoolRow(SQLModel, table=True):
    """Receipts that wait while Kafka is away."""

    __tablename__ = "spool"
    place: int = Field(sa_type=BigInteger, primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    headers: dict[str, Any] = Field(sa_type=JSONB)
    value: bytes = Field(sa_type=LargeBinary)
    spooled_at: datetime = Field(sa_type=Moment)


class TallyRow(SQLModel, table=True):
    """Counts of the ledger, moved in the transaction of the batch."""

    __tablename__ = "tally"
    name: str = Field(sa_type=Text, primary_key=True)
    value: int = Field(sa_type=BigInteger)
