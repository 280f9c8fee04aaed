"""What the JSON formats ask of their fields: absent is fine, another type than the name promises is not.

A name that a format does not know is kept, whatever stands behind it. Lengths are cut here, once: the whole text stays
in the raw bytes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from signals.formats.reading import (
    OLDEST_YEAR,
    Refused,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    observable_of,
    text_of,
)
from signals.normal import NormalSignal, State

LONGEST_ID = 200
LONGEST_NAME = 200
LONGEST_TITLE = 300
LONGEST_TEXT = 10_000
LONGEST_OBSERVABLE = 2_000
MOST_OBSERVABLES = 500
MOST_NAMES = 500
MOST_ROWS = 10_000
MOST_UNKNOWN = 20_000
"""Characters of what a format does not know, that are kept beside the signal."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of characters that nobody sees: two ids that look the same must be the same."""
MARKS = {
    # Own agreement: the words with which exercises are marked in the Netherlands (`OEFENING`) and the EU (`EXERCISE`).
    "oefening": State.OEFENING,
    "exercise": State.OEFENING,
    "test": State.TEST,
}
MARKED = re.compile(r"\W{0,20}(oefening|exercise|test)\b(?:\W{1,3}\1\b){0,5}(?P<after>.{0,4})", re.IGNORECASE)
AFTER_MARK = re.compile(r"\s?[\])}:*]|\s[-–—|]\s|$")


def object_in(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object behind a name, empty when absent. Raises UnreadableError for anything else."""
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnreadableError(f"`{name}` is geen object")
    return value


def list_in(given: Mapping[str, Any], name: str, most: int = MOST_ROWS) -> list[Any]:
    """The list behind a name, empty when absent. Raises UnreadableError for anything else, or for too many."""
    value = given.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableError(f"`{name}` is geen lijst")
    if len(value) > most:
        raise UnreadableError(f"`{name}` heeft meer dan {most} onderdelen")
    return value


def objects_in(given: Mapping[str, Any], name: str, most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The objects in the list behind a name; empty ones and `null` are left out. Raises UnreadableError."""
    found = [each for each in list_in(given, name, most) if each not in (None, {}, "")]
    if not all(isinstance(each, dict) for each in found):
        raise UnreadableError(f"in `{name}` staat iets dat geen object is")
    return found


def text_in(given: Mapping[str, Any], name: str, most: int = LONGEST_TEXT) -> str | None:
    """The text behind a name, also when somebody wrote a number; None when absent or empty. Raises UnreadableError."""
    value = given.get(name)
    if isinstance(value, (dict, list, bool)):
        raise UnreadableError(f"`{name}` is geen tekst")
    found = text_of(value)
    return found[:most].strip() or None if found else None


def name_in(given: Mapping[str, Any], name: str) -> str | None:
    """A name as people read it: without characters that nobody sees, cut. Raises UnreadableError."""
    found = text_in(given, name)
    return seen(found)[:LONGEST_NAME].strip() or None if found else None


def id_in(given: Mapping[str, Any], name: str) -> str | None:
    """An identity, as it can be compared and stored; None when absent. Raises UnreadableError."""
    value = given.get(name)
    if isinstance(value, (dict, list, bool)):
        raise UnreadableError(f"`{name}` is geen tekst")
    return identity_of(value)


def identity_of(value: object) -> str | None:
    """One form for ids that look the same (NFC, nothing invisible); a very long one is told by its fingerprint."""
    found = text_of(value)
    if not found:
        return None
    plain = seen(found)
    return plain or None if len(plain) <= LONGEST_ID else fingerprint(plain)


def seen(text: str) -> str:
    """The text in one form (NFC), without control characters, direction marks and other things nobody sees."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each) not in HIDDEN
    ).strip()


def epoch_of(value: object, otherwise: datetime) -> tuple[datetime, str | None]:
    """A moment in seconds since 1970, as number or text; otherwise as `moment_of` reads it."""
    written = text_of(value)
    if written is None or not written.isascii() or not written.isdigit() or len(written) > 13:  # noqa: PLR2004 -- digits of milliseconds
        return moment_of(value, otherwise)
    seconds = int(written) / (1000 if len(written) == 13 else 1)  # noqa: PLR2004 -- the same
    if seconds == 0 or seconds > (otherwise.timestamp() + 366 * 86_400):
        return otherwise, written
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return (moment, written) if moment.year >= OLDEST_YEAR else (otherwise, written)


def observables(values: Iterable[str | None]) -> tuple[str, ...]:
    """Domains, addresses, hashes and urls in the form in which we compare; sorted, unique, and not endless."""
    short = (each for each in values if each and len(each) <= LONGEST_OBSERVABLE)
    found = {made for each in short if (made := observable_of(seen(each)))}
    return tuple(sorted(found)[:MOST_OBSERVABLES])


def names(values: Iterable[str | None]) -> tuple[str, ...]:
    """Names, cut, sorted, unique, and not endless."""
    found = {seen(each)[:LONGEST_NAME].strip() for each in values if each}
    return tuple(sorted(found - {""})[:MOST_NAMES])


def marked_title(title: str | None) -> State | None:
    """A title that begins with OEFENING, EXERCISE or TEST as a mark: in brackets, or with a colon or dash after it."""
    found = MARKED.match((title or "")[:100])
    return MARKS[found[1].lower()] if found and AFTER_MARK.match(found["after"]) else None


def marked_label(labels: Iterable[str | None]) -> State | None:
    """The mark of a test or an exercise among loose labels; an exercise is told before a test."""
    found = {MARKS.get((each or "").strip().lower()) for each in labels}
    return next((state for state in (State.OEFENING, State.TEST) if state in found), None)


def kept(given: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """What a sender said besides the names that a format knows; what makes it too long is left out."""
    left, found = MOST_UNKNOWN, {}
    for name in sorted(given.keys() - set(known)):
        size = _size(given[name], left)
        if size <= left and given[name] is not None:
            found[name[:LONGEST_NAME]] = given[name]
            left -= size
    return found


def each_row(
    rows: Rows, given: Sequence[object], made: Callable[[dict[str, Any], int], Iterable[NormalSignal]]
) -> None:
    """Read every row; one that is no object, or that can not be read, is refused by its number and the rest goes on."""
    for place, row in enumerate(given, start=1):
        try:
            if not isinstance(row, dict):
                raise UnreadableError("dit onderdeel is geen object")  # noqa: TRY301 -- refused like any other row
            rows.signals.extend(made(row, place))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))


def _size(value: object, most: int) -> int:
    """Characters in a JSON value, counted without recursion until there are too many."""
    total, waiting = 0, [value]
    while waiting and total <= most:
        each = waiting.pop()
        if isinstance(each, dict):
            total += sum(map(len, each))
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        total += len(each) if isinstance(each, str) else 4
    return total
