"""What comes out of reading one receipt, and the small questions every format asks of its input."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import orjson

from signals.formats.mapping import SourceMapping
from signals.normal import NormalSignal

DEEPEST = 40
LONGEST_NUMBER = 20
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19
"""So many digits are perhaps more than 63 bits: such numbers go the careful way."""
_ODD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""What JSON can escape but no database takes: NUL and halves of characters (also whole ones, in two halves)."""
OLDEST_YEAR = 1990
"""An earlier year is a placeholder (`0001-01-01T00:00:00Z`), not a moment."""


class UnreadableError(ValueError):
    """A row or a receipt that can not be read; the text says why, in Dutch, without its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One receipt as it came in. `organisation` owns the source; `headers` have lower-case names."""

    body: bytes
    media_type: str
    headers: Mapping[str, str]
    received_at: datetime
    organisation: str
    source_id: str = ""
    mapping: SourceMapping | None = None
    """How this source's own CSV or JSON is read, when somebody said so."""

    @property
    def municipality(self) -> str | None:
        """Code of the municipality that owns the source."""
        kind, _, code = self.organisation.partition(":")
        return code if kind == "gemeente" else None


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that could not be read; the rest of the receipt was."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`accepted` = read in its own format, also when it is a test or has ended. `findings`: rules it breaks."""

    verdict: str
    format: str | None
    signals: tuple[NormalSignal, ...] = ()
    refused_rows: tuple[Refused, ...] = ()
    findings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Rows:
    """Collects what a format reads: signals, refused rows, findings."""

    signals: list[NormalSignal] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def reading(self, format_id: str) -> Reading:
        """The reading of one receipt. Raises UnreadableError when there were rows and none could be read."""
        if self.refused and not self.signals:
            raise UnreadableError(self.refused[0].reason)
        return Reading(
            verdict="accepted",
            format=format_id,
            signals=tuple(self.signals),
            refused_rows=tuple(self.refused),
            findings=tuple(dict.fromkeys(self.findings)),
        )


def read_json(body: bytes) -> Any:
    """The one JSON value of a body. Raises UnreadableError: not UTF-8, more than one value, too deep, not a number."""
    value = _quickly(body)
    if value is _SLOW:
        value = _carefully(body)
    if body.count(b"{") + body.count(b"[") > DEEPEST and _depth(value) > DEEPEST:
        raise UnreadableError("de JSON is te diep genest")
    return _storable(value) if b"\\u" in body and _ODD.search(body) else value


_SLOW = object()


def _quickly(body: bytes) -> Any:
    """Almost all JSON, ten times faster; `_SLOW` for what the quick reader refuses or reads otherwise than we do."""
    if _LONG_NUMBER in body.translate(_ZEROS):
        return _SLOW
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _SLOW


def _carefully(body: bytes) -> Any:
    """The value with numbers of any length, a byte order mark and halves of characters, or the reason why not."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("de tekst is geen UTF-8") from error
    try:
        return _PLAIN.decode(text)
    except UnreadableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableError("dit is geen geldige JSON") from error


def read_json_line(line: bytes) -> Any:
    """The JSON value of one line of many, as `read_json` reads it, with a short way for a line that is plain."""
    if b"\\u" in line or line.count(b"{") + line.count(b"[") > DEEPEST:
        return read_json(line)
    try:
        return _PLAIN.decode(line.decode())
    except UnicodeDecodeError as error:
        raise UnreadableError("de tekst is geen UTF-8") from error
    except UnreadableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableError("dit is geen geldige JSON") from error


def _whole(digits: str) -> int | float | str:
    """A whole number of 64 bits; a longer one is a double, as most senders read it themselves."""
    value = int(digits) if len(digits) <= LONGEST_NUMBER else None
    return value if value is not None and -(2**63) <= value < 2**63 else _broken(digits)


def _broken(digits: str) -> float | str:
    """A number with a fraction; one that is too large for a double stays the text it was."""
    value = float(digits)
    return value if math.isfinite(value) else digits


def _storable(value: Any) -> Any:
    """Without what JSON can escape but no database takes: NUL and halves of characters. The depth was checked."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value


def _no_constant(name: str) -> float:
    raise UnreadableError(f"{name} is geen getal in JSON")


_PLAIN = json.JSONDecoder(parse_constant=_no_constant, parse_int=_whole, parse_float=_broken)


def _depth(value: object) -> int:
    """Levels of nesting, counted without recursion."""
    level, layer = 0, [value]
    while layer and level <= DEEPEST:
        below: list[object] = []
        for each in layer:
            if isinstance(each, dict):
                below += each.values()
            elif isinstance(each, list):
                below += each
        layer, level = below, level + 1
    return level


def text_of(value: object) -> str | None:
    """A text, also when somebody wrote a number; None for nothing, an empty text or a structure."""
    if type(value) is str and value.isascii() and "\x00" not in value:
        return value.strip() or None
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return None
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode().strip() or None


def moment_of(value: object, otherwise: datetime) -> tuple[datetime, str | None]:
    """A moment in UTC and what was written. Unreadable, without year or far from now: the moment of receipt."""
    written = text_of(value)
    if written is None:
        return otherwise, None
    try:
        moment = datetime.fromisoformat(_tidied(written))
    except ValueError:
        return otherwise, written
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return otherwise, written
    return (moment, written) if OLDEST_YEAR <= moment.year <= otherwise.year + 1 else (otherwise, written)


def _tidied(written: str) -> str:
    """At most six digits of a second: `datetime` reads no more, and some senders write nine."""
    head, dot, tail = written.partition(".")
    if not dot:
        return written
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[:digits][:6]}{tail[digits:]}"


def observable_of(value: str) -> str | None:
    """A domain, address or hash in the one form in which we compare; None when it is nothing of these."""
    plain = value.strip().rstrip(".").lower()
    try:
        return str(ip_address(plain))
    except ValueError:
        pass
    try:
        encoded = plain.encode("idna").decode() if plain and not plain.isascii() else plain
    except UnicodeError:
        return None
    return encoded if encoded and " " not in encoded else None


def fingerprint(*parts: object) -> str:
    """SHA-256 over JSON of these parts: the same content always gives the same."""
    try:
        content = orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError):  # halves of characters, numbers of more than 64 bits
        content = json.dumps(parts, sort_keys=True, default=str).encode("utf-8", "replace")
    return hashlib.sha256(content).hexdigest()
