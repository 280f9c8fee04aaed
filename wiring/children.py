"""The file that says which children are ours: name, pid and start. So exactly those are adopted or stopped."""

import json
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import psutil

FILE = "children.json"
BOOT = Path("/proc/sys/kernel/random/boot_id")
AFTER_NAME, START = ")", 19
"""proc_pid_stat(5): field 22 is the start in ticks since boot; 19 fields after the name, which may hold anything."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """One process we started. A pid alone proves nothing: pids are used again. So boot and tick of its start count."""

    name: str
    pid: int
    started: str
    restarts: int = 0


def process_of(child: Child) -> psutil.Process | None:
    """The process, when it still is the one we started."""
    try:
        process = psutil.Process(child.pid)
        same = _start_of(child.pid) == child.started
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, OSError, ValueError):
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
    """The record of a process that was just started and not waited for."""
    return Child(name=name, pid=pid, started=_start_of(pid), restarts=restarts)


def _start_of(pid: int) -> str:
    """Boot and tick. Not a moment: moments shift when the clock is set, and a child would be a stranger."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(AFTER_NAME)[2].split()
    return f"{_boot()}:{fields[START]}"


@cache
def _boot() -> str:
    return BOOT.read_text().strip()


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
