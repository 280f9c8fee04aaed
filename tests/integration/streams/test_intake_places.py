"""Where the intake reads on: in a topic that was made anew, after loss, and what waited in the spool."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import RecordsToDelete

from adapters.kafka.admin import admin_of
from adapters.kafka.connection import KafkaAwayError, KafkaConnection
from adapters.kafka.producer import Message, Producer
from adapters.store.spool import SpoolRows
from streams.spooled import drain
from tests.integration.streams.street import RECEIVED, Street
from tests.waiting import until
from usecases.positions import TopicAt
from usecases.receipt_wire import Wire, to_wire

TOPIC = TopicAt("live.signals.received", "cluster-1", "topic-1")


async def test_a_topic_that_was_made_anew_is_read_from_its_start(street: Street) -> None:
    async with street.intake():
        await street.put([street.receipt() for _ in range(7)])
        await street.has_outcomes(7)
    await street.make_anew()
    await street.producer.stop()
    await street.put([street.receipt() for _ in range(3)])
    async with street.intake():
        await street.has_outcomes(10)

    assert await street.tally("read") == 10
    assert await street.tally("lost") == 0
    assert await street.waiting() == 0


async def test_a_topic_that_is_made_anew_while_it_is_read(street: Street) -> None:
    async with street.intake():
        await street.put([street.receipt() for _ in range(7)])
        await street.has_outcomes(7)
        await street.make_anew()
        await street.producer.stop()
        await street.put([street.receipt() for _ in range(12)])
        await street.has_outcomes(19)

    assert await street.tally("read") == 19


async def test_messages_that_are_gone_are_counted_as_loss(street: Street) -> None:
    await street.put([street.receipt() for _ in range(9)])
    partition = await _partition(street)
    async with admin_of(street.kafka) as admin:
        await admin.delete_records({partition: RecordsToDelete(before_offset=4)})
    async with street.intake():
        await street.has_outcomes(5)

    assert await street.tally("lost") == 4
    assert await street.tally("read") == 5
    assert sorted(await street.outcomes()) == [5, 6, 7, 8, 9]


async def _partition(street: Street) -> TopicPartition:
    """The partition in which the receipts of our one source stand."""
    consumer = AIOKafkaConsumer(**street.kafka.client_options())
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(RECEIVED, each) for each in range(12)])
    finally:
        await consumer.stop()
    return next(each for each, end in ends.items() if end)


async def test_positions_know_another_topic_and_another_cluster(street: Street) -> None:
    positions = street.positions
    assert await positions.begin(TOPIC, [0, 1]) == {0: 0, 1: 0}
    await street.pool.execute("UPDATE intake_position SET read_to = 40 WHERE partition = 1")
    assert await positions.begin(TOPIC, [0, 1]) == {0: 0, 1: 40}

    other = TopicAt(TOPIC.name, TOPIC.cluster_id, "topic-2")
    assert await positions.read_to(other) == {}
    assert await positions.begin(other, [1]) == {1: 0}
    await street.pool.execute("UPDATE intake_position SET read_to = 9 WHERE partition = 1")
    assert await positions.begin(TopicAt(TOPIC.name, "cluster-2", "topic-2"), [1]) == {1: 0}


async def test_loss_is_counted_once(street: Street) -> None:
    await street.positions.begin(TOPIC, [3])
    for _ in range(2):
        await street.positions.lost(TOPIC.name, 3, read_to=0, earliest=6)

    assert await street.tally("lost") == 6
    assert await street.positions.read_to(TOPIC) == {3: 6}


async def test_what_waited_in_the_spool_goes_to_the_topic_and_is_taken_in(street: Street) -> None:
    spool, stop = SpoolRows(street.pool), asyncio.Event()
    for _ in range(5):
        assert await spool.keep(to_wire(street.receipt()))
    assert await spool.count() == 5

    async def send(wires: object) -> None:
        assert isinstance(wires, list)
        await street.producer.send_many(Message(RECEIVED, each.key, each.value, each.headers) for each in wires)

    async with street.intake():
        draining = asyncio.create_task(drain(spool, send, stop))
        await street.has_outcomes(5)
        stop.set()
        await draining

    assert await spool.count() == 0
    assert set((await street.outcomes()).values()) == {"read"}


async def test_the_spool_keeps_what_was_not_acknowledged(street: Street) -> None:
    spool = SpoolRows(street.pool)
    await spool.keep(Wire(b"bron-1", {"receipt": "é"}, b"\x00\xff"))

    async def away(_wires: object) -> None:
        raise KafkaAwayError

    with pytest.raises(KafkaAwayError):
        await spool.drain(away)
    assert await spool.count() == 1

    got: list[Wire] = []

    async def here(wires: object) -> None:
        assert isinstance(wires, list)
        got.extend(wires)
        assert await spool.drain(away) == 0, "rows that somebody is sending are left alone"

    assert await spool.drain(here) == 1
    assert got == [Wire(b"bron-1", {"receipt": "é"}, b"\x00\xff")]


async def test_a_full_spool_says_so(street: Street) -> None:
    by_rows, by_bytes = SpoolRows(street.pool, most_rows=2), SpoolRows(street.pool, most_bytes=5)
    assert [await by_rows.keep(Wire(b"k", {}, b"v")) for _ in range(3)] == [True, True, False]
    assert not await by_bytes.keep(Wire(b"k", {}, b"1234"))


async def test_a_producer_whose_broker_is_away_says_so_quickly_and_comes_back(street: Street) -> None:
    away = Producer(KafkaConnection("127.0.0.1:1"), ack_seconds=2)
    with pytest.raises(KafkaAwayError):
        await away.send(RECEIVED, b"k", b"v")
    await away.stop()

    async def sent() -> bool:
        await street.producer.send(RECEIVED, b"k", b"v")
        return True

    assert await until(sent, within=10, what="a message is acknowledged")
