"""The relay: in the order of the numbers, nothing left out after a crash, one at a time."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from adapters.kafka.producer import Producer
from adapters.store.listening import Wakeups
from adapters.store.publish_rows import PublishRows
from tests.integration.picture.chain import EVENTS, LIVE, Chain, reading
from tests.waiting import until
from usecases import publish
from wiring.processes.relay import KafkaBroker


def facts(records: Iterable[Any]) -> list[dict[str, Any]]:
    """The CloudEvents among these messages."""
    read = [json.loads(record.value) for record in records if record.key != b"canary"]
    return sorted(read, key=lambda event: event["sequence"])


def first_copies_in_order(records: Iterable[Any]) -> bool:
    """Whether per key the first copy of each fact comes in the order of the numbers."""
    seen: dict[bytes, list[str]] = {}
    for record in sorted(records, key=lambda one: (one.partition, one.offset)):
        mine = seen.setdefault(record.key, [])
        number = json.loads(record.value)["sequence"]
        if number not in mine:
            mine.append(number)
    return all(numbers == sorted(numbers) for numbers in seen.values())


async def test_facts_reach_the_topic_in_number_order_and_without_texts(chain: Chain) -> None:
    async with reading(chain.kafka, EVENTS) as found, chain.relaying():
        incidents = [await chain.report() for _ in range(3)]
        await asyncio.gather(*(chain.change(each) for each in incidents))
        expected = sum((await chain.written()).values())

        await until(lambda: _count(found, expected), within=20, what="all facts are published")

    events = facts(found)
    assert [int(event["sequence"]) for event in events] == list(range(1, expected + 1))
    assert first_copies_in_order(found)
    assert all(event["source"] == "urn:nld:oin:00000000000000000000:systeem:driehoek" for event in events)
    assert all(b"Inloggen burgerzaken" not in record.value and b"erger" not in record.value for record in found)


async def _count(found: list[Any], expected: int) -> bool:
    return len(found) >= expected


class FallsOver:
    """A turn that dies between the acknowledgement of the broker and the moving of the position."""

    def __init__(self, real: publish.Turn) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def moved(self, number: int) -> None:
        raise asyncio.CancelledError(number)


async def test_a_relay_killed_after_sending_sends_again_and_leaves_nothing_out(chain: Chain) -> None:
    async with reading(chain.kafka, EVENTS) as found:
        incident = await chain.report()
        await chain.change(incident)
        work, sender = chain.relay(Wakeups(chain.database.app_url, ["events"]), [])
        try:
            await _die_once(work, PublishRows(chain.pool, LIVE))
            sent = await until(lambda: _facts_of(found, incident), within=10, what="sent before the kill")
        finally:
            await sender.stop()
        async with chain.relaying():
            await until(lambda: _copies(found, incident, 2 * len(sent)), within=10, what="sent again after the kill")
            await chain.change(incident)
            await until(lambda: _versions(found, incident, len(sent) + 1), within=10, what="goes on")

    assert first_copies_in_order(found)
    versions = {event["streamversion"] for event in facts(found) if event["subject"] == f"incident:{incident}"}
    assert versions == set(range(1, len(sent) + 2))


async def _die_once(work: publish.Relay, store: PublishRows) -> None:
    async with store.turn() as turn:
        assert turn is not None
        try:
            await publish.once(work, FallsOver(turn))
        except asyncio.CancelledError:
            return
    raise AssertionError("it lived on")


async def _facts_of(found: list[Any], incident: object) -> list[Any]:
    return [record for record in found if record.key == f"incident:{incident}".encode()]


async def _copies(found: list[Any], incident: object, count: int) -> bool:
    return len(await _facts_of(found, incident)) >= count


async def _versions(found: list[Any], incident: object, count: int) -> bool:
    return len({record.value for record in await _facts_of(found, incident)}) >= count


async def test_one_relay_works_and_the_other_takes_over(chain: Chain) -> None:
    async with reading(chain.kafka, EVENTS) as found, chain.relaying() as second:
        await until(lambda: _told(second, "active"), within=10, what="the first relay works")
        async with chain.relaying() as third:
            await until(lambda: _told(third, "stand-by"), within=10, what="the other one stands by")
            holder = await chain.pool.fetchval(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 724003"
            )
            await chain.pool.execute("SELECT pg_terminate_backend($1)", holder)
            incident = await chain.report()
            await until(lambda: _facts_of(found, incident), within=20, what="facts are published by one of them")

    assert first_copies_in_order(found)


async def _told(states: list[str], state: str) -> bool:
    return state in states


async def test_the_outbox_waits_while_the_broker_is_away(chain: Chain) -> None:
    async with chain.pool.acquire() as sql:
        await sql.execute("INSERT INTO outbox (topic, key, value) VALUES ($1, $2, $3)", EVENTS, b"canary", b"{}")
    nowhere = Producer(type(chain.kafka)("127.0.0.1:1"), ack_seconds=1)
    work, sender = chain.relay(Wakeups(chain.database.app_url, []), [])
    away = replace(work, broker=KafkaBroker(nowhere))
    task = asyncio.create_task(publish.run(away))
    await asyncio.wait([task], timeout=0.5)
    assert await chain.pool.fetchval("SELECT count(*) FROM outbox") == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with chain.relaying():
        await until(lambda: _empty(chain), within=10, what="the outbox is sent")
    await asyncio.gather(nowhere.stop(), sender.stop())


async def _empty(chain: Chain) -> bool:
    return bool(await chain.pool.fetchval("SELECT count(*) FROM outbox") == 0)
