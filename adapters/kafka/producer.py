"""The one way into a topic: a message is there when the broker, with all its copies, says so."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer

from adapters.kafka.connection import (
    KafkaAwayError,
    KafkaConnection,
    KafkaRightMissingError,
    translated,
)
from domain.errors import MessageTooLargeError
from usecases.topics import LARGEST_MESSAGE

ACK_SECONDS = 10.0
PAUSE_SECONDS = 1.0
"""After a failed start nobody tries again for so long: a request must not wait for a broker that is away."""
OVERHEAD = 70 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """One message for a topic; `value` None is a tombstone."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str] | None = None


class Producer:
    """Starts when it is first used, and starts anew when the broker comes back.

    `linger_ms=0`: a single urgent message is not kept waiting. Idempotent: a retry makes no copy. A message that was
    not acknowledged in time may still arrive; whoever sends it again must be able to bear a copy.
    """

    def __init__(self, connection: KafkaConnection, *, ack_seconds: float = ACK_SECONDS) -> None:
        self._connection = connection
        self._seconds = ack_seconds
        self._producer: Any = None
        self._starting = asyncio.Lock()
        self._not_before = 0.0

    async def start(self) -> None:
        """Connect now. Raises KafkaAwayError; the next message tries again by itself."""
        await self._started()

    async def stop(self) -> None:
        """Deliver what waits, within the time for an acknowledgement, and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.flush(), self._seconds)
            except TimeoutError:
                _give_up(producer)
            await producer.stop()

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Wait for the acknowledgement. Raises KafkaAwayError, TopicMissingError or MessageTooLargeError."""
        await self.send_many([Message(topic, key, value, headers)])

    async def send_many(self, messages: Iterable[Message]) -> None:
        """Wait for the acknowledgement of all, in order per key. After a fault any of them may be there already."""
        together = list(messages)
        if any(len(message.value or b"") > LARGEST_MESSAGE for message in together):
            raise MessageTooLargeError
        producer = await self._started()
        try:
            with translated():
                async with asyncio.timeout(self._seconds):
                    waiting = [await self._put(producer, message) for message in together]
                    await asyncio.gather(*waiting)
        # What the broker refused has used a number of the idempotent producer: with that gap nothing else would go.
        except (KafkaAwayError, KafkaRightMissingError, MessageTooLargeError):
            await self._drop(producer)
            raise

    async def _put(self, producer: Any, message: Message) -> "asyncio.Future[object]":
        headers = [(name, value.encode()) for name, value in (message.headers or {}).items()]
        future: asyncio.Future[object] = await producer.send(
            message.topic, key=message.key, value=message.value, headers=headers
        )
        return future

    async def _started(self) -> Any:
        if self._producer is not None:
            return self._producer
        async with self._starting:
            if self._producer is None:
                self._producer = await self._new()
            return self._producer

    async def _new(self) -> Any:
        clock = asyncio.get_running_loop().time
        if clock() < self._not_before:
            raise KafkaAwayError
        producer = AIOKafkaProducer(
            **self._connection.client_options(),
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_request_size=LARGEST_MESSAGE + OVERHEAD,
            request_timeout_ms=int(self._seconds * 1000),
        )
        try:
            with translated():
                await asyncio.wait_for(producer.start(), self._seconds)
        except Exception:
            self._not_before = clock() + PAUSE_SECONDS
            await producer.stop()
            raise
        return producer

    async def _drop(self, producer: Any) -> None:
        """Forget a producer that got no answer, with all that waits in it: nobody waits for it any more."""
        if self._producer is producer:
            self._producer = None
            _give_up(producer)
            await producer.stop()


def _give_up(producer: Any) -> None:
    """Without this an idempotent producer waits for ever for a broker that does not come back."""
    producer._message_accumulator.fail_all(KafkaAwayError())  # noqa: SLF001 - there is no public way
