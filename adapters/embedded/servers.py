"""A server as a child process: what to start, where it logs, how it is stopped, when it answers."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""prctl(2): the kernel sends this signal to the child when the parent dies, however it dies."""
PLACE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
"""Java reads the names of files by the locale; with `C` a folder with an accent in its name does not exist."""
LIBC = ctypes.CDLL(None)
User = tuple[int, int] | None
"""(uid, gid) of the unprivileged user that a child becomes when we are root."""


class ServerError(Exception):
    """Een ingebouwde server kon niet starten."""


@dataclass(frozen=True, kw_only=True)
class ServerProcess:
    """How to start and stop one server. `folder` = where it works, so that its own paths may be short and plain."""

    name: str
    argv: tuple[str, ...]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: User = None
    folder: Path | None = None
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
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_bound_to_us(self.user),  # noqa: PLW1509 - system calls only, nothing that takes a lock
                env={**_inherited(), **self.environment},
            )


def run_tool(
    argv: Sequence[str], *, fault: str, user: User = None, folder: Path | None = None, environment: Mapping[str, str]
) -> None:
    """Run a program that prepares a server, to its end; it dies with us. Raises ServerError with its last words."""
    done = subprocess.run(  # noqa: S603 - our own command lines
        argv,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        start_new_session=True,
        preexec_fn=_bound_to_us(user),
        env=dict(environment),
    )
    if done.returncode:
        raise ServerError(f"{fault}: {' '.join(done.stderr.split())[-300:]}")


def _bound_to_us(user: User) -> Callable[[], None]:
    """What a child does before it becomes its program: take its user, and ask to be killed when we die."""
    parent = os.getpid()

    def before() -> None:
        if user is not None:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # we died just before the kernel was asked to watch

    return before


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DRIEHOEK_")}  # noqa: TID251 - a child gets what we got, without our settings
