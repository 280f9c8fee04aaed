"""Faults of the database are one clear line, and nothing is half written."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from adapters.clock import SystemClock
from adapters.store.connections import (
    DatabaseAwayError,
    DatabaseFullError,
    DatabaseRefusesError,
    SchemaError,
    check_schema,
    connected,
    translated,
)
from adapters.store.skew import is_alarming, skew_seconds
from domain.errors import ConflictError, NotFoundError
from tests.fakes import FakeClock
from tests.integration.store.a_log import STREAMS, a_store, append, note, opened
from tests.servers import Database

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


async def test_a_full_disk_is_said_and_nothing_is_half_written(own_database: Database, pool: asyncpg.Pool) -> None:
    owner = await asyncpg.connect(own_database.owner_url)
    await owner.execute(FULL)
    await owner.execute("CREATE TRIGGER no_room BEFORE INSERT ON event_side FOR EACH ROW EXECUTE FUNCTION full_disk()")

    with pytest.raises(DatabaseFullError, match="schijf"):
        await append(a_store(pool), STREAMS[0], opened(1))

    assert await pool.fetchval("SELECT count(*) FROM event") == 0
    await owner.execute("DROP TRIGGER no_room ON event_side")
    await owner.close()
    await append(a_store(pool), STREAMS[0], opened(1))
    assert await pool.fetchval("SELECT max(version) FROM event") == 2


async def test_a_real_limit_of_the_server_is_a_full_disk_too(own_database: Database) -> None:
    owner = await asyncpg.connect(own_database.owner_url)
    await owner.execute("SET temp_file_limit = '1MB'")
    await owner.execute("SET work_mem = '64kB'")

    with pytest.raises(DatabaseFullError), translated():
        await owner.fetch("SELECT n FROM generate_series(1, 500000) AS n ORDER BY n DESC LIMIT 1 OFFSET 400000")

    await owner.close()


async def test_a_wrong_password_and_a_missing_database_are_said(own_database: Database) -> None:
    for url in (
        own_database.app_url.replace(own_database.app_password, "verkeerd"),
        own_database.app_url.replace(own_database.name, "bestaat_niet"),
    ):
        with pytest.raises(DatabaseRefusesError):
            async with connected(url, process="test") as pool:
                await append(a_store(pool), STREAMS[0], [note("x")])


async def test_a_server_that_is_not_there_is_away(own_database: Database) -> None:
    url = f"postgresql://driehoek_app@127.0.0.1:1/{own_database.name}"

    with pytest.raises(DatabaseAwayError):
        async with connected(url, process="test") as pool:
            await append(a_store(pool), STREAMS[0], [note("x")])


async def test_an_older_schema_is_said(pool: asyncpg.Pool) -> None:
    with pytest.raises(SchemaError, match="driehoek migrate"):
        await check_schema(pool, "9999")


async def test_a_deadlock_is_a_conflict(own_database: Database) -> None:
    left, right = [await asyncpg.connect(own_database.app_url) for _ in range(2)]
    await left.execute("BEGIN; SELECT pg_advisory_xact_lock(1)")
    await right.execute("BEGIN; SELECT pg_advisory_xact_lock(2)")

    async def cross(connection: asyncpg.Connection, key: int) -> bool:
        try:
            with translated():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", key)
        except ConflictError:
            await connection.execute("ROLLBACK")
            return True
        return False

    assert sorted(await asyncio.gather(cross(left, 2), cross(right, 1))) == [False, True]
    await left.close()
    await right.close()


async def test_the_difference_between_clocks_is_measured(pool: asyncpg.Pool) -> None:
    assert abs(await skew_seconds(pool, SystemClock())) < 1
    behind = await skew_seconds(pool, FakeClock(SystemClock().now() - timedelta(seconds=90)))

    assert -91 < behind < -89
    assert is_alarming(behind)
    assert not is_alarming(1.9)


async def test_a_name_with_a_nul_is_not_found(pool: asyncpg.Pool) -> None:
    with pytest.raises(NotFoundError), translated():
        await pool.fetchval("SELECT 1 FROM task WHERE task_key = $1", "\x00")
