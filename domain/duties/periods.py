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


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What people agreed where the law leaves it open: hours of a contract, the moment a requester named."""

    hours: int | None = None
    until: datetime | None = None


NOTHING = Agreed()


def compute(
    obligation: Obligation, trigger_at: datetime | None, calendar: Calendar, agreed: Agreed = NOTHING
) -> Due | Waits:
    """The limit of an obligation that is triggered at this moment (aware)."""
    if trigger_at is None:
        return Waits(waits_for=obligation.trigger, rule="loopt nog niet")
    if obligation.rounding == "on_request":
        return _asked(obligation, agreed.until)
    hours = agreed.hours if obligation.by_contract else obligation.hours
    if obligation.by_contract and hours is not None:
        return _elapsed(trigger_at, hours, f"{hours} verstreken uren na het begin, volgens het contract")
    if obligation.rounding == "no_clock" or obligation.duration is None:
        return Waits(waits_for=None, rule=_note(obligation, "onverwijld; de wet noemt geen aantal uren"))
    if obligation.rounding == "elapsed_hours":
        return _elapsed(
            trigger_at, obligation.duration, f"{obligation.duration} verstreken uren na het begin; {STRICT}"
        )
    return _calendar(trigger_at, obligation, obligation.duration, calendar)


STRICT = "weekend, feestdag en zomertijd tellen gewoon mee (Atw art. 4)"


def _note(obligation: Obligation, otherwise: str) -> str:
    return obligation.note["nl"] if obligation.note else otherwise


def _asked(obligation: Obligation, until: datetime | None) -> Due | Waits:
    if until is None:
        return Waits(waits_for=None, rule=_note(obligation, "op verzoek; een datum alleen als de aanvrager die noemt"))
    return _until(until.astimezone(UTC), "op het moment dat de aanvrager noemde")


def _elapsed(start: datetime, hours: int, rule: str) -> Due:
    """Atw art. 4 excludes terms in hours: no weekend, holiday or clock change moves this limit."""
    return _until(start.astimezone(UTC) + timedelta(hours=hours), rule)


def _until(due: datetime, rule: str) -> Due:
    return Due(due_at=due, due_local=due.astimezone(HERE).isoformat(), alarm_at=due, exclusive=False, rule=rule)


def _calendar(start: datetime, obligation: Obligation, count: int, calendar: Calendar) -> Due:
    """Same date n later, clamped to the month's end; end of that day; a day off rolls on where the Atw says so."""
    unit = obligation.unit or "day"
    first = _first_day(start, obligation)
    nominal = _later(first, count, unit)
    rolls = obligation.rounding == "calendar_end_of_day_roll"
    rolled = calendar.roll(nominal) if rolls else nominal
    words = "; valt op een vrije dag en schuift door (Atw art. 1)" if rolled != nominal else ""
    least = "; langer bewaren mag" if obligation.at_least else ""
    term = f"{count} {_DUTCH[unit]} na {first:%d-%m-%Y}: " if count else "op dezelfde dag: "
    return Due(
        due_at=_end_of(rolled),
        due_local=f"{rolled.isoformat()}T24:00",
        alarm_at=_end_of(nominal),
        exclusive=True,
        rule=f"{term}einde van {nominal:%d-%m-%Y}{words}{least}",
    )


_DUTCH = {"day": "dag(en)", "week": "we(e)k(en)", "month": "maand(en)", "year": "jaar"}


def _first_day(start: datetime, obligation: Obligation) -> date:
    """The date from which is counted. The limit of another duty is the end of a day: midnight belongs to that day."""
    here = start.astimezone(HERE)
    if obligation.trigger.startswith("due:") and here.time() == time():
        return here.date() - timedelta(days=1)
    return here.date()


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (DAYS_PER_WEEK if unit == "week" else 1))
    total = day.month - 1 + count * (MONTHS_PER_YEAR if unit == "year" else 1)
    year, month = day.year + total // MONTHS_PER_YEAR, total % MONTHS_PER_YEAR + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _end_of(day: date) -> datetime:
    """Midnight after this day on the Dutch wall clock, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), HERE).astimezone(UTC)
