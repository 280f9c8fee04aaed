"""A street per test: a fresh database with its schema, and empty topics on the broker of this run."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import Producer
from adapters.store.connections import connected
from tests.integration.streams.street import Street
from tests.servers import Database


@pytest.fixture
async def street(own_database: Database, kafka: EmbeddedKafka) -> AsyncIterator[Street]:
    """Real servers and the ports on them."""
    connection = KafkaConnection(kafka.bootstrap)
    async with connected(own_database.app_url, process="test") as pool:
        made = Street(database=own_database, kafka=connection, pool=pool, producer=Producer(connection))
        await made.make_anew()
        try:
            yield made
        finally:
            await made.producer.stop()
