"""The same law, worked out slowly and another way: minute by minute, day by day, with Easter from a printed table."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EASTERS = {
    2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20),
    2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13),
    2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
}  # fmt: skip
EQUATED = {date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)}
AFTER_EASTER = {"Goede Vrijdag": -2, "tweede paasdag": 1, "Hemelvaart": 39, "tweede pinksterdag": 50}


def hours_later(start: datetime, hours: int) -> datetime:
    """Minute by minute along the real time line."""
    moment = start.astimezone(UTC)
    for _ in range(hours * 60):
        moment += MINUTE
    return moment


def is_day_off(day: date) -> bool:
    """Whether no term of the Algemene termijnenwet ends on this day."""
    easter = date(day.year, *EASTERS[day.year])
    king = date(day.year, 4, 26) if date(day.year, 4, 27).strftime("%a") == "Sun" else date(day.year, 4, 27)
    named = {easter + days * DAY for days in AFTER_EASTER.values()}
    named |= {king} | {date(day.year, month, number) for month, number in ((1, 1), (5, 5), (12, 25), (12, 26))}
    return day.strftime("%a") in ("Sat", "Sun") or day in named or day in EQUATED


def months_later(day: date, count: int) -> date:
    """Day by day: the last day of the month that is not past the same number, `count` months on."""
    found, months = day, 0
    for each in _days(day):
        if each.day == 1:
            months += 1
        if months > count:
            return found
        if months == count and each.day <= day.day:
            found = each
    raise AssertionError


def days_later(day: date, count: int) -> date:
    """Day by day."""
    for _ in range(count):
        day += DAY
    return day


def next_day_on(day: date) -> date:
    """This day, or the first after it that is no day off."""
    while is_day_off(day):
        day += DAY
    return day


def end_of(day: date) -> datetime:
    """The first whole minute that is no longer this day on a Dutch clock."""
    moment = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    while moment.astimezone(ZONE).date() == day:
        moment += MINUTE
    return moment


def date_here(moment: datetime) -> date:
    """The date on a Dutch clock."""
    return moment.astimezone(ZONE).date()


def moments_of(wall: datetime) -> list[datetime]:
    """Every real moment at which a Dutch clock shows this: none, one or two."""
    middle = wall.replace(tzinfo=UTC)
    near = [middle + minutes * MINUTE for minutes in range(-240, 241)]
    return [each for each in near if each.astimezone(ZONE).replace(tzinfo=None, fold=0) == wall]


def _days(day: date) -> Iterator[date]:
    while True:
        day += DAY
        yield day
