"""Keeps children running: starts in order, starts again with back-off, stops in reverse. One supervisor a folder."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from adapters.embedded.servers import ServerProcess
from wiring.children import Child, child_of, remember, stop_orphans

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
GOOD_AFTER = 30.0
"""A child that ran this long starts again without a pause."""
STOP_SECONDS = 8.0
SHORTEST_WAIT = 0.1
POLL_SECONDS = 0.1
LOG_LIMIT = 5_000_000
LOG_SECONDS = 60.0
ENOUGH_TRIES = 5
"""So often may a child end before it is ready. A server that was just killed may find what it left still there."""
log = structlog.get_logger()


class AlreadyRunsError(Exception):
    """In deze map draait Driehoek al. Stop hem met `driehoek down --data MAP`, of kies een andere map."""


class FolderLock:
    """The kernel's lock on a data folder; it ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "lock").open("w")

    def __enter__(self) -> Self:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise AlreadyRunsError(AlreadyRunsError.__doc__) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


@dataclass
class Kept:
    """A child and how it goes."""

    spec: ServerProcess
    process: "subprocess.Popen[bytes]"
    restarts: int = 0


class Supervisor:
    """Starts and keeps the children of one data folder. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Kept] = {}
        self._keepers: list[asyncio.Task[None]] = []

    async def clean_up(self) -> None:
        """Stop what an earlier supervisor left behind when it was killed."""
        left = await asyncio.to_thread(stop_orphans, self._folder, patience=STOP_SECONDS)
        if left:
            log.info("stopped what was left of an earlier run", names=left)

    async def start(self, spec: ServerProcess, ready: Callable[[], Awaitable[bool]], *, within: float) -> None:
        """Start a child, wait until it is ready, keep it running. Raises TimeoutError with its name."""
        self.start_all([spec])
        await self.wait_ready(spec.name, ready, within=within)

    def start_all(self, specs: Sequence[ServerProcess]) -> None:
        """Start children that need not be waited for one by one, and keep them running."""
        if not self._keepers:
            self._keepers.append(asyncio.create_task(self._tidy()))
        for spec in specs:
            self._kept[spec.name] = Kept(spec, self._spawn(spec))
        self._write()
        self._keepers += [asyncio.create_task(self._keep(spec.name)) for spec in specs]

    async def wait_ready(self, name: str, ready: Callable[[], Awaitable[bool]], *, within: float) -> None:
        """Wait until a child is ready. Raises TimeoutError when it is not, or ends again and again."""
        try:
            async with asyncio.timeout(within):
                while not await ready():
                    self._still_there(name)
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise TimeoutError(str(error) or f"{name} is na {within:.0f} s niet klaar") from error

    def _still_there(self, name: str) -> None:
        kept = self._kept[name]
        if kept.restarts >= ENOUGH_TRIES - 1 and (code := kept.process.poll()) is not None:
            raise TimeoutError(f"{name} stopt steeds weer (code {code}); zie {kept.spec.log}")

    async def stop(self, *, servers: Sequence[str]) -> None:
        """Stop the product first, then the servers in the order given; who does not listen is killed."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        products = [kept for name, kept in self._kept.items() if name not in servers]
        await self._end(products)
        for name in servers:
            if name in self._kept:
                await self._end([self._kept[name]])
        self._kept.clear()
        self._write()

    async def _end(self, group: Sequence[Kept]) -> None:
        for kept in group:
            if kept.process.poll() is None:
                kept.process.send_signal(kept.spec.stop_signal)
        clock = asyncio.get_running_loop().time
        until = clock() + STOP_SECONDS
        for kept in group:
            try:
                await asyncio.to_thread(kept.process.wait, max(until - clock(), SHORTEST_WAIT))
            except subprocess.TimeoutExpired:
                log.warning("did not stop in time, killed", name=kept.spec.name)
                kept.process.kill()
                await asyncio.to_thread(kept.process.wait)

    async def _keep(self, name: str) -> None:
        pause, clock = FIRST_PAUSE, asyncio.get_running_loop().time
        while True:
            kept, since = self._kept[name], clock()
            await _gone(kept.process)
            ran = clock() - since
            pause = FIRST_PAUSE if ran > GOOD_AFTER else pause
            log.warning("stopped by itself, starts again", name=name, code=kept.process.returncode, pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self._kept[name] = Kept(kept.spec, self._spawn(kept.spec), kept.restarts + 1)
            self._write()

    async def _tidy(self) -> None:
        """Keep the logs small, over and over."""
        while True:
            await asyncio.sleep(LOG_SECONDS)
            for kept in list(self._kept.values()):
                await asyncio.to_thread(rotate, kept.spec.log)

    def _spawn(self, spec: ServerProcess) -> "subprocess.Popen[bytes]":
        rotate(spec.log)
        return spec.start()

    def _write(self) -> None:
        children: dict[str, Child] = {}
        for name, kept in self._kept.items():
            if kept.process.poll() is None:
                children[name] = child_of(name, kept.process.pid, kept.restarts)
        remember(self._folder, children)


def rotate(log_file: Path) -> None:
    """Move what is in a large log aside. The child goes on writing in the same file, at its end."""
    with suppress(OSError):
        if log_file.stat().st_size > LOG_LIMIT:
            shutil.copyfile(log_file, log_file.with_suffix(".1"))
            os.truncate(log_file, 0)


async def _gone(process: "subprocess.Popen[bytes]") -> None:
    """Wait for the end of a child without polling (pidfd_open(2)), so that an idle machine stays idle."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        process.wait()
        return
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    process.wait()


def stop_requested() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    return asked
