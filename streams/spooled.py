"""Receipts that waited in the database go to the topic as soon as Kafka is back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from domain.errors import DriehoekError
from usecases.receipt_wire import Wire

log = logging.getLogger(__name__)
AT_ONCE = 200
LOOK_SECONDS = 1.0
AWAY_SECONDS = 2.0

Send = Callable[[Sequence[Wire]], Awaitable[None]]


class Waiting(Protocol):
    """The spool."""

    async def drain(self, send: Send, *, limit: int) -> int:
        """Give the oldest to `send` and delete them when it returns; gives how many. Raises DriehoekError."""
        ...


async def drain(spool: Waiting, send: Send, stop: asyncio.Event) -> None:
    """Until `stop`. While Kafka or the database is away everything stays where it is."""
    while not stop.is_set():
        pause = LOOK_SECONDS
        try:
            if await spool.drain(send, limit=AT_ONCE) == AT_ONCE:
                pause = 0.0
        except DriehoekError as error:
            log.warning("the spool waits: %s", error)
            pause = AWAY_SECONDS
        except Exception:
            log.exception("the spool could not be drained, it is tried again")
            pause = AWAY_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
