"""The numbers of a door: 1, 2, 3, … and how far they are all finished, stored once for everybody who waits."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from heapq import heappop, heappush
from typing import Protocol
from uuid import UUID

from domain.errors import DriehoekError

STORE_SECONDS = 2.0
"""A database that does not answer within this time is treated as away."""
REST_SECONDS = 1.0
"""So long nobody tries again after the database was away: requests do not wait for it one by one."""


class DoorRows(Protocol):
    """The row of this door, and its voided numbers."""

    async def store(self, door: UUID, answered: int, voided: Collection[int]) -> None:
        """Every number up to `answered` is answered, or voided. Makes the row when it is new. Raises AwayError."""
        ...


class DoorNumbers:
    """One per process. A number is finished when its receipt stands somewhere, or when it was voided.

    Numbers that finish together share one write; nobody is answered before the write that covers his number,
    unless the database is away: then the receipt stands in Kafka with its number, and the number is stored later.
    """

    def __init__(self, door: UUID, rows: DoorRows) -> None:
        self.door = door
        self._rows = rows
        self._last = 0
        self._reach = 0
        self._stored = 0
        self._finished: set[int] = set()
        self._voids: set[int] = set()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._rest_until = 0.0

    @property
    def answered(self) -> int:
        """What the row of this door says."""
        return self._stored

    def take(self) -> int:
        """The next number. Whoever takes one finishes it, by `done` or `void`, whatever happens."""
        self._last += 1
        return self._last

    async def done(self, number: int) -> None:
        """The receipt stands in Kafka or in the spool; returns when the row says so, or the database is away."""
        self._finish(number)
        if self._stored < number:
            future = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (number, id(future), future))
            self._start()
            await future

    def void(self, number: int) -> None:
        """There will be no answer for this number; a late copy in Kafka still counts, by its own row."""
        self._voids.add(number)
        self._finish(number)
        self._start()

    async def flush(self) -> None:
        """Store what is finished and not stored yet. Does nothing when the database is away."""
        self._rest_until = 0.0
        self._start()
        if self._writer is not None:
            await self._writer

    def _finish(self, number: int) -> None:
        self._finished.add(number)
        while self._reach + 1 in self._finished:
            self._reach += 1
            self._finished.discard(self._reach)

    def _start(self) -> None:
        if self._reach > self._stored and self._writer is None:
            if asyncio.get_running_loop().time() < self._rest_until:
                self._let_go(self._reach)
            else:
                self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        reach = self._reach
        try:
            while reach > self._stored:
                voided = {number for number in self._voids if number <= reach}
                async with asyncio.timeout(STORE_SECONDS):
                    await self._rows.store(self.door, reach, voided)
                self._voids -= voided
                self._stored = reach
                self._let_go(reach)
                reach = self._reach
        except (DriehoekError, TimeoutError):
            self._rest_until = asyncio.get_running_loop().time() + REST_SECONDS
        finally:
            self._writer = None
            self._let_go(self._reach)

    def _let_go(self, reach: int) -> None:
        while self._waiting and self._waiting[0][0] <= reach:
            _, _, future = heappop(self._waiting)
            with suppress(asyncio.InvalidStateError):
                future.set_result(None)
