"""Dutch working days by the Algemene termijnenwet: Saturdays, Sundays, the holidays of art. 3, and equated days."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

SATURDAY = 5
KINGS_DAY_MONTH, KINGS_DAY = 4, 27


@cache
def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Generally recognised holidays (Atw art. 3 lid 1) and Good Friday (lid 2)."""
    sunday = easter(year)
    king = date(year, KINGS_DAY_MONTH, KINGS_DAY)
    if king.isoweekday() == 7:  # noqa: PLR2004 - King's Day moves to Saturday when 27 April is a Sunday
        king -= timedelta(days=1)
    moving = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50)}
    fixed = {date(year, 1, 1), king, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(moving | fixed)


@dataclass(frozen=True)
class Calendar:
    """Working days. `equated` = days that a decree equates with holidays (Atw art. 3 lid 3), a dated list."""

    equated: frozenset[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """Whether a term can end on this day."""
        return day.weekday() < SATURDAY and day not in holidays(day.year) and day not in self.equated

    def roll(self, day: date) -> date:
        """This day, or the next one on which a term can end (Atw art. 1 lid 1)."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day
