"""Computing a term: elapsed hours in UTC, or calendar periods on the Dutch wall clock. Never extended by doubt."""

import calendar as months
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.duties.calendar import Calendar
from domain.duties.localtime import HERE
from domain.duties.regimes import Obligation

MONTHS_PER_YEAR = 12
DAYS_PER_WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Due:
    """A limit. `exclusive`: the last valid instant lies just before `due_at`. `alarm_at` = the limit before rolling."""

    due_at: datetime
    due_local: str
    alarm_at: datetime
    exclusive: bool
    rule: str


@dataclass(frozen=True, kw_only=True)
class Waits:
    """No limit (yet): what it waits for, or why there is none."""

    waits_for: str | None
    rule: str


def compute(obligation: Obligation, trigger_at: datetime | None, calendar: Calendar) -> Due | Waits:
    """The limit of an obligation that is triggered at this moment (aware)."""
    if obligation.rounding == "on_request":
        return Waits(waits_for=None, rule="op verzoek; een datum alleen als de aanvrager die noemt")
    if trigger_at is None:
        return Waits(waits_for=obligation.trigger, rule="loopt nog niet")
    if obligation.rounding == "no_clock" or obligation.duration is None:
        return Waits(waits_for=None, rule="onverwijld; de wet noemt geen aantal uren")
    if obligation.rounding == "elapsed_hours":
        return _elapsed(trigger_at, obligation.duration)
    return _calendar(trigger_at, obligation.duration, obligation.unit or "day", calendar)


def _elapsed(start: datetime, hours: int) -> Due:
    """Atw art. 4 excludes terms in hours: no weekend, holiday or clock change moves this limit."""
    due = start.astimezone(UTC) + timedelta(hours=hours)
    return Due(
        due_at=due,
        due_local=due.astimezone(HERE).isoformat(),
        alarm_at=due,
        exclusive=False,
        rule=f"{hours} verstreken uren na het begin; weekend, feestdag en zomertijd tellen gewoon mee (Atw art. 4)",
    )


def _calendar(start: datetime, count: int, unit: str, calendar: Calendar) -> Due:
    """Same date n later, clamped to the month's end; end of that day; a day off rolls on (Atw art. 1)."""
    nominal = _later(start.astimezone(HERE).date(), count, unit)
    rolled = calendar.roll(nominal)
    due = _end_of(rolled)
    words = "; valt op een vrije dag en schuift door (Atw art. 1)" if rolled != nominal else ""
    return Due(
        due_at=due,
        due_local=f"{rolled.isoformat()}T24:00",
        alarm_at=_end_of(nominal),
        exclusive=True,
        rule=f"{count} {_DUTCH[unit]} na {start.astimezone(HERE):%d-%m-%Y}: einde van {nominal:%d-%m-%Y}{words}",
    )


_DUTCH = {"day": "dag(en)", "week": "we(e)k(en)", "month": "maand(en)", "year": "jaar"}


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (DAYS_PER_WEEK if unit == "week" else 1))
    total = day.month - 1 + count * (MONTHS_PER_YEAR if unit == "year" else 1)
    year, month = day.year + total // MONTHS_PER_YEAR, total % MONTHS_PER_YEAR + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _end_of(day: date) -> datetime:
    """Midnight after this day on the Dutch wall clock, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), HERE).astimezone(UTC)
