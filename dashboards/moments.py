"""Moments and spans in words: local Dutch time, rounded to minutes. `static/clocks.js` says the same in the browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

Translate = Callable[[str], str]
HERE = ZoneInfo("Europe/Amsterdam")


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of the municipality."""
    return moment.astimezone(HERE)


def absolute(moment: datetime, language: str) -> str:
    """`22 nov 2026 14:02`, always with the day: a limit without a day is read wrong at night."""
    return format_datetime(local(moment), "d MMM yyyy HH:mm", locale=language).replace(".", "")


def clock(moment: datetime, language: str) -> str:
    """`14:02`."""
    return format_time(local(moment), "HH:mm", locale=language)


def day(moment: datetime, language: str) -> str:
    """`zondag 22 november 2026`."""
    return format_date(local(moment).date(), "full", locale=language)


def span(length: timedelta, gettext: Translate) -> str:
    """`2 dagen 21 uur`, `3 uur 5 min`, `12 min`: two units at most, rounded down to minutes."""
    minutes = int(length.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = []
    if days:
        parts.append((gettext("{count} dag") if days == 1 else gettext("{count} dagen")).format(count=days))
    if hours:
        parts.append(gettext("{count} uur").format(count=hours))
    if not days and (rest or not hours):
        parts.append(gettext("{count} min").format(count=rest))
    return " ".join(parts)


def remaining(until: datetime, now: datetime, gettext: Translate) -> str:
    """`nog 21 uur 14 min`, or how long it is too late."""
    words = gettext("{span} te laat") if until < now else gettext("nog {span}")
    return words.format(span=span(abs(until - now), gettext))


def from_form(text: str) -> datetime | None:
    """The moment of a `datetime-local` field, which is local Dutch time; None when it is none.

    An hour that happens twice (end of summer time) is read as the first one.
    """
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return naive if naive.tzinfo else naive.replace(tzinfo=HERE)


def for_form(moment: datetime) -> str:
    """Value for a `datetime-local` field."""
    return local(moment).strftime("%Y-%m-%dT%H:%M")
