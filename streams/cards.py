"""Reads the cards for one serve process: all partitions, no group, from the end; comes back when the broker does."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from domain.picture import Card
from usecases import canary
from usecases.canary import CANARY_KEY

PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 10.0
log = structlog.get_logger(__name__)


class CardReader:
    """`on_card` and `on_canary` are called in the event loop of `run`.

    What was sent before the first start is not read: who enters a room gets fresh cards from the record. After a
    disconnection it goes on where it was.
    """

    def __init__(
        self,
        client: Mapping[str, Any],
        topic: str,
        *,
        on_card: Callable[[Card], None],
        on_canary: Callable[[datetime], None],
    ) -> None:
        self._client = dict(client)
        self._topic = topic
        self._on_card = on_card
        self._on_canary = on_canary
        self._next: dict[TopicPartition, int] = {}
        self.ready = asyncio.Event()
        """Set once it reads."""

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                await self._read()
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("cards-not-read", reason=str(error) or type(error).__name__)
            self.ready.clear()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _read(self) -> None:
        # Without a group all partitions are assigned.
        consumer = AIOKafkaConsumer(self._topic, **self._client, enable_auto_commit=False, auto_offset_reset="latest")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await consumer.start()
                await self._place(consumer)
            self.ready.set()
            while True:
                found = await consumer.getmany(timeout_ms=1000)
                for place, records in found.items():
                    for record in records:
                        self._take(record)
                        self._next[place] = record.offset + 1
        finally:
            await consumer.stop()

    async def _place(self, consumer: AIOKafkaConsumer) -> None:
        """Every partition at its end, or where we were; where that is gone (a broker made anew), at the end."""
        places = sorted(consumer.assignment())
        if not places:
            raise KafkaError(f"no topic {self._topic}")
        ends = await consumer.end_offsets(places)
        for place in places:
            known = self._next.get(place)
            offset = known if known is not None and known <= ends[place] else ends[place]
            consumer.seek(place, offset)
            self._next[place] = offset

    def _take(self, record: Any) -> None:
        if record.key == CANARY_KEY:
            at = canary.sent_at(record.value)
            if at is not None:
                self._on_canary(at)
            return
        try:
            card = card_of(record.key, record.value, dict(record.headers))
        except (ValidationError, ValueError, KeyError):
            log.exception("card-not-read", offset=record.offset, partition=record.partition)
            return
        self._on_card(card)


def card_of(key: bytes | None, value: bytes | None, headers: Mapping[str, bytes]) -> Card:
    """The card in a message. A tombstone is an empty card; its version stands in the headers.

    Raises ValueError, KeyError or pydantic.ValidationError.
    """
    if value is not None:
        return Card.model_validate_json(value)
    return Card(card_id=(key or b"").decode(), epoch=int(headers["epoch"]), number=int(headers["number"]))
