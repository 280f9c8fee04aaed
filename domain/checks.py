"""Checks that several acts share. Each gives nothing or refuses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain import refusals
from domain.incidents import Incident
from domain.status import Status

CLOCK_SLACK = timedelta(seconds=5)
"""A browser's clock may run this far ahead of ours before a moment counts as the future."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words a command may use: regimes and obligations that apply, organisations that take part.

    `in_force`: from which date each regime exists; `referenced`: obligations whose receiver gives a reference.
    """

    regimes: Collection[str]
    obligations: Collection[str]
    organisations: Collection[str]
    playbooks: Collection[str]
    in_force: Mapping[str, date] = field(default_factory=dict)
    referenced: Collection[str] = ()


def refuse_closed(state: Incident) -> None:
    """Refuse an act on an incident that is closed or merged."""
    refuse_merged(state)
    if not state.status.is_open:
        raise refusals.IncidentIsClosedError


def refuse_merged(state: Incident) -> None:
    """Refuse an act on an incident that goes on in another one."""
    if state.status is Status.SAMENGEVOEGD:
        raise refusals.IncidentIsMergedError


def refuse_future(moment: datetime, now: datetime) -> None:
    """Refuse a moment after now, with some slack for clocks that differ."""
    if moment > now + CLOCK_SLACK:
        raise refusals.MomentInFutureError


def given_reason(reason: str) -> str:
    """The reason without blanks around it. Refused when there is none."""
    if not reason.strip():
        raise refusals.ReasonMissingError
    return reason.strip()


def refuse_unknown_owner(organisation: str, function: str, known: Vocabulary) -> None:
    """Refuse an owner that is not named or does not take part."""
    if not organisation or not function:
        raise refusals.OwnerMissingError
    if organisation not in known.organisations:
        raise refusals.OwnerUnknownError
