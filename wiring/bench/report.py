"""What every benchmark prints: the machine, the settings that make it fair, and per figure its baseline and its aim."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

BUSY = 0.8
"""A load generator that uses more of its core measures itself."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One result. `ratio` = value / baseline, when there is one; `met` None = no aim was set."""

    what: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    aim: str | None = None
    met: bool | None = None


class InvalidRunError(Exception):
    """Deze meting is ongeldig."""


def machine() -> Mapping[str, Any]:
    """What it ran on; no names and no paths."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "processor": _processor(),
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
    }


def document(name: str, settings: Mapping[str, Any], results: Sequence[Figure]) -> Mapping[str, Any]:
    """The JSON object of one benchmark."""
    return {"name": name, "machine": machine(), "settings": settings, "results": [asdict(each) for each in results]}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    """Median, rounded to what a reader can use."""
    return round(statistics.median(values), 2)


def not_busy(cpu_seconds: float, wall_seconds: float) -> float:
    """Share of one core that the load generator used. Raises InvalidRunError above 80 %."""
    share = cpu_seconds / wall_seconds
    if share > BUSY:
        raise InvalidRunError(f"De lastgever gebruikte {share:.0%} van zijn kern: deze meting is ongeldig.")
    return round(share, 2)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
