"""The door: bytes of a machine become a receipt that stands in Kafka or in the spool, and only then are answered.

Nothing is read here. Each receipt has a number of its door; whatever happens, the number is answered or voided.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.errors import AwayError, DriehoekError, RefusedError
from usecases.door_numbers import DoorNumbers
from usecases.known_sources import Known
from usecases.ports import Clock, Ids
from usecases.receipt_wire import LARGEST_BODY, Wire, to_wire
from usecases.receipts import Receipt

KAFKA_SECONDS = 0.5
"""A receipt that Kafka has not acknowledged by then goes to the spool; a copy that arrives later is recognised."""
SPOOL_SECONDS = 3.0
REST_SECONDS = 1.0
"""So long receipts go to the spool at once after Kafka was away."""
RECENT = 5_000


class SpoolFullError(RefusedError):
    """Er wachten te veel signalen. Stuur dit signaal over een minuut opnieuw; het is niet aangenomen."""

    code = "wachtrij-vol"


class NowhereError(AwayError):
    """Wij kunnen dit signaal nu nergens bewaren. Stuur het over een minuut opnieuw; het is niet aangenomen."""

    code = "niet-te-bewaren"


class Queue(Protocol):
    """The topic of receipts."""

    async def send(self, wire: Wire) -> None:
        """Wait for the acknowledgement. Raises a DriehoekError; the message may then still arrive."""
        ...


class Spool(Protocol):
    """Where receipts wait while Kafka is away."""

    async def keep(self, wire: Wire) -> bool:
        """Store it; False when the spool is at its limit. Raises AwayError."""
        ...


class RawBodies(Protocol):
    """Bodies that are too large for a topic."""

    async def put_aside(self, reference: UUID, body: bytes) -> None:
        """Store it under this reference. Raises AwayError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Post:
    """What a machine sent. `hint` is the format when its address names one; `headers` are those of CloudEvents."""

    body: bytes
    media_type: str
    hint: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class DoorParts:
    """What a door needs."""

    queue: Queue
    spool: Spool
    bodies: RawBodies
    clock: Clock
    ids: Ids


class Door:
    """One per process; it lives as long as the process."""

    def __init__(self, parts: DoorParts, numbers: DoorNumbers) -> None:
        self._parts = parts
        self._numbers = numbers
        self._rest_until = 0.0
        self._sending: set[asyncio.Task[None]] = set()
        self._recent: OrderedDict[UUID, str] = OrderedDict()

    async def receive(self, known: Known, post: Post) -> UUID:
        """Take it in; the answer is the receipt. Raises SpoolFullError, or AwayError when it can stand nowhere."""
        reference = await self._put_aside(post.body) if len(post.body) > LARGEST_BODY else None
        number = self._numbers.take()
        placed = False
        try:
            receipt = self._receipt(number, known, post)
            await self._place(to_wire(receipt, reference))
            placed = True
        finally:
            if not placed:
                self._numbers.void(number)
        self._remember(receipt)
        await self._numbers.done(number)
        return receipt.receipt_id

    def is_under_way(self, receipt_id: UUID, organisation: str) -> bool:
        """Whether this door answered this receipt of this organisation not long ago."""
        return self._recent.get(receipt_id) == organisation

    async def keep(self) -> None:
        """Until cancelled: store numbers that were answered while the database was away. Once more at the end."""
        try:
            while True:
                await asyncio.sleep(REST_SECONDS)
                await self._numbers.flush()
        finally:
            await self._numbers.flush()

    def _receipt(self, number: int, known: Known, post: Post) -> Receipt:
        return Receipt(
            door=self._numbers.door,
            number=number,
            receipt_id=self._parts.ids.new(),
            source_id=known.source.source_id,
            organisation=known.source.organisation,
            received_at=self._parts.clock.now(),
            media_type=post.media_type,
            hint=post.hint,
            headers=post.headers,
            body=post.body,
        )

    async def _put_aside(self, body: bytes) -> UUID:
        reference = self._parts.ids.new()
        try:
            async with asyncio.timeout(SPOOL_SECONDS):
                await self._parts.bodies.put_aside(reference, body)
        except (DriehoekError, TimeoutError) as error:
            raise NowhereError from error
        return reference

    async def _place(self, wire: Wire) -> None:
        """Kafka, else the spool; when Kafka was skipped and the spool says no, Kafka after all."""
        skipped = asyncio.get_running_loop().time() < self._rest_until
        if not skipped and await self._sent(wire):
            return
        full = False
        try:
            async with asyncio.timeout(SPOOL_SECONDS):
                if await self._parts.spool.keep(wire):
                    return
            full = True
        except (DriehoekError, TimeoutError):
            pass
        if skipped and await self._sent(wire):
            return
        raise SpoolFullError if full else NowhereError

    async def _sent(self, wire: Wire) -> bool:
        """Whether Kafka acknowledged it in time. What is late is not called back: it may be there already."""
        task = asyncio.create_task(self._parts.queue.send(wire))
        self._sending.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=KAFKA_SECONDS)
        if task.done() and task.exception() is None:
            self._rest_until = 0.0
            return True
        self._rest_until = asyncio.get_running_loop().time() + REST_SECONDS
        return False

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        with suppress(asyncio.CancelledError):
            task.exception()

    def _remember(self, receipt: Receipt) -> None:
        self._recent[receipt.receipt_id] = receipt.organisation
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
