"""A chain per module: a fresh database with its schema, and the topics on the broker of this run."""

from collections.abc import AsyncIterator

import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.store.connections import connected
from tests.integration.picture.chain import Chain
from tests.servers import Database, fresh_topics


@pytest.fixture(scope="module")
async def chain(migrated: Database, kafka: EmbeddedKafka) -> AsyncIterator[Chain]:
    """Real servers and the ports on them."""
    connection = await fresh_topics(kafka.bootstrap)
    async with connected(migrated.app_url, process="test", size=12) as pool:
        yield Chain(database=migrated, kafka=connection, pool=pool)
