"""Tables of the log, of what is derived from it and of what leaves, as SQLModel: migrations are held against them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.store.tables.moment import Moment


class CardRow(SQLModel, table=True):
    """A card of the live picture, at its newest version."""

    __tablename__ = "card"
    card_id: str = Field(sa_type=Text, primary_key=True)
    epoch: int = Field(sa_type=Integer)
    number: int = Field(sa_type=BigInteger)
    state: dict[str, Any] = Field(sa_type=JSONB)


class CheckpointRow(SQLModel, table=True):
    """A signed statement about the log, chained; what leaves the house is derived from it."""

    __tablename__ = "checkpoint"
    number: int = Field(sa_type=BigInteger, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    covers: int = Field(sa_type=BigInteger)
    body: bytes = Field(sa_type=LargeBinary)
    signature: bytes = Field(sa_type=LargeBinary)
    previous: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class CorrelationKeyRow(SQLModel, table=True):
    """Which open incident a correlation key leads to."""

    __tablename__ = "correlation_key"
    rule: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    incident_id: UUID = Field(sa_type=Uuid)
    last_at: datetime = Field(sa_type=Moment)


class DestructionRow(SQLModel, table=True):
    """What was destroyed under the selection list, signed with the key of the checkpoints."""

    __tablename__ = "destruction"
    stream_id: str = Field(sa_type=Text, primary_key=True)
    version: int = Field(sa_type=BigInteger, primary_key=True)
    signature: bytes = Field(sa_type=LargeBinary)


class DutyRow(SQLModel, table=True):
    """A statutory duty of an incident, with when the sweep must look."""

    __tablename__ = "duty"
    incident_id: UUID = Field(sa_type=Uuid, primary_key=True)
    obligation: str = Field(sa_type=Text, primary_key=True)
    place: int = Field(sa_type=Integer)
    next_warning_at: datetime | None = Field(default=None, sa_type=Moment)
    state: dict[str, Any] = Field(sa_type=JSONB)


class EpochRow(SQLModel, table=True):
    """The one epoch of this database; it rises at a restore or rebuild."""

    __tablename__ = "epoch"
    one: bool = Field(sa_type=Boolean, primary_key=True)
    epoch: int = Field(sa_type=Integer)


class EventRow(SQLModel, table=True):
    """A fact: canonical bytes and their place in the chain of their stream."""

    __tablename__ = "event"
    stream_id: str = Field(sa_type=Text, primary_key=True)
    version: int = Field(sa_type=BigInteger, primary_key=True)
    event_id: UUID = Field(sa_type=Uuid)
    type: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=Moment)
    envelope: bytes = Field(sa_type=LargeBinary)
    previous: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class EventNumberRow(SQLModel, table=True):
    """The gapless number of a committed fact."""

    __tablename__ = "event_number"
    number: int = Field(sa_type=BigInteger, primary_key=True)
    stream_id: str = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger)


class EventSideRow(SQLModel, table=True):
    """Texts beside a fact, with the salt of their commitment."""

    __tablename__ = "event_side"
    stream_id: str = Field(sa_type=Text, primary_key=True)
    version: int = Field(sa_type=BigInteger, primary_key=True)
    field: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
    salt: bytes = Field(sa_type=LargeBinary)


class ExecutionRow(SQLModel, table=True):
    """The state of a running playbook."""

    __tablename__ = "execution"
    execution_id: UUID = Field(sa_type=Uuid, primary_key=True)
    incident_id: UUID = Field(sa_type=Uuid)
    next_wake_at: datetime | None = Field(default=None, sa_type=Moment)
    state: dict[str, Any] = Field(sa_type=JSONB)


class HeartbeatRow(SQLModel, table=True):
    """Signs of life of the processes, and alarms."""

    __tablename__ = "heartbeat"
    name: str = Field(sa_type=Text, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    detail: dict[str, Any] = Field(sa_type=JSONB)


class IdempotencyRow(SQLModel, table=True):
    """The answer to a command with this key."""

    __tablename__ = "idempotency"
    key: str = Field(sa_type=Text, primary_key=True)
    answer: str | None = Field(default=None, sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class IncidentRow(SQLModel, table=True):
    """The state of an incident."""

    __tablename__ = "incident"
    incident_id: UUID = Field(sa_type=Uuid, primary_key=True)
    municipality: str = Field(sa_type=Text)
    number: str = Field(sa_type=Text)
    is_open: bool = Field(sa_type=Boolean)
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    version: int = Field(sa_type=BigInteger)
    state: dict[str, Any] = Field(sa_type=JSONB)


class IncidentCounterRow(SQLModel, table=True):
    """The last incident number of a year."""

    __tablename__ = "incident_counter"
    year: int = Field(sa_type=Integer, primary_key=True)
    last: int = Field(sa_type=BigInteger)


class InstanceModeRow(SQLModel, table=True):
    """The one mode that this database serves."""

    __tablename__ = "instance_mode"
    one: bool = Field(sa_type=Boolean, primary_key=True)
    mode: str = Field(sa_type=Text)


class MembershipRow(SQLModel, table=True):
    """Signals that joined an incident and no fact mentions yet."""

    __tablename__ = "membership"
    incident_id: UUID = Field(sa_type=Uuid, primary_key=True)
    count: int = Field(sa_type=BigInteger)
    first_at: datetime | None = Field(default=None, sa_type=Moment)
    last_at: datetime | None = Field(default=None, sa_type=Moment)
    digest: str | None = Field(default=None, sa_type=Text)
    rule: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    mentioned_at: datetime | None = Field(default=None, sa_type=Moment)


class NoticeRow(SQLModel, table=True):
    """A message to a function, until it was sent and after."""

    __tablename__ = "notice"
    key: str = Field(sa_type=Text, primary_key=True)
    organisation: str = Field(sa_type=Text)
    function: str = Field(sa_type=Text)
    urgent: bool = Field(sa_type=Boolean)
    state: dict[str, Any] = Field(sa_type=JSONB)
    written_at: datetime = Field(sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = Field(sa_type=Integer)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    channel: str | None = Field(default=None, sa_type=Text)
    fault: str | None = Field(default=None, sa_type=Text)


class OutboxRow(SQLModel, table=True):
    """Messages that wait for the relay, in order."""

    __tablename__ = "outbox"
    place: int = Field(sa_type=BigInteger, primary_key=True)
    topic: str = Field(sa_type=Text)
    key: bytes | None = Field(default=None, sa_type=LargeBinary)
    headers: dict[str, Any] = Field(sa_type=JSONB)
    value: bytes | None = Field(default=None, sa_type=LargeBinary)


class PlaybookDefinitionRow(SQLModel, table=True):
    """Texts of started playbooks, kept for as long as an execution goes on."""

    __tablename__ = "playbook_definition"
    digest: str = Field(sa_type=Text, primary_key=True)
    texts: str = Field(sa_type=Text)


class RelayPositionRow(SQLModel, table=True):
    """Up to which number facts are with the broker."""

    __tablename__ = "relay_position"
    one: bool = Field(sa_type=Boolean, primary_key=True)
    number: int = Field(sa_type=BigInteger)


class StreamHeadRow(SQLModel, table=True):
    """Version and hash of the newest fact of a stream; locking it is locking the stream."""

    __tablename__ = "stream_head"
    stream_id: str = Field(sa_type=Text, primary_key=True)
    version: int = Field(sa_type=BigInteger)
    hash: bytes = Field(sa_type=LargeBinary)


class TaskRow(SQLModel, table=True):
    """A task of a party."""

    __tablename__ = "task"
    task_key: str = Field(sa_type=Text, primary_key=True)
    execution_id: UUID = Field(sa_type=Uuid)
    organisation: str = Field(sa_type=Text)
    function: str = Field(sa_type=Text)
    is_open: bool = Field(sa_type=Boolean)
    asked_at: datetime = Field(sa_type=Moment)
    state: dict[str, Any] = Field(sa_type=JSONB)


class UnnumberedRow(SQLModel, table=True):
    """Committed facts that wait for their number."""

    __tablename__ = "unnumbered"
    place: int = Field(sa_type=BigInteger, primary_key=True)
    stream_id: str = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger)
