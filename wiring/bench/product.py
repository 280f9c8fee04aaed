"""An instance of the product for a benchmark: `driehoek up` in a folder of its own, timed, and stopped afterwards."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from adapters.embedded.ports import free_port
from wiring.bench.report import InvalidRunError
from wiring.runtime import settings_of
from wiring.settings import Settings

STOP_SECONDS = 60
COMMAND = (sys.executable, "-m", "wiring.cli")


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A running instance, and how long its start took until pages could be opened."""

    data: Path
    started_s: float
    process: "subprocess.Popen[str]"

    @property
    def settings(self) -> Settings:
        """Addresses and secrets of this instance."""
        return settings_of(self.data)

    def status(self) -> Mapping[str, Any]:
        """What `driehoek status --json` says."""
        told = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, "status", "--data", str(self.data), "--json"], capture_output=True, text=True, check=False
        )
        answer: Mapping[str, Any] = json.loads(told.stdout)
        return answer

    def cpu_seconds(self) -> float:
        """Processor time of all processes of the instance so far."""
        found = [self.process.pid, *[each["pid"] for each in self.status()["processes"]]]
        times = [psutil.Process(pid).cpu_times() for pid in found]
        return sum(each.user + each.system for each in times)


@contextmanager
def running(data: Path) -> Iterator[Instance]:
    """Start with demonstration data, wait until it says where it is, stop at the end of the block."""
    before = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "up", "--demo", "--data", str(data), "--port", str(free_port())],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        first = process.stdout.readline() if process.stdout else ""
        if not first.startswith("Driehoek draait"):
            raise InvalidRunError("Driehoek startte niet; zie de logbestanden van deze meting.")
        yield Instance(data=data, started_s=round(time.monotonic() - before, 1), process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
