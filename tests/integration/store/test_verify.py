"""Nobody can change the log unseen, not even who owns the database; lawful destruction stays possible."""

from random import Random

import asyncpg
import pytest

from adapters.store.connections import connected
from adapters.store.signing import SigningKey
from adapters.store.verify import Verdict, Verifier
from domain.chain.checkpoint import Exported
from tests.builders import DINSDAG_0900
from tests.integration.store.a_log import BY, DESTROYED, STREAMS, TOPIC, a_key, a_store, append, note, write
from tests.integration.store.tricks import OTHER_KEY, TRICKS, play
from tests.integration.store.world import World, load, store
from tests.servers import Database
from wiring.parts import rules

KEY = a_key()
FEW, MANY = 60, 1000


@pytest.fixture(scope="module")
async def anchor(migrated: Database) -> list[Exported]:
    """The log of this module, and what the witnesses keep of it."""
    async with connected(migrated.app_url, process="test") as pool:
        return await write(pool, KEY)


@pytest.fixture(scope="module")
async def written(migrated: Database, anchor: list[Exported]) -> World:
    """Everything that stands in the database."""
    assert anchor
    owner = await asyncpg.connect(migrated.owner_url)
    try:
        return await load(owner)
    finally:
        await owner.close()


async def verdict(url: str, anchor: list[Exported], key: SigningKey | None = KEY) -> Verdict:
    """What verification says now."""
    connection = await asyncpg.connect(url)
    try:
        return await Verifier(connection, key, anchor).run()
    finally:
        await connection.close()


async def test_a_log_that_nobody_touched_is_good(migrated: Database, anchor: list[Exported], written: World) -> None:
    found = await verdict(migrated.app_url, anchor)

    assert found.first_fault is None
    assert (found.events, found.streams, found.checkpoints) == (len(written.facts), len(STREAMS), 3)
    assert found.destroyed == 2  # description and contact of one report


async def _played(database: Database, anchor: list[Exported], written: World, seeds: range) -> None:
    owner = await asyncpg.connect(database.owner_url)
    try:
        for seed in seeds:
            chance, trick = Random(seed), TRICKS[seed % len(TRICKS)]  # noqa: S311 - the same tricks every run
            world = written.copy()
            place = play(world, trick, chance)
            outer = owner.transaction(isolation="repeatable_read")
            await outer.start()
            await store(owner, world)
            found = await Verifier(owner, KEY, anchor, rules=rules()).run()
            await outer.rollback()
            fault = found.first_fault
            assert fault is not None, f"{trick.__name__} with seed {seed} was not found"
            assert (fault.stream, fault.version) == place, f"{trick.__name__} with seed {seed}: {fault}"
    finally:
        await owner.close()


async def test_what_the_owner_of_the_database_changes_is_found(
    migrated: Database, anchor: list[Exported], written: World
) -> None:
    await _played(migrated, anchor, written, range(FEW))


@pytest.mark.long
async def test_a_thousand_manipulations_are_found(migrated: Database, anchor: list[Exported], written: World) -> None:
    await _played(migrated, anchor, written, range(MANY))


async def test_writing_the_same_world_back_changes_nothing(
    migrated: Database, anchor: list[Exported], written: World
) -> None:
    owner = await asyncpg.connect(migrated.owner_url)
    outer = owner.transaction(isolation="repeatable_read")
    await outer.start()
    world = written.copy()
    for stream in STREAMS:
        world.chain(stream)
    assert world.forge_checkpoints(OTHER_KEY) is None
    await store(owner, world)
    found = await Verifier(owner, KEY, anchor, rules=rules()).run()
    await outer.rollback()
    await owner.close()

    assert found.first_fault is None


async def test_a_witness_that_kept_only_some_checkpoints_is_enough(migrated: Database, anchor: list[Exported]) -> None:
    assert (await verdict(migrated.app_url, [anchor[2], anchor[1], anchor[1]])).first_fault is None

    stranger = anchor[1].model_copy(update={"root": "0" * 64})
    fault = (await verdict(migrated.app_url, [anchor[0], stranger])).first_fault

    assert fault is not None
    assert (fault.stream, fault.version) == ("checkpoint", 2)


async def test_without_the_key_the_anchor_still_tells(migrated: Database, anchor: list[Exported]) -> None:
    assert (await verdict(migrated.app_url, anchor, key=None)).first_fault is None
    assert (await verdict(migrated.app_url, anchor, key=OTHER_KEY)).first_fault is not None


async def test_what_leaves_the_house_holds_no_ids_and_no_counts(migrated: Database, anchor: list[Exported]) -> None:
    connection = await asyncpg.connect(migrated.app_url)
    rows = await connection.fetch("SELECT key, value FROM outbox WHERE topic = $1 ORDER BY place", TOPIC)
    await connection.close()

    assert [Exported.model_validate_json(row["value"]) for row in rows] == anchor
    assert {row["key"] for row in rows} == {b"checkpoint"}
    assert set(Exported.model_fields) == {"at", "key_id", "previous", "root", "signature"}
    assert all(KEY.fits(each.signed(), bytes.fromhex(each.signature)) for each in anchor)


async def test_a_lawful_destruction_leaves_everything_good(own_database: Database, pool: asyncpg.Pool) -> None:
    await write(pool, KEY)
    application = a_store(pool, KEY)
    async with application.begin() as tx:
        await tx.lock([STREAMS[2]])
        await tx.destroy(STREAMS[2], [1, 2, 4], list_item="4.1", by=BY, at=DINSDAG_0900)

    found = await verdict(own_database.app_url, [])

    assert found.first_fault is None
    assert found.destroyed == 2 + 4
    await append(application, STREAMS[2], [note("het leven gaat door")])
    assert (await verdict(own_database.app_url, [])).first_fault is None


async def test_the_application_role_can_not_destroy_without_a_signed_fact(
    own_database: Database, pool: asyncpg.Pool
) -> None:
    await write(pool, KEY)
    forger = a_store(pool, OTHER_KEY)
    async with forger.begin() as tx:
        await tx.lock([STREAMS[0]])
        await tx.destroy(STREAMS[0], [2], list_item="4.1", by=BY, at=DINSDAG_0900)
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("SELECT destroy_texts($1, ARRAY['3/text'], '{}'::bytea, ''::bytea)", STREAMS[1])

    fault = (await verdict(own_database.app_url, [])).first_fault

    assert fault is not None
    assert (fault.stream, fault.version, fault.what) == (STREAMS[0], 2, "tekst ontbreekt zonder vernietiging")
    assert DESTROYED[0] != STREAMS[0]
