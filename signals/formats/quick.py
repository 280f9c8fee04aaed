"""Small questions about one cell, quick enough to ask half a million times: reports hold a row per address per day."""

import hashlib
import re
from datetime import UTC, datetime
from ipaddress import ip_address

from signals.formats.reading import OLDEST_YEAR, moment_of, observable_of

MOST_ROWS = 1_000_000
PLAIN_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)", re.ASCII)
"""An IPv4 address as everybody writes it, which is its canonical form."""
PLAIN_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*", re.ASCII | re.IGNORECASE)
"""A name of a host as most are written; its last part begins with a letter, so it is no address."""
SEPARATOR = "\x1f"
_is_plain = PLAIN_IPV4.fullmatch
_is_name = PLAIN_NAME.fullmatch
_sha256 = hashlib.sha256


def digest(*parts: str) -> str:
    """SHA-256 over texts: the same texts in the same order always give the same."""
    return _sha256(SEPARATOR.join(parts).encode("utf-8", "replace")).hexdigest()


def address_of(written: str) -> str | None:
    """An address in its one form; None when it is none."""
    if _is_plain(written):
        return written
    try:
        return str(ip_address(written.strip()))
    except ValueError:
        return None


def mark_of(written: str) -> str | None:
    """A domain, address or hash, as `observable_of` says it, with a short way for what is in order."""
    if _is_plain(written):
        return written
    return written.lower() if _is_name(written) else observable_of(written)


def when(written: str, otherwise: datetime) -> tuple[datetime, str | None]:
    """A moment in UTC and what was written, as `moment_of` says it, with a short way for what is in order."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return moment_of(written, otherwise)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    elif moment.tzinfo is not UTC:
        return moment_of(written, otherwise)
    return (moment, written) if OLDEST_YEAR <= moment.year <= otherwise.year else moment_of(written, otherwise)
