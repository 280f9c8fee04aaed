"""Being woken by the database: LISTEN on one connection for a whole process, and a poll for when that is away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, WeakSet

import asyncpg

from adapters.store.connections import tls_of, translated
from domain.errors import DriehoekError

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
CHECK_SECONDS = 5.0
CONNECT_SECONDS = 5.0


@dataclass(eq=False)
class Listener:
    """Remembers what was said on its channels since it last looked."""

    channels: frozenset[str]
    poll_seconds: float
    _heard: set[str] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, channel: str, payload: str) -> None:
        """Something was said."""
        if channel in self.channels:
            self._heard.add(payload)
            self._woken.set()

    async def wait(self) -> set[str]:
        """Payloads since the last time: at once when there are any, else at a NOTIFY, or empty after the poll time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self.poll_seconds)
        heard, self._heard = self._heard, set()
        self._woken.clear()
        return heard


class Wakeups:
    """One per process. `run` must run; without it everybody polls."""

    def __init__(self, url: str, channels: Sequence[str], poll_seconds: float = 1.0) -> None:
        self._url = url
        self._channels = tuple(channels)
        self._poll = poll_seconds
        self._listeners: WeakSet[Listener] = WeakSet()
        self._of_tasks: WeakKeyDictionary[asyncio.Task[object], dict[str, Listener]] = WeakKeyDictionary()

    def listener(self, *channels: str) -> Listener:
        """Somebody who listens to these channels from now on, and misses nothing between two waits."""
        one = Listener(frozenset(channels), self._poll)
        self._listeners.add(one)
        return one

    async def wait(self, channel: str) -> set[str]:
        """Payloads on this channel since this task last waited for it; empty after the poll time."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("wait needs a task")
        mine = self._of_tasks.setdefault(task, {})
        if channel not in mine:
            mine[channel] = self.listener(channel)
        return await mine[channel].wait()

    async def run(self) -> None:
        """Keep the connection until cancelled; come back when the database does."""
        failures = 0
        while True:
            with suppress(DriehoekError, TimeoutError):
                async with self._listening() as connection:
                    failures = 0
                    self._wake_all()
                    await self._watch(connection)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncpg.Connection]:
        with translated():
            connection = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS, ssl=tls_of(self._url))
            try:
                for channel in self._channels:
                    await connection.add_listener(channel, self._said)
                yield connection
            finally:
                connection.terminate()

    async def _watch(self, connection: asyncpg.Connection) -> None:
        """Return when the connection is gone, also when nobody told us."""
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        while not gone.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(gone.wait(), CHECK_SECONDS)
            if not gone.is_set():
                await connection.execute("SELECT 1", timeout=CHECK_SECONDS)

    def _said(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        for one in tuple(self._listeners):
            one.hear(channel, str(payload))

    def _wake_all(self) -> None:
        """What was said while nobody listened is unknown: everybody looks."""
        for one in tuple(self._listeners):
            for channel in one.channels:
                one.hear(channel, "")
