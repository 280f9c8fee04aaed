"""Repeats: the same signal again, or the same content under another id within a window. Updates are not repeats."""

from collections.abc import Mapping, MutableMapping
from datetime import timedelta

from signals.normal import NormalSignal

WINDOW = timedelta(minutes=10)
"""Two signals with the same content in the same or the next window of event time are one signal said twice."""


def dedupe_keys(signal: NormalSignal) -> tuple[str, ...]:
    """Keys under which this signal is remembered: its identity with its content, and its content in its window."""
    content = signal.content_hash[:32]
    slot = int(signal.observed_at.timestamp() // WINDOW.total_seconds())
    return (f"id|{signal.signal_key}|{content}", f"inhoud|{signal.municipality}|{content}|{slot}")


def asked_keys(signal: NormalSignal) -> tuple[str, ...]:
    """Keys that make this signal a repeat when one was seen: its own, and its content in the neighbouring windows."""
    content = signal.content_hash[:32]
    slot = int(signal.observed_at.timestamp() // WINDOW.total_seconds())
    around = (f"inhoud|{signal.municipality}|{content}|{near}" for near in (slot - 1, slot + 1))
    return (*dedupe_keys(signal), *around)


def repeated(signal: NormalSignal, seen: Mapping[str, str]) -> str | None:
    """The signal that said this before, None when it is new."""
    return next((seen[key] for key in asked_keys(signal) if key in seen), None)


def remember(signal: NormalSignal, signal_id: str, seen: MutableMapping[str, str]) -> None:
    """Let later signals of the same batch see this one."""
    for key in dedupe_keys(signal):
        seen.setdefault(key, signal_id)
