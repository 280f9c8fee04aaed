"""A chain per module: a fresh database with its schema, and the topics on the broker of this run."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.kafka.admin import ensure_topics
from adapters.kafka.connection import KafkaConnection
from adapters.store.connections import connected
from tests.integration.picture.chain import Chain
from tests.servers import Database


@pytest.fixture(scope="module")
async def chain(migrated: Database, kafka: EmbeddedKafka) -> AsyncIterator[Chain]:
    """Real servers and the ports on them."""
    connection = KafkaConnection(kafka.bootstrap)
    await ensure_topics(connection, mode="live", replication=1, create=True)
    async with connected(migrated.app_url, process="test", size=12) as pool:
        yield Chain(database=migrated, kafka=connection, pool=pool)
