"""How many receipts stand in the topics and were read by nobody yet: for the ledger and for the watch on lag."""

from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from domain.errors import AwayError
from domain.events.core import Mode
from streams.intake import TopicsAt
from usecases.positions import Positions
from usecases.topics import PARTITIONS, Topic, name_of

REQUEST_MS = 5_000


async def in_flight(options: Mapping[str, Any], positions: Positions, topics_at: TopicsAt, mode: Mode) -> int:
    """End offsets minus what was read, over all partitions of received and overflow. Raises AwayError."""
    topics = await topics_at([name_of(Topic.RECEIVED, mode), name_of(Topic.OVERFLOW, mode)])
    consumer = AIOKafkaConsumer(**options, request_timeout_ms=REQUEST_MS)
    waiting = 0
    try:
        await consumer.start()
        for topic in topics.values():
            partitions = [TopicPartition(topic.name, number) for number in range(PARTITIONS)]
            read_to = await positions.read_to(topic)
            ends = await consumer.end_offsets(partitions)
            starts = await consumer.beginning_offsets(partitions)
            waiting += sum(max(0, ends[each] - max(read_to.get(each.partition, 0), starts[each])) for each in ends)
    except (KafkaError, OSError, TimeoutError) as error:
        raise AwayError from error
    finally:
        await consumer.stop()
    return waiting
