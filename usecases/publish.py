"""The relay: what is committed goes to the topics, facts in the order of their numbers, the outbox in order of place.

One relay works at a time. It moves its position only after the broker's acknowledgement: after a crash a message may
come twice, but none is left out and the first copies of a key are in order.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from domain.errors import AwayError, MessageTooLargeError
from domain.events.core import Mode
from domain.incidents import Incident
from domain.tlp import Tlp
from usecases import cloudevents, published
from usecases.cloudevents import Envelope, Numbered
from usecases.topics import Topic, name_of

BATCH = 500
TOO_LARGE, UNREADABLE = "relay-too-large", "relay-unreadable"
"""Why something was parked."""
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Waits (seconds) while database or broker is away; the last one repeats."""
STREAMS = ("incident:", "execution:")
"""Only these streams are published: accounts, registers and closed lanes reach no topic."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message for a topic; `value` None is a tombstone."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """A numbered fact and the state of its incident now; None when there is no such row.

    `unreadable`: this version of the product can not read it, or its incident; no more than a reference leaves.
    """

    numbered: Numbered
    incident: Incident | None
    unreadable: bool = False


@dataclass(frozen=True)
class Placed:
    """A row of the outbox."""

    place: int
    message: Message


@dataclass(frozen=True)
class Sending:
    """A message on its way. `reference`: how people find it, never content. `fact`: what it was made of."""

    reference: Mapping[str, int]
    message: Message
    fact: Fact | None = None


class Turn(Protocol):
    """Being the one relay. Every method raises AwayError when the connection that holds the turn is gone."""

    async def facts(self, limit: int) -> tuple[int, Sequence[Fact]]:
        """Number what is committed; the facts after the position in order, and the number up to which they reach."""
        ...

    async def moved(self, number: int) -> None:
        """Facts up to this number are with the broker."""
        ...

    async def outbox(self, limit: int) -> Sequence[Placed]:
        """Rows in order of place; what people wait for comes before announcements about signals."""
        ...

    async def sent(self, places: Iterable[int]) -> None:
        """These rows are with the broker."""
        ...


class PublishStore(Protocol):
    """Where turns come from."""

    def turn(self) -> AbstractAsyncContextManager[Turn | None]:
        """Be the one relay while the block runs; None when another is."""
        ...


class Broker(Protocol):
    """The way into the topics."""

    async def send_many(self, messages: Sequence[Message]) -> None:
        """Wait for the acknowledgement of all; in order per key. Raises AwayError or MessageTooLargeError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Relay:
    """What publishing needs. `wake` returns when there may be something new.

    `parked` hears of each message that can not go as it is: the reason and a reference. One row never stops the rest.
    """

    store: PublishStore
    broker: Broker
    mode: Mode
    wake: Callable[[], Awaitable[object]]
    parked: Callable[[str, Mapping[str, str | int]], Awaitable[None]]
    oin: str
    told: Callable[[str], None] = lambda _state: None
    """Hears `active`, `stand-by` or `away`."""


async def run(relay: Relay) -> None:
    """Publish until cancelled. Away is waited for; anything else escapes."""
    failures = 0
    while True:
        try:
            async with relay.store.turn() as turn:
                if turn is None:
                    relay.told("stand-by")
                else:
                    failures = await _publish(relay, turn, failures)
        except AwayError:
            relay.told("away")
        await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
        failures += 1


async def _publish(relay: Relay, turn: Turn, failures: int) -> int:
    """Publish while it is our turn. With the broker away the turn is kept; the database away ends it."""
    while True:
        relay.told("active")
        try:
            more = await once(relay, turn)
        except AwayError:
            relay.told("away")
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            if failures >= len(PAUSES):
                raise
            failures += 1
            continue
        failures = 0
        if not more:
            await relay.wake()


async def once(relay: Relay, turn: Turn) -> bool:
    """One round: facts, then the outbox. Whether there may be more at this moment."""
    facts = await publish_facts(relay, turn)
    rows = await turn.outbox(BATCH)
    if rows:
        await _send(relay, [Sending({"place": row.place}, row.message) for row in rows])
        await turn.sent([row.place for row in rows])
    return facts or len(rows) == BATCH


async def publish_facts(relay: Relay, turn: Turn) -> bool:
    """Send the facts after the position. Whether there may be more."""
    number, facts = await turn.facts(BATCH)
    sendings = [
        Sending({"number": fact.numbered.number}, message, fact)
        for fact in facts
        for message in messages_of(fact, mode=relay.mode, oin=relay.oin)
    ]
    if sendings:
        await _send(relay, sendings)
    for each in sendings:
        if each.fact is not None and each.fact.unreadable:
            await relay.parked(UNREADABLE, {"topic": each.message.topic, **each.reference})
    if number:
        await turn.moved(number)
    return len(facts) == BATCH


async def _send(relay: Relay, sendings: Sequence[Sending]) -> None:
    """Send all of them; when one is too large each goes by itself, so that the others do not wait for it."""
    try:
        await relay.broker.send_many([each.message for each in sendings])
    except MessageTooLargeError:
        for each in sendings:
            await _send_alone(relay, each)


async def _send_alone(relay: Relay, sending: Sending) -> None:
    """Send one; what is too large is parked, and of a fact a reference goes: readers look in the log anyway."""
    try:
        await relay.broker.send_many([sending.message])
    except MessageTooLargeError:
        await relay.parked(TOO_LARGE, {"topic": sending.message.topic, **sending.reference})
        if sending.fact is not None:
            short = messages_of(replace(sending.fact, unreadable=True), mode=relay.mode, oin=relay.oin)
            await relay.broker.send_many([each for each in short if each.topic == sending.message.topic])


def messages_of(fact: Fact, *, mode: Mode, oin: str) -> Sequence[Message]:
    """What one fact becomes: nothing, a message for ourselves, and perhaps one for subscribers."""
    envelope = fact.numbered.envelope
    if not envelope.stream_id.startswith(STREAMS):
        return ()
    incident = None if fact.unreadable else fact.incident
    tlp = incident.tlp if incident else None
    value = cloudevents.internal(fact.numbered, oin=oin, tlp=tlp)
    messages = [Message(name_of(Topic.EVENTS, mode), envelope.stream_id.encode(), value, cloudevents.HEADERS)]
    if incident is not None and published.is_published(incident, envelope.type):
        messages.append(_outside(fact.numbered, incident, envelope, mode=mode, oin=oin))
    return messages


def _outside(numbered: Numbered, incident: Incident, envelope: Envelope, *, mode: Mode, oin: str) -> Message:
    data = published.public_data(envelope.data)
    value = cloudevents.event(numbered, oin=oin, tlp=Tlp(incident.tlp), data=data)
    return Message(name_of(Topic.PUBLISHED, mode), str(incident.incident_id).encode(), value, cloudevents.HEADERS)
