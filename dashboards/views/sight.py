"""Takes out of a picture what the viewers of a room may not see, by the one policy of the domain."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards.views.card_data import Picture, Situation
from domain import sharing
from domain.parties import Actor
from domain.sharing_table import Kind


def visible(picture: Picture, viewer: Actor, parties: Mapping[str, frozenset[str]], *, exercise: bool) -> Picture:
    """The picture as this viewer may see it; incidents that may not be seen are not there."""
    seen = [_visible(one, viewer, parties, exercise=exercise) for one in picture.situations]
    return Picture(situations=tuple(one for one in seen if one is not None), unread=picture.unread)


def _visible(
    one: Situation, viewer: Actor, parties: Mapping[str, frozenset[str]], *, exercise: bool
) -> Situation | None:
    known = parties.get(one.incident.municipality, frozenset())
    subject = sharing.of_incident(one.incident, parties=known, exercise=exercise)
    incident = sharing.visible_incident(viewer, subject, one.incident)
    if incident is None:
        return None
    kinds = sharing.sees(viewer, subject)
    return replace(
        one,
        incident=incident,
        duties=one.duties if Kind.PLICHTEN in kinds else (),
        executions=one.executions if Kind.TAKEN in kinds else (),
        sees=kinds,
        does=sharing.does(viewer, subject),
    )
