"""With Kafka away people work on, see each other's changes, and afterwards the topics are complete and in order."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from playwright.async_api import Browser

from tests.acceptance.callers import colleague, machine
from tests.acceptance.instance import Running, instance
from tests.acceptance.people import Person, person
from tests.waiting import until
from usecases.publish import STREAMS
from usecases.topics import PARTITIONS, Topic, name_of

SEEN_MS = 2000
"""So soon does one see what another did; and the second in which the way was still thought good."""
AROUND_MS = 15_000
"""Before the pages know that the chain is dead."""


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """An instance whose broker may be stopped."""
    with instance("--demo") as made:
        yield made


async def test_people_work_on_while_kafka_is_away(chromium: Browser, running: Running) -> None:
    ciso = await person(chromium, running.url, "ciso")
    await ciso.open("/incidenten")
    await ciso.is_live()
    running.hold("kafka")
    try:
        await _others_are_seen(ciso, running)
        await _signals_wait_in_the_spool(running)
        assert running.told_json("status")["ok"] is True
    finally:
        running.let_go("kafka")
    await until(lambda: _settled(running), within=60, what="the spool is empty and the balances are exact")
    await until(lambda: _complete(running), within=30, what="every event is in the topic, in order")


async def _others_are_seen(ciso: Person, running: Running) -> None:
    """Report, decide and finish a task as a colleague; the open page shows it, and says which way it came."""
    async with colleague(running, "ciso") as worker:
        await worker.report("Eerste melding zonder Kafka", "burgerzaken")
        await ciso.page.locator("#incident-list tbody tr").first.wait_for(timeout=AROUND_MS)
        await ciso.sees("rechtstreeks uit het logboek", within_ms=AROUND_MS)
        incident = await worker.report("Tweede melding zonder Kafka", "website")
        await ciso.page.locator(f'#incident-list a[href="/incidenten/{incident}"]').first.wait_for(timeout=SEEN_MS)
        await ciso.open(f"/incidenten/{incident}")
        await ciso.is_live()
        page = f"/incidenten/{incident}/logboek"
        await worker.send(page, page, {"soort": "feit", "tekst": "De website is van het net gehaald"})


async def _signals_wait_in_the_spool(running: Running) -> None:
    async with machine(running) as source:
        for number in range(3):
            await source.post({"id": f"s{number}", "dienst": "belastingen", "titel": "Storing", "ernst": "verstoord"})
        assert len(source.receipts) == 3


async def _settled(running: Running) -> bool:
    told = await asyncio.to_thread(running.command, "ledger", "--json")
    try:
        ledger: dict[str, Any] = json.loads(told.stdout)
    except ValueError:
        return False
    return bool(ledger["balanced"]) and ledger["spooled"] == 0 and ledger["in_flight"] == 0 and ledger["read"] == 3


async def _complete(running: Running) -> bool:
    """The first occurrence of each number per partition rises, and all together they are those of the log."""
    topic = name_of(Topic.EVENTS, running.settings.mode)
    places = [TopicPartition(topic, each) for each in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=running.settings.kafka_bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        first = [await _first_numbers(consumer, place, ends[place]) for place in places]
    finally:
        await consumer.stop()
    assert all(numbers == sorted(numbers) for numbers in first)
    return sorted(number for numbers in first for number in numbers) == await _numbered(running)


async def _numbered(running: Running) -> list[int]:
    """What the log has of the streams that are published."""
    url = running.settings.database_owner_url
    assert url is not None
    connection = await asyncpg.connect(url.get_secret_value())
    rows = await connection.fetch(
        "SELECT number FROM event_number WHERE split_part(stream_id, ':', 1) = ANY($1) ORDER BY number",
        [prefix.rstrip(":") for prefix in STREAMS],
    )
    await connection.close()
    assert rows
    return [row["number"] for row in rows]


async def _first_numbers(consumer: AIOKafkaConsumer, place: TopicPartition, end: int) -> list[int]:
    seen: dict[int, None] = {}
    while await consumer.position(place) < end:
        found = await consumer.getmany(place, timeout_ms=1000)
        for record in found.get(place, ()):
            value = json.loads(record.value)
            if "sequence" in value:
                seen[int(value["sequence"])] = None
    return list(seen)
