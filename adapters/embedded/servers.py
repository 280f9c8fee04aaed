"""A server as a child process: what to start, where it logs, how it is stopped, when it answers."""

import ctypes
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""prctl(2): the kernel sends this signal to the child when the parent dies, however it dies."""


class ServerError(Exception):
    """Een ingebouwde server kon niet starten."""


@dataclass(frozen=True, kw_only=True)
class ServerProcess:
    """How to start and stop one server. `user` = run as this unprivileged user (uid, gid) when we are root."""

    name: str
    argv: tuple[str, ...]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command lines
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self._before,  # noqa: PLW1509 - prctl and setuid only; the supervisor has no threads that hold locks
                env={**_inherited(), **self.environment},
            )

    def _before(self) -> None:
        if self.user is not None:
            os.setgroups([])
            os.setgid(self.user[1])
            os.setuid(self.user[0])
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DRIEHOEK_")}  # noqa: TID251 - a child gets what we got, without our settings
