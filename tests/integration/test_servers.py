"""The embedded servers are real, and keep what they hold over a restart."""

import asyncio
import os
from pathlib import Path

import asyncpg
import pytest

from adapters.embedded import postgres as embedded
from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres
from tests.servers import Database, kafka_answers, running_kafka, running_postgres


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


async def test_a_half_finished_cluster_is_made_again(servers_folder: Path) -> None:
    half = servers_folder / "half" / "pg" / "making-0123abcd"
    await asyncio.to_thread(half.mkdir, parents=True)
    await asyncio.to_thread((half / "PG_VERSION").write_text, "18")
    async with running_postgres(servers_folder / "half") as server:
        connection = await asyncpg.connect(server.url(database="postgres"))
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    assert not half.exists()


async def test_a_half_formatted_storage_is_made_again(servers_folder: Path) -> None:
    folder = servers_folder / "half-kafka"
    await asyncio.to_thread((folder / "data").mkdir, parents=True)
    await asyncio.to_thread((folder / "data" / "meta.properties").write_text, "version=1\n")
    await asyncio.to_thread((folder / "formatting").touch)
    async with running_kafka(folder) as broker:
        assert await kafka_answers(broker.bootstrap)
    assert not (folder / "formatting").exists()


def test_as_root_a_closed_home_keeps_its_data_elsewhere_and_remembers_where(
    servers_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, closed = servers_folder / "outside", servers_folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "OUTSIDE", outside)
    made = _data_of(EmbeddedPostgres(closed / "postgres"))
    # Whoever is not root runs PostgreSQL itself, and may enter its own home.
    assert made.is_relative_to(outside if os.geteuid() == 0 else closed)
    moved = closed.rename(servers_folder / "closed-and-moved")
    again = _data_of(EmbeddedPostgres(moved / "postgres"))
    assert again == (made if os.geteuid() == 0 else moved / made.relative_to(closed))


def _data_of(postgres: EmbeddedPostgres) -> Path:
    argv = postgres.prepare().argv
    return Path(argv[argv.index("-D") + 1])
