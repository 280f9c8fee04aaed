"""State rows, keys and cards are derived: made again from the log they are what they were."""

from collections.abc import Mapping, Sequence

import asyncpg

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.store.cards import PgCards
from adapters.store.connections import transaction
from adapters.store.rebuild_rows import PgRebuild, raise_epoch
from adapters.store.verify import Verifier
from domain.events.core import Mode
from domain.picture import Card
from tests.builders import DINSDAG_0900
from tests.integration.store.a_story import KEY, Story, play
from tests.servers import Database
from usecases.fresh_cards import heal, suspects
from usecases.picture import Picture
from usecases.rebuild import rebuild, renew_cards

ROWS = ("incident", "duty", "execution", "task", "correlation_key", "incident_counter")


async def rows_of(pool: asyncpg.Pool) -> Mapping[str, Sequence[str]]:
    """Everything that is derived, in one order."""
    found = {}
    for table in ROWS:
        rows = await pool.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t ORDER BY 1")  # noqa: S608 - our own table names
        found[table] = [row["row"] for row in rows]
    return found


def a_rebuild(pool: asyncpg.Pool) -> PgRebuild:
    """The rows to rebuild."""
    return PgRebuild(pool, Mode.LIVE, TimeOrderedIds(SystemClock()).new)


async def test_rebuilding_what_is_right_changes_nothing(own_database: Database, pool: asyncpg.Pool) -> None:
    story = await play(pool)
    before = await rows_of(pool)
    assert all(before.values()), "the story fills every table"

    done = await rebuild(story.ctx, a_rebuild(pool))

    assert await rows_of(pool) == before
    assert (done.incidents, done.executions, done.keys, done.removed, done.changed) == (2, 1, 0, 0, [])
    sql = await asyncpg.connect(own_database.app_url)
    assert (await Verifier(sql, KEY).run()).first_fault is None
    await sql.close()


async def test_what_is_gone_or_wrong_comes_back(pool: asyncpg.Pool) -> None:
    story = await play(pool)
    before = await rows_of(pool)
    for table in ("duty", "task", "execution", "correlation_key", "incident_counter"):
        await pool.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
    await pool.execute("DELETE FROM incident WHERE incident_id = $1", story.closed)
    await pool.execute("UPDATE incident SET state = jsonb_set(state, '{severity}', '\"onbekend\"')")
    await pool.execute("INSERT INTO correlation_key VALUES ('r', 'k', $1, now())", story.execution)

    done = await rebuild(story.ctx, a_rebuild(pool))

    assert await rows_of(pool) == before
    assert set(done.changed) == {
        f"incident:{story.first}",
        f"incident:{story.closed}",
        f"execution:{story.execution}",
    }
    assert done.keys == len(before["correlation_key"])
    assert done.removed == 1


async def test_rows_that_follow_from_no_fact_go(pool: asyncpg.Pool) -> None:
    story = await play(pool)
    before = await rows_of(pool)
    await pool.execute(
        "INSERT INTO incident SELECT $2, municipality, 'INC-1', is_open, opened_at, closed_at, version, state"
        " FROM incident WHERE incident_id = $1",
        story.first,
        story.execution,
    )

    assert (await rebuild(story.ctx, a_rebuild(pool))).removed == 1
    assert await rows_of(pool) == before


async def _cards(pool: asyncpg.Pool, story: Story) -> tuple[PgCards, Picture]:
    cards = PgCards(pool, Mode.LIVE)
    picture = Picture(cards=cards, rules=story.ctx.rules, clock=story.ctx.clock)
    await heal(picture, await suspects(picture, cards))
    return cards, picture


async def test_a_rebuild_begins_a_new_epoch_and_sends_every_card_again(pool: asyncpg.Pool) -> None:
    story = await play(pool)
    cards, picture = await _cards(pool, story)
    before = {row["card_id"]: row["state"] for row in await pool.fetch("SELECT card_id, state FROM card")}
    await pool.execute("UPDATE card SET epoch = 40000000 WHERE card_id = (SELECT min(card_id) FROM card)")
    await pool.execute("DELETE FROM outbox")

    async with transaction(pool) as sql:
        epoch = await raise_epoch(sql, DINSDAG_0900)
    sent = await renew_cards(picture, cards, await a_rebuild(pool).card_ids())

    assert epoch == 40000001
    assert sent == len(before) > 0
    assert {row["card_id"]: row["state"] for row in await pool.fetch("SELECT card_id, state FROM card")} == before
    published = [Card.model_validate_json(row["value"]) for row in await pool.fetch("SELECT value FROM outbox")]
    assert {card.card_id for card in published} == set(before)
    assert {card.epoch for card in published} == {epoch}
