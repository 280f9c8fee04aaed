"""Repeats: the same signal again, or the same content under another id within a window. Updates are not repeats.

The same content under another id is a repeat only while the incident of the first copy is open: what people closed can
start again, and that is a new disturbance.
"""

from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from uuid import UUID

from signals.normal import NormalSignal

WINDOW = timedelta(minutes=10)
"""Two signals with the same content in the same or the next window of event time are one signal said twice."""
_SECONDS = WINDOW.total_seconds()


def dedupe_keys(signal: NormalSignal) -> tuple[str, ...]:
    """Keys under which this signal is remembered: its identity with its content, and its content in its window."""
    return asked_keys(signal)[:2]


def asked_keys(signal: NormalSignal) -> tuple[str, ...]:
    """Keys that make this signal a repeat when one was seen: its own, and its content in the neighbouring windows."""
    content = signal.content_hash[:32]
    slot = int(signal.observed_at.timestamp() // _SECONDS)
    said = f"inhoud|{signal.municipality}|{content}|"
    return (f"id|{signal.signal_key}|{content}", f"{said}{slot}", f"{said}{slot - 1}", f"{said}{slot + 1}")


def is_repeat(signal: NormalSignal, seen: Mapping[str, UUID | None]) -> bool:
    """Whether this was said before: by the same signal, or by another one whose incident is open still."""
    own, *said = asked_keys(signal)
    return own in seen or any(seen.get(key) is not None for key in said)


def home(signal: NormalSignal, seen: Mapping[str, UUID | None]) -> UUID | None:
    """The open incident of the signal that said this before, None when it is closed or this is new."""
    return next((found for key in asked_keys(signal) if (found := seen.get(key))), None)


def remember(signal: NormalSignal, incident_id: UUID, seen: MutableMapping[str, UUID | None]) -> None:
    """Let later signals of the same batch see this one, also where the same was said in an incident that is closed."""
    for key in dedupe_keys(signal):
        if seen.get(key) is None:
            seen[key] = incident_id
