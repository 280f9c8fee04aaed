"""Looks from outside whether a group gets on: Faust is known to stop fetching after a rebalance without a word."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

LOOK_SECONDS = 2.0
STALL_SECONDS = 20.0
PATIENCE_SECONDS = 10.0
log = structlog.get_logger(__name__)


@dataclass
class Stall:
    """Whether a group stands still, from what is seen of it: pure, the moments come in."""

    seconds: float = STALL_SECONDS
    committed: int | None = None
    since: float = 0.0

    def seen(self, committed: int, lag: int, now: float, *, excused: bool = False) -> bool:
        """True when nothing was committed for too long while there was something to do."""
        if committed != self.committed or lag <= 0 or excused:
            self.committed, self.since = committed, now
            return False
        return now - self.since >= self.seconds


class Lag:
    """How far a group is on a topic. A connection of its own, not that of the worker; it does not join the group."""

    def __init__(self, client: Mapping[str, Any], group: str, topic: str) -> None:
        self._client = dict(client)
        self._group = group
        self._topic = topic
        self._consumer: AIOKafkaConsumer | None = None

    async def look(self) -> tuple[int, int]:
        """(sum of committed offsets, messages that wait). Raises KafkaError or TimeoutError."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._look()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Disconnect; the next look connects again."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def _look(self) -> tuple[int, int]:
        if self._consumer is None:
            self._consumer = AIOKafkaConsumer(**self._client, group_id=self._group, enable_auto_commit=False)
            await self._consumer.start()
            # Assigned to learn of the topic, paused so that nothing is fetched.
            first = TopicPartition(self._topic, 0)
            self._consumer.assign([first])
            self._consumer.pause(first)
            await self._consumer.end_offsets([first])
        numbers = self._consumer.partitions_for_topic(self._topic)
        if not numbers:
            raise KafkaError(f"no topic {self._topic}")
        places = [TopicPartition(self._topic, each) for each in sorted(numbers)]
        ends = await self._consumer.end_offsets(places)
        starts = await self._consumer.beginning_offsets(places)
        known = await asyncio.gather(*(self._consumer.committed(place) for place in places))
        at = [max(committed or 0, starts[place]) for place, committed in zip(places, known, strict=True)]
        return sum(at), sum(ends.values()) - sum(at)


async def watch(lag: Lag, *, excused: Callable[[], bool], seconds: float = STALL_SECONDS) -> None:
    """Return when the group stands still. A broker that is away is no stall of the group."""
    clock = asyncio.get_running_loop().time
    stall = Stall(seconds=seconds, since=clock())
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                committed, waiting = await lag.look()
            except (KafkaError, OSError, TimeoutError):
                stall.seen(-1, 0, clock())
                continue
            if stall.seen(committed, waiting, clock(), excused=excused()):
                log.error("group-stands-still", committed=committed, lag=waiting)
                return
    finally:
        await lag.close()
