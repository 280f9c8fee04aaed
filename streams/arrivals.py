"""Messages of a partition become arrivals. What holds no receipt of ours is parked with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from usecases.positions import TopicAt
from usecases.receipt_wire import NeedsBody, NotOurMessageError, from_wire
from usecases.receipts import Arrival, Receipt

DOOR_OF_PARKED = UUID("8a1f3d52-6c0f-4f0e-9a77-0f0d5e6b7c11")
"""Namespace of the doors under which parked messages are counted: one per partition of one very topic."""
UNKNOWN = "onbekend"
NO_BODY = "de inhoud van dit bericht staat niet meer in de database"


class Bodies(Protocol):
    """Where bodies stand that are too large for a topic."""

    async def bodies(self, references: Sequence[UUID]) -> Mapping[UUID, bytes]:
        """Those that are there. Raises AwayError."""
        ...


async def arrivals(bodies: Bodies, topic: TopicAt, records: Iterable[Any]) -> Sequence[Arrival]:
    """The arrivals of these records, in their order."""
    found = [(record, _found(topic, record)) for record in records]
    wanted = [each.reference for _, each in found if isinstance(each, NeedsBody)]
    given = await bodies.bodies(wanted) if wanted else {}
    return [_arrival(record.offset, each, given) for record, each in found]


def _found(topic: TopicAt, record: Any) -> Receipt | NeedsBody | Arrival:
    try:
        return from_wire(record.headers, record.value)
    except NotOurMessageError as error:
        return Arrival(offset=record.offset, receipt=_poison(topic, record), parked=str(error))


def _arrival(offset: int, found: Receipt | NeedsBody | Arrival, given: Mapping[UUID, bytes]) -> Arrival:
    if isinstance(found, Arrival):
        return found
    if isinstance(found, Receipt):
        return Arrival(offset=offset, receipt=found)
    if found.reference not in given:
        return Arrival(offset=offset, receipt=found.receipt, parked=NO_BODY)
    return Arrival(offset=offset, receipt=found.filled(given[found.reference]))


def _poison(topic: TopicAt, record: Any) -> Receipt:
    """A receipt around bytes of somebody else; the same message always gives the same one."""
    door = uuid5(DOOR_OF_PARKED, f"{topic.cluster_id}/{topic.topic_id}/{topic.name}/{record.partition}")
    return Receipt(
        door=door,
        number=record.offset + 1,
        receipt_id=uuid5(door, str(record.offset)),
        source_id=UNKNOWN,
        organisation=UNKNOWN,
        received_at=datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC),
        media_type="application/octet-stream",
        hint=None,
        headers={_plain(name.encode()): _plain(value) for name, value in record.headers},
        body=record.value or b"",
    )


def _plain(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace").replace("\x00", "")
