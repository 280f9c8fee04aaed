"""The log on a real PostgreSQL: numbers without gaps, order within a stream, and who may do what."""

import asyncio
from collections import defaultdict

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from adapters.store.connections import check_schema, connected
from adapters.store.migrate import FOLDER, migrate
from adapters.store.revision import newest
from domain.errors import ConflictError
from domain.incidents import stream_of
from domain.parties import Actor
from tests.builders import DINSDAG_0900, an_actor, an_id
from tests.integration.store.a_log import BY, STREAMS, a_store, append, note, opened
from tests.servers import Database
from usecases import once
from usecases.report_incident import Reported

LOG = ("event", "event_side", "event_number", "checkpoint", "destruction")
WRITERS, TURNS = 8, 12


async def test_numbers_are_gapless_and_in_order_while_many_write_and_many_number(pool: asyncpg.Pool) -> None:
    store = a_store(pool)
    writing = asyncio.Event()

    async def write(number: int) -> None:
        for turn in range(TURNS):
            await append(store, stream_of(an_id(number % 5)), [note(f"{number} {turn}"), note("en nog een")])

    async def count() -> list[int]:
        given = []
        while not writing.is_set():
            given.append(await pool.fetchval("SELECT assign_numbers(7)"))
        return given

    counters = [asyncio.create_task(count()) for _ in range(3)]
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    writing.set()
    counted = await asyncio.gather(*counters)
    last = await pool.fetchval("SELECT assign_numbers(100000)")

    rows = await pool.fetch("SELECT number, stream_id, version FROM event_number ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, WRITERS * TURNS * 2 + 1))
    assert last == WRITERS * TURNS * 2
    assert all(given == sorted(given) for given in counted)
    versions = defaultdict(list)
    for row in rows:
        versions[row["stream_id"]].append(row["version"])
    assert all(each == list(range(1, len(each) + 1)) for each in versions.values())


async def test_a_number_never_changes(pool: asyncpg.Pool) -> None:
    store = a_store(pool)
    await append(store, STREAMS[0], [note("een")])
    await pool.fetchval("SELECT assign_numbers()")
    before = await pool.fetch("SELECT * FROM event_number")
    await append(store, STREAMS[1], [note("twee")])
    await pool.fetchval("SELECT assign_numbers()")

    assert (await pool.fetch("SELECT * FROM event_number ORDER BY number"))[: len(before)] == before


async def test_an_uncommitted_fact_has_no_number_and_leaves_no_gap(pool: asyncpg.Pool) -> None:
    store = a_store(pool)
    async with store.begin() as slow:
        await slow.lock([STREAMS[0]])
        await slow.append(STREAMS[0], [note("eerst begonnen")], by=BY, at=DINSDAG_0900)
        await append(store, STREAMS[1], [note("eerst klaar")])
        assert await pool.fetchval("SELECT assign_numbers()") == 1
    assert await pool.fetchval("SELECT assign_numbers()") == 2

    rows = await pool.fetch("SELECT number, stream_id FROM event_number ORDER BY number")
    assert [row["stream_id"] for row in rows] == [STREAMS[1], STREAMS[0]]


@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
async def test_the_application_can_not_change_the_log(pool: asyncpg.Pool, table: str, verb: str) -> None:
    column = "number" if table in ("event_number", "checkpoint") else "version"

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(verb.format(table, column))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (x int)",
        "ALTER TABLE event ADD COLUMN mine text",
        "CREATE FUNCTION assign_numbers() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO event_number VALUES (1, 'x', 1)",
        "INSERT INTO destruction VALUES ('x', 1, '')",
        "DROP FUNCTION destroy_texts(text, text[], bytea, bytea)",
    ],
)
async def test_the_application_can_not_change_the_schema_or_give_numbers(pool: asyncpg.Pool, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)


async def test_migrations_can_be_repeated_and_run_from_two_places_at_once(database: Database) -> None:
    await asyncio.gather(migrate(database.owner_url), migrate(database.owner_url))
    await migrate(database.owner_url)

    async with connected(database.app_url, process="test") as app:
        await check_schema(app, newest())
        await append(a_store(app), STREAMS[0], opened(1))
        assert await app.fetchval("SELECT count(*) FROM event") == 2


async def _click(pool: asyncpg.Pool, actor: Actor, stream: str) -> Reported | None:
    async with a_store(pool).begin() as tx:
        first = await once.answered(tx, actor, "knop", Reported)
        if first is not None:
            return first
        await tx.lock([stream])
        await tx.append(stream, [note("geklikt")], by=BY, at=DINSDAG_0900)
        return await once.remember(
            tx, actor, "knop", Reported(incident_id=an_id(1), number="INC-2026-0001", joined=False, informed=())
        )


async def test_two_clicks_at_once_have_one_effect_and_one_answer(pool: asyncpg.Pool) -> None:
    answers = await asyncio.gather(*(_click(pool, an_actor(), STREAMS[0]) for _ in range(6)))

    assert await pool.fetchval("SELECT count(*) FROM event") == 1
    assert len({answer.model_dump_json() for answer in answers if answer}) == 1
    assert all(answers)


async def _refused(pool: asyncpg.Pool) -> None:
    async with a_store(pool).begin() as tx:
        assert await once.answered(tx, an_actor(), "knop", Reported) is None
        await tx.lock([STREAMS[0]])
        await tx.append(STREAMS[0], opened(1), by=BY, at=DINSDAG_0900)
        raise ConflictError


async def test_a_click_that_failed_may_be_tried_again(pool: asyncpg.Pool) -> None:
    with pytest.raises(ConflictError):
        await _refused(pool)

    assert await _click(pool, an_actor(), STREAMS[0]) is not None
    assert await pool.fetchval("SELECT count(*) FROM event") == 1


async def test_nothing_of_a_transaction_that_fails_stays(pool: asyncpg.Pool) -> None:
    with pytest.raises(ConflictError):
        await _refused(pool)

    counts = [await pool.fetchval(f"SELECT count(*) FROM {table}") for table in (*LOG, "unnumbered", "idempotency")]  # noqa: S608 - our own table names
    assert counts == [0] * len(counts)


def test_the_revision_of_the_program_is_the_head_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == newest()
