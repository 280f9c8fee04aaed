"""Bytes in a topic become incidents in the database, each receipt once, whoever dies in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from typing_extensions import override

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.kafka.producer import Message
from adapters.store.store import PgStore
from domain.events.core import Mode
from tests.arriving import a_post, an_alert
from tests.integration.streams.street import OVERFLOW, RECEIVED, Street
from tests.waiting import until
from usecases.receipt_wire import to_wire


async def test_bytes_become_an_incident_and_an_announcement(street: Street) -> None:
    async with street.intake():
        await street.put([street.receipt(), street.receipt()])
        await street.has_outcomes(2)

    incident = await street.pool.fetchrow("SELECT municipality, state->>'opened_by' AS by FROM incident")
    assert incident is not None
    assert (incident["municipality"], incident["by"]) == ("GM0344", "signaal")
    assert await street.value("SELECT count(*) FROM outbox WHERE topic = 'live.signals.accepted'") == 2
    assert await street.value("SELECT count(*) FROM evidence") == 1
    assert await street.value("SELECT count(*) FROM duty") > 0
    assert await street.waiting() == 0


async def test_a_large_body_comes_from_the_database(street: Street) -> None:
    receipt = street.receipt()
    reference = receipt.receipt_id
    await street.pool.execute("INSERT INTO raw_body (reference, body) VALUES ($1, $2)", reference, receipt.body)
    wires = [to_wire(receipt, reference), to_wire(street.receipt(), street.door)]
    async with street.intake():
        await street.producer.send_many(Message(RECEIVED, each.key, each.value, each.headers) for each in wires)
        await street.has_outcomes(2)

    assert await street.outcomes() == {1: "read", 2: "quarantined"}


async def test_what_is_not_ours_is_parked_with_its_bytes_and_the_rest_goes_on(street: Street) -> None:
    async with street.intake():
        await street.producer.send(RECEIVED, b"bron-1", b"van iemand anders", {"vreemd": "ja"})
        await street.producer.send(RECEIVED, b"bron-1", None)
        await street.producer.send(RECEIVED, b"bron-1", b"x", {"receipt": '{"door": "\\u0000"}'})
        await street.put([street.receipt(a_post(an_alert(name="\x00\ud800", extra="\x00")))])
        await street.has_outcomes(1)

    assert await street.outcomes() == {1: "read"}
    raws = {row["raw"] for row in await street.pool.fetch("SELECT raw FROM quarantine")}
    assert raws == {b"van iemand anders", b"", b"x"}
    assert await street.tally("quarantined") == 3


class CommitsAndHangs(PgStore):
    """Dies after a commit, before anybody hears of it."""

    committed = False

    @override
    @asynccontextmanager
    async def begin_intake(self) -> AsyncIterator[Any]:
        async with super().begin_intake() as tx:
            yield tx
        self.committed = True
        await asyncio.Event().wait()


async def test_dying_between_the_commit_and_anything_else_doubles_nothing(street: Street) -> None:
    dying = CommitsAndHangs(street.pool, Mode.LIVE, TimeOrderedIds(SystemClock()).new)

    async def committed() -> bool:
        return dying.committed

    await street.put([street.receipt() for _ in range(20)])
    async with street.intake(dying):
        await until(committed, within=90, what="a batch is committed")
    await street.put([street.receipt() for _ in range(5)])
    async with street.intake():
        await street.has_outcomes(25)

    assert await street.tally("read") == 25
    assert await street.tally("in_incidents") == 25
    assert await street.tally("redelivered") == 0
    assert await street.value("SELECT count(*) FROM incident") == 1


async def test_processes_that_are_killed_leave_one_outcome_each(street: Street) -> None:
    first, second = street.start_process(), street.start_process()
    processes = [first, second]
    try:
        # Both die within one session of the group: so long the broker lets their partitions wait, once.
        await street.put([street.receipt(source=f"bron-{each % 30}") for each in range(1000)])
        for each in range(2):
            await street.has_outcomes(50 + each * 100)
            processes[each].kill()
            processes[each].wait()
            processes[each] = street.start_process()
        await street.has_outcomes(1000)
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(20) for process in processes]

    assert codes[0] == 0, "the one that has run for a while stops cleanly"
    assert await street.tally("read") == 1000
    assert await street.tally("signals") == 1000
    assert await street.value("SELECT count(*) FROM signal") == 1000
    assert await street.tally("in_incidents") + await street.tally("duplicates") == 1000
    assert await street.waiting() == 0


async def test_two_intakes_share_the_partitions(street: Street) -> None:
    async with street.intake(), street.intake():
        for _ in range(10):
            await street.put([street.receipt(source=f"bron-{each}") for each in range(24)])
        await street.has_outcomes(240)

    assert await street.tally("read") == 240
    assert await street.tally("redelivered") == 0
    assert await street.value("SELECT count(*) FROM incident") == 1


async def test_the_overflow_is_read_when_there_is_time(street: Street) -> None:
    async with street.intake():
        await street.put([street.receipt() for _ in range(3)], OVERFLOW)
        await street.has_outcomes(3)

    assert await street.waiting() == 0
