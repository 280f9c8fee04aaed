"""What topics hold: how far they reach, and the messages since a moment. A consumer of its own, in no group."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

POLL_MS = 500
MOST = 200_000
"""Messages that are read at most; the newest are what matters."""


async def end_offsets(client: Mapping[str, Any], topics: Collection[str]) -> Mapping[str, Mapping[int, int]]:
    """The offset behind the last message, per topic and partition. Raises KafkaError."""
    consumer = AIOKafkaConsumer(*topics, **client, enable_auto_commit=False)
    try:
        await consumer.start()
        places = _places(consumer, topics)
        ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {topic: {place.partition: ends[place] for place in places if place.topic == topic} for topic in topics}


async def values_since(client: Mapping[str, Any], topic: str, moment: datetime) -> Sequence[bytes | None]:
    """Values of the messages that were sent at or after this moment and before this call. Raises KafkaError."""
    consumer = AIOKafkaConsumer(topic, **client, enable_auto_commit=False)
    try:
        await consumer.start()
        places = _places(consumer, [topic])
        ends = await consumer.end_offsets(places)
        stamp = int(moment.timestamp() * 1000)
        starts = await consumer.offsets_for_times(dict.fromkeys(places, stamp))
        todo = {place: ends[place] for place, start in starts.items() if start and start.offset < ends[place]}
        for place in todo:
            consumer.seek(place, starts[place].offset)
        return await _read(consumer, todo)
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer, todo: dict[TopicPartition, int]) -> Sequence[bytes | None]:
    found: list[bytes | None] = []
    while todo and len(found) < MOST:
        batches = await consumer.getmany(*todo, timeout_ms=POLL_MS)
        for place, records in batches.items():
            found += [record.value for record in records if record.offset < todo[place]]
        for place in list(todo):
            if await consumer.position(place) >= todo[place]:
                del todo[place]
    return found


def _places(consumer: AIOKafkaConsumer, topics: Collection[str]) -> list[TopicPartition]:
    """All partitions. A consumer that was started with these topics waited until it knew them."""
    return [
        TopicPartition(topic, each) for topic in topics for each in sorted(consumer.partitions_for_topic(topic) or ())
    ]
