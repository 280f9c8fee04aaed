"""The Faust agent that makes the cards: bytes in, one transaction, acknowledge last.

An unexpected fault ends the process: its supervisor starts it again and Kafka delivers again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import faust
import mode
import structlog
from faust.types import StreamT

from domain.errors import AwayError

Batch = Sequence[tuple[bytes | None, bytes | None]]
ApplyBatch = Callable[[Batch], Awaitable[Sequence[str]]]
"""Takes (key, value) pairs in one transaction; gives why messages could not be read."""
TOGETHER = 100
WITHIN_SECONDS = 0.002
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)
log = structlog.get_logger(__name__)


@dataclass
class Progress:
    """What the agent did. `waits` = the database is away; `crashed` is set when the process must end."""

    taken: int = 0
    parked: int = 0
    waits: bool = False
    crashed: asyncio.Event = field(default_factory=asyncio.Event)


def attach(app: faust.App, *, topic: str, apply_batch: ApplyBatch, progress: Progress) -> None:
    """Let the app feed this topic to `apply_batch`."""
    source = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    async def picture(stream: StreamT[bytes]) -> None:
        try:
            async for batch in cast("faust.Stream[Any]", stream).noack_take(TOGETHER, within=WITHIN_SECONDS):
                await patiently(
                    apply_batch, [(_bytes(e.message.key), _bytes(e.message.value)) for e in batch], progress
                )
                for event in batch:
                    event.ack()
        except asyncio.CancelledError:
            raise
        except BaseException:
            log.exception("picture-agent-crashed")
            progress.crashed.set()
            raise

    app.agent(source, name="picture", concurrency=1, supervisor_strategy=mode.CrashingSupervisor)(picture)


async def patiently(apply_batch: ApplyBatch, batch: Batch, progress: Progress) -> None:
    """Apply a batch, waiting in place while the database is away, so that the order of keys stays."""
    failures = 0
    while True:
        try:
            reasons = await apply_batch(batch)
        except AwayError as error:
            progress.waits = True
            log.warning("picture-waits", error_code=error.code)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1
            continue
        progress.waits = False
        progress.taken += len(batch)
        progress.parked += len(reasons)
        for reason in reasons:
            log.error("message-parked", reason=reason, parked=progress.parked)
        return


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None
