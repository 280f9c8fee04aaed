"""The file that says which children are ours: name, pid and start time. So exactly those are adopted or stopped."""

import json
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

FILE = "children.json"
START_TOLERANCE = 0.05
"""Seconds; the kernel's start time has a resolution of 10 ms."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """One process we started. A pid alone proves nothing: pids are used again."""

    name: str
    pid: int
    started: float
    restarts: int = 0


def process_of(child: Child) -> psutil.Process | None:
    """The process, when it still is the one we started."""
    try:
        process = psutil.Process(child.pid)
        same = abs(process.create_time() - child.started) < START_TOLERANCE
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def remember(folder: Path, children: Mapping[str, Child]) -> None:
    """Write the file whole or not at all."""
    new = folder / f"{FILE}.new"
    new.write_text(json.dumps([asdict(child) for child in children.values()]))
    new.replace(folder / FILE)


def remembered(folder: Path) -> list[Child]:
    """What the file says; nothing when there is none or it is damaged."""
    try:
        return [Child(**entry) for entry in json.loads((folder / FILE).read_text())]
    except (OSError, ValueError, TypeError):
        return []


def child_of(name: str, pid: int, restarts: int) -> Child:
    """The record of a process that was just started."""
    return Child(name=name, pid=pid, started=psutil.Process(pid).create_time(), restarts=restarts)


def stop_orphans(folder: Path, *, patience: float) -> list[str]:
    """Stop what a killed supervisor left behind. Gives the names; strangers with the same pid are left alone."""
    orphans = {child.name: process for child in remembered(folder) if (process := process_of(child))}
    for name, process in orphans.items():
        process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
    _, stubborn = psutil.wait_procs(list(orphans.values()), timeout=patience)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, timeout=patience)
    (folder / FILE).unlink(missing_ok=True)
    return sorted(orphans)


def pss_mib(process: psutil.Process) -> float:
    """Memory of a process and what it started, with shared pages divided among who shares them."""
    try:
        family = [process, *process.children(recursive=True)]
        return float(round(sum(each.memory_full_info().pss for each in family) / 2**20, 1))
    except (psutil.Error, AttributeError):
        return 0.0
