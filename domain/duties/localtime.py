"""Times on a Dutch wall clock: one that does not exist is refused, one that occurs twice is asked."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.errors import InvalidError

HERE = ZoneInfo("Europe/Amsterdam")
YEARS = range(1900, 2200)
"""Another year is a mistake; far enough from the ends of the calendar to count on from."""


class NoSuchTimeError(InvalidError):
    """Deze tijd bestaat niet: de klok gaat dan een uur vooruit. Kies een andere tijd."""


class AmbiguousTimeError(InvalidError):
    """Deze tijd komt die nacht twee keer voor. Kies de eerste of de tweede keer."""


class UnreadableTimeError(InvalidError):
    """Dit is geen tijd. Schrijf bijvoorbeeld 2026-11-24T02:30."""


def parse_moment(text: str, fold: int | None = None) -> datetime:
    """A moment in UTC. Without offset the Dutch wall clock counts; `fold` 0 or 1 = first or second pass.

    Raises UnreadableTimeError, NoSuchTimeError or AmbiguousTimeError.
    """
    try:
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise UnreadableTimeError from error
    if moment.year not in YEARS:
        raise UnreadableTimeError
    return moment.astimezone(UTC) if moment.tzinfo else from_wall_clock(moment, fold)


def from_wall_clock(wall: datetime, fold: int | None = None) -> datetime:
    """The same for a naive wall-clock time."""
    first, second = (wall.replace(tzinfo=HERE, fold=each).astimezone(UTC) for each in (0, 1))
    if first == second:
        return first
    if first.astimezone(HERE).replace(tzinfo=None) != wall:
        raise NoSuchTimeError
    if fold not in (0, 1):
        raise AmbiguousTimeError
    return second if fold else first
