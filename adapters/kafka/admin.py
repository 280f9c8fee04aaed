"""Topics: made when we may, otherwise checked; a fault is one clear line."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.conn import create_conn

from adapters.kafka.connection import KafkaAwayError, KafkaConnection, TopicMissingError, translated
from adapters.kafka.metadata import metadata_of
from usecases.positions import TopicAt
from usecases.topics import PARTITIONS, Kept, names

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.2
REQUEST_MS = 10_000


async def ensure_topics(connection: KafkaConnection, *, mode: str, replication: int, create: bool) -> None:
    """Make the topics that are missing, or check that they are there; then all of them have leaders.

    Raises KafkaAwayError, KafkaRefusesError, KafkaRightMissingError or TopicMissingError.
    """
    wanted = names(mode)
    async with admin_of(connection) as admin:
        missing = await _missing(admin, wanted)
        if missing and not create:
            raise TopicMissingError(f"{TopicMissingError.__doc__} ({', '.join(missing)})")
        if missing:
            await _make(admin, {name: wanted[name] for name in missing}, replication)
        await _led(admin, wanted)


@asynccontextmanager
async def admin_of(
    connection: KafkaConnection, *, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client for administration, with its faults translated."""
    options = connection.client_options()
    admin = AIOKafkaAdminClient(**options, request_timeout_ms=REQUEST_MS)
    with translated():
        try:
            await _connect(admin, options, patience)
            yield admin
        finally:
            await admin.close()


async def _connect(admin: AIOKafkaAdminClient, options: Mapping[str, Any], patience: float) -> None:
    """Connect with patience: a broker that just started comes in a moment. A refusal is not waited for."""
    clock = asyncio.get_running_loop().time
    until = clock() + patience
    while True:
        try:
            await admin.start()
        except errors.KafkaConnectionError:
            await _refusal(options)
            if clock() > until:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return


async def _refusal(options: Mapping[str, Any]) -> None:
    """Raise why the broker refuses us: the client itself only says that it could not connect."""
    rest = {name: value for name, value in options.items() if name != "bootstrap_servers"}
    host, _, port = str(options["bootstrap_servers"]).partition(",")[0].rpartition(":")
    try:
        connection = await create_conn(host, int(port), request_timeout_ms=REQUEST_MS, **rest)
    except (errors.KafkaConnectionError, ConnectionError, TimeoutError):
        return
    await connection.close()


async def _missing(admin: AIOKafkaAdminClient, wanted: Mapping[str, Kept]) -> Sequence[str]:
    """Names that do not exist. Raises TopicAuthorizationFailedError for one that we may not see."""
    absent = []
    for topic in (await metadata_of(admin, wanted)).topics:
        if topic.fault is errors.UnknownTopicOrPartitionError:
            absent.append(topic.name)
        elif topic.fault is errors.TopicAuthorizationFailedError:
            raise topic.fault(topic.name)
    return absent


async def _make(admin: AIOKafkaAdminClient, missing: Mapping[str, Kept], replication: int) -> None:
    in_sync = str(max(1, replication - 1))
    made = await admin.create_topics(
        [
            NewTopic(name, PARTITIONS, replication, topic_configs={**kept.config, "min.insync.replicas": in_sync})
            for name, kept in missing.items()
        ],
        timeout_ms=REQUEST_MS,
    )
    for name, code, *_ in made.topic_errors:
        fault = errors.for_code(code)
        if fault not in (errors.NoError, errors.TopicAlreadyExistsError):
            raise fault(name)


async def _led(admin: AIOKafkaAdminClient, wanted: Mapping[str, Kept]) -> None:
    """Wait, for a bounded time, until every partition has a leader."""
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE_SECONDS
    while True:
        found = (await metadata_of(admin, wanted)).topics
        if all(topic.fault is None and topic.leaders and min(topic.leaders) >= 0 for topic in found):
            return
        if clock() > until:
            raise KafkaAwayError
        await asyncio.sleep(PAUSE_SECONDS)


async def topics_at(connection: KafkaConnection, wanted: Collection[str]) -> Mapping[str, TopicAt]:
    """These topics with the ids of cluster and topic; those that are missing are left out."""
    async with admin_of(connection, patience=0.0) as admin:
        found = await metadata_of(admin, wanted)
    return {
        topic.name: TopicAt(topic.name, found.cluster_id, str(topic.topic_id))
        for topic in found.topics
        if topic.fault is None
    }
