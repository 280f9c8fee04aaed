"""The door: whatever is away, every 202 stands somewhere with a number, and every number is answered or voided."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from domain.errors import AwayError
from tests.builders import DINSDAG_0900
from tests.fakes import FakeClock, FakeIds
from tests.waiting import until
from usecases.access.ports import Source
from usecases.door_numbers import DoorNumbers
from usecases.known_sources import Known
from usecases.receipt_wire import LARGEST_BODY, NeedsBody, Wire, from_wire
from usecases.receipts import Receipt
from usecases.receive import Door, DoorParts, NowhereError, Post, SpoolFullError

DOOR = UUID(int=7)
KNOWN = Known(
    source=Source(source_id="bron:1", organisation="gemeente:GM0344", label="monitoring", created_at=DINSDAG_0900),
    checked_at=DINSDAG_0900,
)


@dataclass
class World:
    """Kafka, the spool and the database of one door."""

    kafka: list[Wire] = field(default_factory=list)
    spooled: list[Wire] = field(default_factory=list)
    bodies: dict[UUID, bytes] = field(default_factory=dict)
    answered: int = 0
    voided: set[int] = field(default_factory=set)
    writes: int = 0
    kafka_away: bool = False
    kafka_holds: asyncio.Event | None = None
    database_away: bool = False
    spool_full: bool = False

    async def send(self, wire: Wire) -> None:
        if self.kafka_holds is not None:
            await self.kafka_holds.wait()
        if self.kafka_away:
            raise AwayError
        self.kafka.append(wire)

    async def keep(self, wire: Wire) -> bool:
        self._present()
        if not self.spool_full:
            self.spooled.append(wire)
        return not self.spool_full

    async def put_aside(self, reference: UUID, body: bytes) -> None:
        self._present()
        self.bodies[reference] = body

    async def store(self, door: UUID, answered: int, voided: Collection[int]) -> None:
        assert door == DOOR
        await asyncio.sleep(0)
        self._present()
        self.writes += 1
        self.answered = answered
        self.voided |= set(voided)

    def _present(self) -> None:
        if self.database_away:
            raise AwayError


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def numbers(world: World) -> DoorNumbers:
    return DoorNumbers(DOOR, world)


@pytest.fixture
def door(world: World, numbers: DoorNumbers) -> Door:
    parts = DoorParts(queue=world, spool=world, bodies=world, clock=FakeClock(DINSDAG_0900), ids=FakeIds())
    return Door(parts, numbers)


def a_post(body: bytes = b"{}") -> Post:
    return Post(body=body, media_type="application/json", hint=None, headers={})


def read(wire: Wire) -> Receipt | NeedsBody:
    return from_wire([(name, value.encode()) for name, value in wire.headers.items()], wire.value)


def number_of(wire: Wire) -> int:
    found = read(wire)
    return found.number if isinstance(found, Receipt) else found.receipt.number


async def test_a_receipt_travels_whole_under_its_number(door: Door, world: World) -> None:
    receipt_id = await door.receive(KNOWN, a_post(b'{"titel": "uitval"}'))

    (wire,) = world.kafka
    found = read(wire)
    assert isinstance(found, Receipt)
    assert (found.receipt_id, found.number, found.body) == (receipt_id, 1, b'{"titel": "uitval"}')
    assert wire.key == b"bron:1"
    assert (world.answered, world.voided) == (1, set())
    assert door.is_under_way(receipt_id, "gemeente:GM0344")
    assert not door.is_under_way(receipt_id, "gemeente:GM0310")


async def test_requests_that_finish_together_share_a_write(door: Door, world: World) -> None:
    await asyncio.gather(*(door.receive(KNOWN, a_post()) for _ in range(100)))

    assert world.answered == 100
    assert world.writes < 10


async def test_nobody_is_answered_before_an_earlier_number_is_finished(numbers: DoorNumbers, world: World) -> None:
    first, second = numbers.take(), numbers.take()
    waits = asyncio.create_task(numbers.done(second))
    await asyncio.sleep(0)
    assert not waits.done()
    assert world.answered == 0

    numbers.void(first)
    await waits
    assert (world.answered, world.voided) == (2, {1})


async def test_without_kafka_it_stands_in_the_spool_under_the_same_number(door: Door, world: World) -> None:
    world.kafka_away = True
    await door.receive(KNOWN, a_post())
    await door.receive(KNOWN, a_post())

    assert [number_of(wire) for wire in world.spooled] == [1, 2]
    assert (world.answered, world.voided) == (2, set())


async def test_what_kafka_does_not_acknowledge_in_time_goes_to_the_spool_and_a_late_copy_has_its_number(
    door: Door, world: World
) -> None:
    world.kafka_holds = asyncio.Event()
    await door.receive(KNOWN, a_post())
    assert [number_of(wire) for wire in world.spooled] == [1]

    world.kafka_holds.set()

    async def arrived() -> bool:
        return bool(world.kafka)

    await until(arrived, within=2, what="the late copy arrives")
    assert [number_of(wire) for wire in world.kafka] == [1]


async def test_a_full_spool_refuses_and_voids_the_number(door: Door, world: World) -> None:
    world.kafka_away, world.spool_full = True, True
    with pytest.raises(SpoolFullError):
        await door.receive(KNOWN, a_post())

    world.kafka_away = False
    await door.receive(KNOWN, a_post())
    assert (world.answered, world.voided) == (2, {1})


async def test_without_the_database_kafka_is_enough_and_the_number_is_stored_later(
    door: Door, numbers: DoorNumbers, world: World
) -> None:
    world.database_away = True
    await door.receive(KNOWN, a_post())
    await door.receive(KNOWN, a_post())
    assert [number_of(wire) for wire in world.kafka] == [1, 2]
    assert world.answered == 0

    world.database_away = False
    await numbers.flush()
    assert world.answered == 2


async def test_with_both_away_nothing_is_promised(door: Door, numbers: DoorNumbers, world: World) -> None:
    world.database_away, world.kafka_away = True, True
    with pytest.raises(NowhereError):
        await door.receive(KNOWN, a_post())

    world.database_away = False
    await numbers.flush()
    assert (world.answered, world.voided) == (1, {1})


async def test_a_large_body_stays_in_the_database(door: Door, world: World) -> None:
    body = b"x" * (LARGEST_BODY + 1)
    await door.receive(KNOWN, a_post(body))

    (wire,) = world.kafka
    found = read(wire)
    assert isinstance(found, NeedsBody)
    assert (world.bodies[found.reference], wire.value) == (body, b"")


async def test_a_large_body_needs_the_database_and_takes_no_number(door: Door, world: World) -> None:
    world.database_away = True
    with pytest.raises(NowhereError):
        await door.receive(KNOWN, a_post(b"x" * (LARGEST_BODY + 1)))

    world.database_away = False
    await door.receive(KNOWN, a_post())
    assert (world.answered, world.voided) == (1, set())


async def test_a_request_that_is_cut_off_voids_its_number(door: Door, world: World) -> None:
    world.kafka_holds = asyncio.Event()
    cut = asyncio.create_task(door.receive(KNOWN, a_post()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cut.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut
    world.kafka_holds.set()

    await door.receive(KNOWN, a_post())
    assert (world.answered, world.voided) == (2, {1})


async def test_the_last_numbers_are_stored_when_the_door_closes(door: Door, world: World) -> None:
    world.database_away = True
    await door.receive(KNOWN, a_post())
    world.database_away = False
    keeping = asyncio.create_task(door.keep())
    await asyncio.sleep(0)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping

    assert world.answered == 1
