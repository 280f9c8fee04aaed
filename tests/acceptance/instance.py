"""A running Driehoek for acceptance tests: the real command in a folder of its own, and means to hurt it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.embedded.ports import free_port
from tests.servers import open_folder
from wiring.children import process_of, remembered
from wiring.runtime import settings_of
from wiring.settings import Settings

COMMAND = (sys.executable, "-m", "wiring.cli")
START_SECONDS = 180.0
STOP_SECONDS = 60.0


@dataclass
class Running:
    """One instance. `told` is what `driehoek up` said on stdout."""

    data: Path
    port: int
    flags: Sequence[str] = ("--demo",)
    told: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None
    environment: Mapping[str, str] | None = None
    """Of the product; None = that of the tests."""

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """Addresses and secrets of this instance."""
        return settings_of(self.data)

    def start(self) -> None:
        """Start and wait until it says where it is; AssertionError with its last words otherwise."""
        self.told.clear()
        argv = [*COMMAND, "up", *self.flags, "--data", str(self.data), "--port", str(self.port)]
        log = self.data.with_suffix(".up.log")
        with log.open("a") as errors:
            self.process = subprocess.Popen(
                argv, stdout=subprocess.PIPE, stderr=errors, text=True, env=self.environment
            )
        reader = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        reader.start()
        deadline = time.monotonic() + START_SECONDS
        while not any(line.startswith("Ctrl-C") for line in self.told):
            ended = self.process.poll() is not None
            assert not ended, f"up stopped: {log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"up did not start: {log.read_text()[-2000:]}"
            reader.join(0.05)

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self.told.append(line.rstrip("\n"))

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def kill_supervisor(self) -> None:
        """SIGKILL to `driehoek up` itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pid(self, name: str) -> int | None:
        """Pid of a child that runs now."""
        alive = [child for child in remembered(self.data) if child.name == name and process_of(child)]
        return alive[0].pid if alive else None

    def kill(self, name: str) -> bool:
        """SIGKILL to one process of the product or one server; False when it did not run just now."""
        pid = self.pid(name)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def hold(self, name: str) -> None:
        """SIGSTOP: the process is there and does nothing, as one that hangs."""
        pid = self.pid(name)
        assert pid is not None, name
        os.kill(pid, signal.SIGSTOP)

    def let_go(self, name: str) -> None:
        """SIGCONT."""
        pid = self.pid(name)
        assert pid is not None, name
        os.kill(pid, signal.SIGCONT)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of ours on this instance."""
        argv = [*COMMAND, *words, "--data", str(self.data)]
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)

    def told_json(self, *words: str) -> dict[str, Any]:
        """The one JSON object that a command prints."""
        done = self.command(*words, "--json")
        assert done.stdout.strip(), f"{words}: {done.stderr[-1000:]}"
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


@contextmanager
def instance(*flags: str) -> Iterator[Running]:
    """An instance in an empty folder while the block runs."""
    with open_folder() as folder:
        made = Running(data=folder / "data", port=free_port(), flags=flags)
        made.data.mkdir()
        try:
            made.start()
            yield made
        finally:
            if made.process and made.process.poll() is None:
                made.stop()
