"""The embedded servers are real, and keep what they hold over a restart."""

import asyncio
from pathlib import Path

import asyncpg

from adapters.embedded.kafka import EmbeddedKafka
from tests.servers import Database, kafka_answers, running_postgres


async def test_postgresql_is_version_18_and_safe(database: Database) -> None:
    connection = await asyncpg.connect(database.owner_url)
    assert str(await connection.fetchval("SHOW server_version")).startswith("18.")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {setting}") == "on"
    await connection.close()


async def test_kafka_answers(kafka: EmbeddedKafka) -> None:
    assert await kafka_answers(kafka.bootstrap)


async def test_a_row_survives_a_restart_and_the_password_stays(servers_folder: Path) -> None:
    async with running_postgres(servers_folder / "pg") as first:
        connection = await asyncpg.connect(first.url(database="postgres"))
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        await connection.close()
    async with running_postgres(servers_folder / "pg") as second:
        connection = await asyncpg.connect(second.url(database="postgres"))
        assert await connection.fetchval("SELECT value FROM kept") == 42
        await connection.close()


async def test_a_half_finished_first_start_is_made_again(servers_folder: Path) -> None:
    half = servers_folder / "half" / "pg" / "data"
    await asyncio.to_thread(half.mkdir, parents=True)
    await asyncio.to_thread((half / "PG_VERSION").write_text, "18")
    async with running_postgres(servers_folder / "half") as server:
        connection = await asyncpg.connect(server.url(database="postgres"))
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
