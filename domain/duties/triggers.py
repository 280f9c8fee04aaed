"""From which moment a clock runs: knowing, submitting, a request, a moment that people recorded, another limit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.duties.regimes import Obligation


def no_limit(_other: str) -> datetime | None:
    """No other limit is known."""
    return None


@dataclass(frozen=True, kw_only=True)
class Moments:
    """The moments that are known. `limit_of` gives the limit of another obligation."""

    aware: datetime | None = None
    opened: datetime | None = None
    handled: datetime | None = None
    closed: datetime | None = None
    recorded: Mapping[str, datetime] = field(default_factory=dict)
    requests: Mapping[str, datetime] = field(default_factory=dict)
    submissions: Mapping[str, datetime] = field(default_factory=dict)
    limit_of: Callable[[str], datetime | None] = no_limit


def trigger_of(obligation: Obligation, moments: Moments) -> datetime | None:
    """The moment from which this clock runs; None while that has not happened. Of two beginnings the first counts.

    A duty that repeats starts anew from its last submission.
    """
    if obligation.repeats and obligation.id in moments.submissions:
        return moments.submissions[obligation.id]
    named = (obligation.trigger, obligation.trigger_or)
    found = [_moment(each, obligation.id, moments) for each in named if each is not None]
    return min((each for each in found if each is not None), default=None)


def _moment(trigger: str, obligation: str, moments: Moments) -> datetime | None:
    kind, _, other = trigger.partition(":")
    named = {
        "aware": moments.aware,
        "opened": moments.opened,
        "handled": moments.handled,
        "closed": moments.closed,
        "request": moments.requests.get(obligation),
        "moment": moments.recorded.get(other),
        "submitted": moments.submissions.get(other),
    }
    return moments.limit_of(other) if kind == "due" else named.get(kind)
