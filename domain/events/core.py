"""What every fact in the log has in common: an immutable, closed record, and free text that is stored beside it."""

import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.parties import ActedBy


class BesideMark:
    """Marks a field whose value is stored beside the log and enters the chain as a salted commitment."""


Beside = Annotated[str, BesideMark()]
"""Free, personal or restricted text. It can be destroyed lawfully; the chain stays valid and shows where it was."""


class Mode(StrEnum):
    """Live or exercise. A process serves one of them and holds no way to reach the other."""

    LIVE = "live"
    OEFENING = "oefening"


class Event(BaseModel):
    """A fact, in the past tense. `type` is the CloudEvents type on the wire.

    `happened_at` is the earlier moment of happening, when that differs from the moment of recording.
    """

    # A fault in validation must not tell what somebody wrote: it ends in a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    type: str
    happened_at: AwareDatetime | None = None
    kind: ClassVar[str]


class RuleUsed(BaseModel):
    """Which automatic rule did this, on which inputs, and who can overrule it. Shown with every automatic step."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str
    version: str
    inputs: dict[str, str]
    explanation: str
    overruled_by: str = "ciso"


class Recorded(BaseModel):
    """A fact as it stands in the log: where, when, by whom, and caused by what."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    event_id: UUID
    stream_id: str
    version: int
    recorded_at: datetime
    by: ActedBy
    mode: Mode
    run_id: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    event: Event


def beside_fields(event: type[Event]) -> tuple[str, ...]:
    """Names of the fields of this event type that are stored beside the log, in the order of definition."""
    return tuple(
        name
        for name, field in event.model_fields.items()
        if any(isinstance(mark, BesideMark) for mark in field.metadata) or _marked(field.annotation)
    )


def _marked(annotation: Any) -> bool:
    """Whether this annotation is Beside, or an optional Beside."""
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_marked(part) for part in get_args(annotation))
    return get_origin(annotation) is Annotated and any(isinstance(m, BesideMark) for m in get_args(annotation)[1:])


def apart(event: Event) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Split an event in the data that goes into the log (JSON values) and the texts that stand beside it."""
    data = event.model_dump(mode="json", exclude_none=True)
    beside = {name: data.pop(name) for name in beside_fields(type(event)) if data.get(name) is not None}
    return data, beside
