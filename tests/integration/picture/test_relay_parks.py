"""One row that can not go never stops the relay: it is parked with an alarm, everything else arrives."""

import json
from typing import Any
from uuid import uuid4

import asyncpg

from adapters.store.heartbeats import Heartbeats
from tests.integration.picture.chain import CARDS, EVENTS, Chain, reading
from tests.waiting import until
from usecases.topics import LARGEST_MESSAGE

CLIENT_REFUSES, BROKER_REFUSES = LARGEST_MESSAGE + 1, LARGEST_MESSAGE
"""A value of exactly the limit is too large together with its key: that only the broker sees."""
FACT = (
    "INSERT INTO event (stream_id, version, event_id, type, recorded_at, envelope, previous, hash)"
    " VALUES ($1, 1, $2, 'nl.incidenten.van-morgen', now(), $3, 'x', 'y')"
)
IDLE = "SELECT place FROM outbox WHERE topic NOT LIKE '%.signals.%' ORDER BY place LIMIT 500"


async def test_too_large_rows_are_left_out_and_the_others_go(chain: Chain) -> None:
    async with reading(chain.kafka, CARDS) as found:
        for number, size in enumerate((10, CLIENT_REFUSES, 11, BROKER_REFUSES, 12)):
            row = (CARDS, str(number).encode(), b"1" * size)
            await chain.pool.execute("INSERT INTO outbox (topic, key, value) VALUES ($1, $2, $3)", *row)
        async with chain.relaying() as states:
            await until(lambda: _empty(chain), within=20, what="the outbox is empty")
            await until(lambda: _with_keys(found, {b"0", b"2", b"4"}), within=10, what="the others arrive")

    assert "away" not in states
    alarm = (await Heartbeats(chain.pool).read())["alarm:relay-too-large"].detail
    assert alarm["count"] == 2
    assert alarm["newest"] == {"topic": CARDS, "place": alarm["newest"]["place"]}


async def test_facts_of_another_version_go_as_a_reference(chain: Chain) -> None:
    strange = [f"incident:{uuid4()}" for _ in range(3)]
    async with reading(chain.kafka, EVENTS) as found:
        for stream, envelope in zip(strange, (b"{}", b"\xff", b'{"data": {"type": "x"}}'), strict=True):
            await _written(chain, stream, envelope)
        after = await chain.report()
        async with chain.relaying():
            await until(lambda: _with_keys(found, {f"incident:{after}".encode()}), within=20, what="goes on")
            await until(lambda: _parked(chain, "alarm:relay-unreadable", 3), within=10, what="all three are told")

    events = {event["subject"]: event for event in (json.loads(record.value) for record in found)}
    for stream in strange:
        assert events[stream]["tlp"] == "TLP:RED"
        assert events[stream]["data"] == {"stroom": stream, "versie": 1, "type": "nl.incidenten.van-morgen"}


async def test_with_many_announcements_the_idle_look_reads_an_index(chain: Chain) -> None:
    connection = await asyncpg.connect(chain.database.owner_url)
    await connection.execute(
        "INSERT INTO outbox (topic, key) SELECT 'live.signals.accepted', 'x' FROM generate_series(1, 20000)"
    )
    await connection.execute("ANALYZE outbox")
    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {IDLE}"))
    await connection.execute("DELETE FROM outbox")
    await connection.close()
    assert "outbox_urgent" in plan


async def _written(chain: Chain, stream: str, envelope: bytes) -> None:
    """A fact that a newer version wrote."""
    await chain.pool.execute(FACT, stream, uuid4(), envelope)
    await chain.pool.execute("INSERT INTO unnumbered (stream_id, version) VALUES ($1, 1)", stream)


async def _empty(chain: Chain) -> bool:
    return bool(await chain.pool.fetchval("SELECT count(*) FROM outbox") == 0)


async def _parked(chain: Chain, name: str, count: int) -> bool:
    alarm = (await Heartbeats(chain.pool).read()).get(name)
    return alarm is not None and alarm.detail["count"] == count


async def _with_keys(found: list[Any], keys: set[bytes]) -> bool:
    return keys <= {record.key for record in found}
