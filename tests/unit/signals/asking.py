"""Reads bytes as the intake does, with defaults."""

import json
from datetime import UTC, datetime
from typing import Any

from signals.formats.reading import Reading
from signals.formats.table import read
from signals.normal import NormalSignal

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def reading(body: object, **given: Any) -> Reading:
    """The reading of bytes, a text, or anything that becomes JSON."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    asked: dict[str, Any] = {
        "media_type": "application/json",
        "headers": {},
        "hint": None,
        "received_at": NOON,
        "source_organisation": "gemeente:GM0344",
        "source_id": "bron",
    }
    return read(raw, **{**asked, **given})


def signal(body: object, **given: Any) -> NormalSignal:
    """The one signal of a receipt that was accepted."""
    found = reading(body, **given)
    assert found.verdict == "accepted", found.reasons
    (one,) = found.signals
    return one
