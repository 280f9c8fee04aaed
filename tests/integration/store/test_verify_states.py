"""A state row that is not what the log says is found, also when nobody touched the log."""

import asyncpg
import pytest

from adapters.store.connections import connection
from adapters.store.verify import Verifier
from domain import commands
from domain.chain.verify import Fault
from tests.builders import a_report, an_actor, minutes
from tests.integration.store.a_story import KEY, Story, play
from tests.integration.store.test_rebuild import a_rebuild
from tests.servers import Database
from usecases.act_on_incident import act
from usecases.rebuild import rebuild
from usecases.report_incident import report
from wiring.parts import rules

DIFFERS = "stand wijkt af van het logboek"
INCIDENT_TRICKS = (
    "UPDATE incident SET municipality = 'GM0599' WHERE incident_id = $1",
    "UPDATE incident SET number = 'INC-1999-0001' WHERE incident_id = $1",
    "UPDATE incident SET is_open = false WHERE incident_id = $1",
    "UPDATE incident SET opened_at = opened_at + interval '1 day' WHERE incident_id = $1",
    "UPDATE incident SET version = version + 1 WHERE incident_id = $1",
    "UPDATE incident SET state = jsonb_set(state, '{severity}', '\"onbekend\"') WHERE incident_id = $1",
    "UPDATE incident SET state = jsonb_set(state, '{severity}', '\"zeer erg\"') WHERE incident_id = $1",
    "DELETE FROM incident WHERE incident_id = $1",
    "DELETE FROM duty WHERE incident_id = $1",
    "DELETE FROM duty WHERE incident_id = $1 AND place = 0",
    "UPDATE duty SET next_warning_at = now() + interval '9 years' WHERE incident_id = $1",
    "UPDATE duty SET state = jsonb_set(state, '{duty,due_at}', '\"2040-01-01T00:00:00Z\"') WHERE incident_id = $1",
)
EXECUTION_TRICKS = (
    "UPDATE task SET is_open = false WHERE execution_id = $1",
    "UPDATE task SET function = 'burgemeester' WHERE execution_id = $1",
    "UPDATE task SET state = jsonb_set(state, '{mayor_decides}', 'true') WHERE execution_id = $1",
    "DELETE FROM task WHERE execution_id = $1",
    "DELETE FROM execution WHERE execution_id = $1",
    "UPDATE execution SET next_wake_at = now() + interval '9 years' WHERE execution_id = $1",
    "UPDATE execution SET state = jsonb_set(state, '{status}', '\"successful\"') WHERE execution_id = $1",
)


async def fault_in(sql: asyncpg.Connection) -> Fault | None:
    """What verification names."""
    return (await Verifier(sql, KEY, rules=rules()).run()).first_fault


async def _found(database: Database, story: Story, trick: str, stream: str) -> None:
    """This trick is found in this stream, at the version of its head; without it everything is good."""
    owner = await asyncpg.connect(database.owner_url)
    try:
        outer = owner.transaction(isolation="repeatable_read")
        await outer.start()
        head = await owner.fetchval("SELECT version FROM stream_head WHERE stream_id = $1", stream)
        await owner.execute(trick, story.execution if stream.startswith("execution:") else story.first)
        fault = await fault_in(owner)
        await outer.rollback()
        assert fault == Fault(stream=stream, version=head, what=DIFFERS), trick
    finally:
        await owner.close()


async def test_a_changed_state_row_is_found_where_it_stands(own_database: Database, pool: asyncpg.Pool) -> None:
    story = await play(pool)
    async with connection(pool) as sql:
        assert await fault_in(sql) is None

    for trick in INCIDENT_TRICKS:
        await _found(own_database, story, trick, f"incident:{story.first}")
    for trick in EXECUTION_TRICKS:
        await _found(own_database, story, trick, f"execution:{story.execution}")

    async with connection(pool) as sql:
        assert await fault_in(sql) is None


async def test_a_row_that_follows_from_no_fact_is_found(pool: asyncpg.Pool) -> None:
    story = await play(pool)
    await pool.execute(
        "INSERT INTO duty SELECT $2, obligation, place, next_warning_at, state FROM duty WHERE incident_id = $1",
        story.first,
        story.execution,
    )

    async with connection(pool) as sql:
        assert await fault_in(sql) == Fault(stream=f"incident:{story.execution}", version=0, what=DIFFERS)


async def test_a_warning_that_follows_an_older_configuration_is_no_fault(pool: asyncpg.Pool) -> None:
    await play(pool)
    await pool.execute(
        "UPDATE duty SET next_warning_at = '2040-01-01T00:00:00Z',"
        " state = jsonb_set(state, '{next_warning_at}', '\"2040-01-01T00:00:00Z\"')"
    )

    async with connection(pool) as sql:
        assert await fault_in(sql) is None


@pytest.mark.parametrize("trick", [INCIDENT_TRICKS[0], INCIDENT_TRICKS[6], EXECUTION_TRICKS[0]])
async def test_rebuilding_makes_it_good_again(pool: asyncpg.Pool, trick: str) -> None:
    story = await play(pool)
    await pool.execute(trick, story.execution if "execution_id" in trick else story.first)

    assert len((await rebuild(story.ctx, a_rebuild(pool))).changed) == 1

    async with connection(pool) as sql:
        assert await fault_in(sql) is None


async def test_an_incident_that_went_on_in_another_is_good(pool: asyncpg.Pool) -> None:
    story = await play(pool)
    ciso, now = an_actor(), story.ctx.clock.now()
    asked = a_report(502, at=now, discovered_at=now - minutes(5))
    other = (await report(story.ctx, ciso, asked, None, key="melding-3")).incident_id
    merge = commands.DecideMerge(at=now, other_incident=story.first, accepted=True, reason="Zelfde storing")
    await act(story.ctx, ciso, other, merge, key="samen")
    merged = await pool.fetchval("SELECT count(*) FROM incident WHERE state ->> 'merged_into' IS NOT NULL")

    async with connection(pool) as sql:
        assert (merged, await fault_in(sql)) == (1, None)
