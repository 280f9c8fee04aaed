"""The intake: receipts from the topic, by the batch, into PostgreSQL. Nothing is kept that a kill could lose.

Kafka's group only shares out the partitions. How far each was read stands in PostgreSQL, in the transaction of the
outcomes; whoever finds that somebody else has moved it drops its batch. Offsets in Kafka are never committed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from domain.errors import DriehoekError
from streams.arrivals import Bodies, arrivals
from usecases.context import Context
from usecases.positions import Positions, TopicAt
from usecases.receipts import Batch
from usecases.take_in import take_in
from usecases.topics import Topic, name_of

log = logging.getLogger(__name__)
AT_ONCE = 500
LARGEST_BATCH = 4 * 1024 * 1024
"""Bytes of bodies in one transaction; a single larger receipt is a batch of its own."""
POLL_SECONDS = 1.0
SHARED_POLL_SECONDS = 0.2
"""The same while `signals.overflow` is ours too: it is read when nothing else comes for so long."""
PAUSE_SECONDS = 0.5
SAME_TOPIC_SECONDS = 5.0
"""How often we look whether the topic is still the same one."""
SESSION_MS = 6_000
"""The shortest that brokers allow: so long the partitions of a killed process wait."""
METADATA_MS = 5_000
"""A topic that was made anew is found within this time."""
START_SECONDS = 30.0

TopicsAt = Callable[[Collection[str]], Awaitable[Mapping[str, TopicAt]]]
"""Asks the cluster for the ids of these topics; those that are missing are left out. Raises DriehoekError."""


@dataclass(frozen=True, kw_only=True)
class IntakeParts:
    """What the intake needs. `options`: how aiokafka reaches the brokers."""

    ctx: Context
    options: Mapping[str, Any]
    positions: Positions
    bodies: Bodies
    topics_at: TopicsAt
    alive: Callable[[], None] = lambda: None
    """Called in every round; a round ends within seconds, also while something is away."""


async def run(parts: IntakeParts, stop: asyncio.Event) -> None:
    """Take in receipts until `stop`. Broker or database away: wait, and go on where it was."""
    while not stop.is_set():
        consumer = AIOKafkaConsumer(
            name_of(Topic.RECEIVED, parts.ctx.mode),
            name_of(Topic.OVERFLOW, parts.ctx.mode),
            **parts.options,
            group_id=f"{parts.ctx.mode.value}.intake",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 4,
            metadata_max_age_ms=METADATA_MS,
            max_partition_fetch_bytes=LARGEST_BATCH,
        )
        try:
            await asyncio.wait_for(consumer.start(), START_SECONDS)
            await _Reader(parts, consumer).read(stop)
        except (KafkaError, DriehoekError, OSError) as error:
            log.warning("intake waits: %s", error or type(error).__name__)
            await _stopped(stop, PAUSE_SECONDS)
        except Exception:
            log.exception("intake failed, it starts again")
            await _stopped(stop, PAUSE_SECONDS)
        finally:
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(consumer.stop(), START_SECONDS)


@dataclass
class _Reader:
    """One consumer with the places of its partitions. A partition is read once its place is known."""

    parts: IntakeParts
    consumer: AIOKafkaConsumer
    places: MutableMapping[TopicPartition, int] = field(default_factory=dict)
    topics: Mapping[str, TopicAt] = field(default_factory=dict)
    looked_at: float = 0.0
    gaps: MutableMapping[TopicPartition, int] = field(default_factory=dict)

    async def read(self, stop: asyncio.Event) -> None:
        """Until `stop`, or a fault that asks for a new consumer."""
        while not stop.is_set():
            self.parts.alive()
            good = False
            try:
                await self._place()
                good = await self._round(stop)
            except IllegalStateError:  # a partition was taken from us between two lines
                self.places.clear()
            except DriehoekError as error:
                log.warning("intake waits: %s", error)
            if not good:
                await _stopped(stop, PAUSE_SECONDS)

    async def _place(self) -> None:
        """Find the place of each partition that is new to us, and all of them when a topic was made anew."""
        mine = self.consumer.assignment()
        for gone in self.places.keys() - mine:
            del self.places[gone]
        now = asyncio.get_running_loop().time()
        if now - self.looked_at > SAME_TOPIC_SECONDS or not self.topics:
            found = await self.parts.topics_at(sorted({partition.topic for partition in mine} or self._names()))
            for partition in list(self.places):
                if found.get(partition.topic) != self.topics.get(partition.topic):
                    log.error("a topic was made anew, it is read from its start: %s", partition.topic)
                    del self.places[partition]
            self.topics, self.looked_at = found, now
        for topic in sorted({partition.topic for partition in mine - self.places.keys()}):
            await self._seek(topic, [each for each in mine - self.places.keys() if each.topic == topic])

    def _names(self) -> Collection[str]:
        return {name_of(topic, self.parts.ctx.mode) for topic in (Topic.RECEIVED, Topic.OVERFLOW)}

    async def _seek(self, topic: str, partitions: Sequence[TopicPartition]) -> None:
        """Read on where the database says. What lies outside of what the broker has is loss, or a broker gone back."""
        if topic not in self.topics:
            return
        places = await self.parts.positions.begin(self.topics[topic], [each.partition for each in partitions])
        first = await self.consumer.beginning_offsets(partitions)
        end = await self.consumer.end_offsets(partitions)
        for each in partitions:
            place = places[each.partition]
            if not first[each] <= place <= end[each]:
                log.error("messages are gone: %s, read to %d, kept from %d to %d", each, place, first[each], end[each])
                await self.parts.positions.lost(topic, each.partition, read_to=place, earliest=first[each])
                place = first[each]
            self.consumer.seek(each, place)
            self.places[each] = place

    async def _round(self, stop: asyncio.Event) -> bool:
        """What came in, taken in partition by partition. False when it is better to wait a moment."""
        usual = [each for each in self.places if each.topic == name_of(Topic.RECEIVED, self.parts.ctx.mode)]
        rest = [each for each in self.places if each not in usual]
        got: Mapping[TopicPartition, Sequence[Any]] = {}
        if usual:
            seconds = SHARED_POLL_SECONDS if rest else POLL_SECONDS
            got = await self.consumer.getmany(*usual, timeout_ms=int(seconds * 1000), max_records=AT_ONCE)
        if rest and not got:
            got = await self.consumer.getmany(*rest, timeout_ms=0, max_records=AT_ONCE)
        for partition, records in got.items():
            for some in _portions(records):
                if stop.is_set() or not await self._take(partition, some):
                    return False
        return bool(usual or rest)

    async def _take(self, partition: TopicPartition, records: Sequence[Any]) -> bool:
        """One batch. False when it must be read again: the database is away, or the place was not ours."""
        place = self.places.get(partition)
        if place is None or not self._is_next(partition, place, records[0].offset):
            self.places.pop(partition, None)
            return True
        batch = Batch(
            topic=partition.topic,
            partition=partition.partition,
            read_from=place,
            read_to=records[-1].offset + 1,
            arrivals=await arrivals(self.parts.bodies, self.topics[partition.topic], records),
        )
        try:
            taken = await take_in(self.parts.ctx, batch)
        except DriehoekError as error:
            log.warning("a batch waits: %s", error)
            self.places.pop(partition, None)
            return False
        if taken.moved:
            self.places[partition] = batch.read_to
        else:
            self.places.pop(partition, None)
        return True

    def _is_next(self, partition: TopicPartition, place: int, offset: int) -> bool:
        """Whether these records follow our place. A gap is looked at again before it is believed."""
        believed = self.gaps.get(partition) == offset
        self.gaps.pop(partition, None)
        if offset == place or (offset > place and believed):
            return True
        self.gaps[partition] = offset
        return False


def _portions(records: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """The records in parts that are not too large for one transaction."""
    portions: list[list[Any]] = []
    size = 0
    for record in records:
        size += len(record.value or b"")
        if not portions or size > LARGEST_BATCH:
            portions.append([])
            size = len(record.value or b"")
        portions[-1].append(record)
    return portions


async def _stopped(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until somebody asks to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
