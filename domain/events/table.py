"""All event types by their wire name: how a stored fact becomes an event again."""

from collections.abc import Mapping
from typing import Any, get_args

from domain.events.core import Event
from domain.events.destruction import Vernietigd
from domain.events.execution import AnyExecutionEvent
from domain.events.incident import AnyIncidentEvent
from domain.events.organisation import AnyOrganisationEvent

EVENTS: Mapping[str, type[Event]] = {
    each.model_fields["type"].default: each
    for each in (
        *get_args(AnyIncidentEvent),
        *get_args(AnyExecutionEvent),
        *get_args(AnyOrganisationEvent),
        Vernietigd,
    )
}


class UnknownEventTypeError(KeyError):
    """A fact of a type that this version does not know."""


def event_of(data: Mapping[str, Any]) -> Event:
    """The event of stored data, texts beside filled in. Raises UnknownEventTypeError."""
    try:
        kind = EVENTS[data["type"]]
    except KeyError as error:
        raise UnknownEventTypeError(data.get("type")) from error
    return kind.model_validate(data)
