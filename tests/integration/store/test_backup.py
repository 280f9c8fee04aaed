"""A backup is whole and made while people work; a restore says what it could not bring back and sends nothing twice."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.embedded.kafka import EmbeddedKafka
from adapters.store.backup import HELD, StillConnectedError, ToolError, Tools, dump, load
from adapters.store.connections import connected
from adapters.store.verify import Verifier
from domain.events.core import Mode
from tests.integration.store.a_log import STREAMS, a_store, append, note, opened
from tests.integration.store.a_story import play
from tests.integration.store.test_rebuild import rows_of
from tests.servers import Database, fresh_topics
from usecases.topics import Topic, name_of
from wiring.maintenance import back_up, restore
from wiring.settings import Settings

TOPIC = name_of(Topic.EVENTS, Mode.LIVE)


@pytest.fixture
def settings(own_database: Database, tmp_path: Path) -> Settings:
    """An instance on the database of this test, without a broker."""
    key = tmp_path / "key.pem"
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key.write_bytes(pem)
    return Settings.model_validate(
        {
            "database_url": own_database.app_url,
            "database_owner_url": own_database.owner_url,
            "signing_key": str(key),
        }
    )


@pytest.fixture
async def published(kafka: EmbeddedKafka) -> AsyncIterator[AIOKafkaProducer]:
    """A way to say what the broker has."""
    await fresh_topics(kafka.bootstrap)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    yield producer
    await producer.stop()


async def _numbered(pool: asyncpg.Pool) -> Sequence[tuple[str, int]]:
    await pool.fetchval("SELECT assign_numbers()")
    rows = await pool.fetch("SELECT stream_id, number FROM event_number ORDER BY number")
    return [(row["stream_id"], row["number"]) for row in rows]


async def _send(producer: AIOKafkaProducer, facts: Sequence[tuple[str, int]]) -> None:
    await producer.send_and_wait(TOPIC, b"no event", key=b"canary")
    for stream, number in facts:
        value = json.dumps({"specversion": "1.0", "subject": stream, "sequence": str(number)}).encode()
        await producer.send_and_wait(TOPIC, value, key=stream.encode())


async def test_a_restore_brings_back_what_was_and_names_what_only_kafka_has(
    own_database: Database, settings: Settings, kafka: EmbeddedKafka, published: AIOKafkaProducer, tmp_path: Path
) -> None:
    known = settings.model_copy(update={"kafka_bootstrap": kafka.bootstrap})
    file = tmp_path / "maandag.dump"
    async with connected(own_database.app_url, process="test") as pool:
        await play(pool)
        kept = await _numbered(pool)
        await pool.execute("UPDATE relay_position SET number = 3")
        await pool.execute("UPDATE notice SET sent_at = now() WHERE key = (SELECT min(key) FROM notice)")
        before, notices = await rows_of(pool), await pool.fetch("SELECT key, sent_at FROM notice ORDER BY key")
        told = await back_up(known, file)
        await append(a_store(pool), STREAMS[0], opened(77))
        await pool.execute("UPDATE notice SET sent_at = now()")
        await _send(published, await _numbered(pool))
    assert told["bytes"] == file.stat().st_size > 0

    found = await restore(known, file)

    assert found["compared"]
    assert (found["events"], found["relay_position"]) == (len(kept), len(kept))
    assert (found["only_in_kafka"], found["streams_only_in_kafka"]) == (2, [STREAMS[0]])
    assert found["same_key"]
    async with connected(own_database.app_url, process="test") as pool:
        assert await rows_of(pool) == before
        unsent = [row["key"] for row in notices if row["sent_at"] is None]
        held = await pool.fetch("SELECT key FROM notice WHERE channel = $1 ORDER BY key", HELD)
        assert [row["key"] for row in held] == unsent
        assert found["held_notices"] == len(unsent) > 0
        assert await pool.fetchval("SELECT count(*) FROM notice WHERE sent_at IS NULL") == 0
        assert await pool.fetchval("SELECT epoch FROM epoch") == found["epoch"] > 1
    sql = await asyncpg.connect(own_database.app_url)
    assert (await Verifier(sql, None).run()).first_fault is None
    await sql.close()


async def test_each_restore_begins_a_higher_epoch(own_database: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "b.dump"
    await back_up(settings, file)

    epochs = [(await restore(settings, file))["epoch"] for _ in range(2)]

    assert epochs[0] < epochs[1]
    async with connected(own_database.app_url, process="test") as pool:
        assert await pool.fetchval("SELECT number FROM relay_position") == 0


async def test_without_kafka_it_says_that_it_could_not_compare(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "b.dump"
    await back_up(settings, file)

    for known in (settings, settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})):
        found = await restore(known, file)
        assert not found["compared"]
        assert found["not_compared_because"]


async def test_it_refuses_while_processes_are_connected(
    own_database: Database, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "b.dump"
    await back_up(settings, file)
    async with connected(own_database.app_url, process="serve") as pool:
        await append(a_store(pool), STREAMS[0], opened(1))
        with pytest.raises(StillConnectedError, match="driehoek-serve"):
            await restore(settings, file)
        assert await pool.fetchval("SELECT count(*) FROM event") == 2


async def test_a_broken_file_changes_nothing(own_database: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "b.dump"
    async with connected(own_database.app_url, process="test") as pool:
        await append(a_store(pool), STREAMS[0], opened(1))
    await back_up(settings, file)
    async with connected(own_database.app_url, process="test") as pool:
        await append(a_store(pool), STREAMS[0], [note("daarna")])
    whole = file.read_bytes()
    for broken in (b"geen back-up", whole[: len(whole) * 2 // 3]):
        file.write_bytes(broken)
        with pytest.raises(ToolError):
            await restore(settings, file)

    async with connected(own_database.app_url, process="test") as pool:
        assert await pool.fetchval("SELECT count(*) FROM event") == 3


async def test_a_backup_goes_into_an_empty_database_too(
    own_database: Database, database: Database, tmp_path: Path
) -> None:
    tools, file = Tools(folder=own_database.bin), tmp_path / "b.dump"
    async with connected(own_database.app_url, process="test") as pool:
        await append(a_store(pool), STREAMS[0], opened(1))
    await dump(own_database.owner_url, file, tools)

    assert await load(database.owner_url, file, tools) == 0

    async with connected(database.app_url, process="test") as pool:
        await append(a_store(pool), STREAMS[0], [note("het gaat door")])
        assert await pool.fetchval("SELECT count(*) FROM event") == 3
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("DELETE FROM event")


async def test_a_backup_that_fails_leaves_no_file(own_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "b.dump"

    with pytest.raises(ToolError):
        await dump(own_database.owner_url.replace(own_database.name, "weg"), file, Tools(folder=own_database.bin))

    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test may look
