"""How many receipts stand in the topics unread: the broker knows the ends, the database the positions."""

from collections.abc import Awaitable, Callable

import asyncpg
from aiokafka.errors import KafkaError

from adapters.kafka.admin import admin_of
from adapters.kafka.connection import KafkaAwayError
from adapters.kafka.metadata import metadata_of
from adapters.store.positions import PgPositions
from streams.ends import end_offsets
from usecases.positions import TopicAt
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.settings import Settings

READ = (Topic.RECEIVED, Topic.OVERFLOW)


def in_flight_of(settings: Settings, pool: asyncpg.Pool) -> Callable[[], Awaitable[int]]:
    """The question, to be asked when the ledger is made. Raises AwayError when Kafka or the database is away."""

    async def count() -> int:
        connection = connection_of(settings)
        names = [name_of(topic, settings.mode) for topic in READ]
        async with admin_of(connection) as admin:
            cluster = await metadata_of(admin, names)
        try:
            ends = await end_offsets(connection.client_options(), names)
        except (KafkaError, OSError, TimeoutError) as error:
            raise KafkaAwayError from error
        waiting = 0
        for topic in cluster.topics:
            at = TopicAt(topic.name, cluster.cluster_id, str(topic.topic_id))
            read = await PgPositions(pool).read_to(at)
            waiting += sum(max(0, end - read.get(place, 0)) for place, end in ends[topic.name].items())
        return waiting

    return count
