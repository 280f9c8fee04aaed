"""The relay's rounds: what a fact becomes, and that nothing is moved before the broker has it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from domain.errors import AwayError, MessageTooLargeError
from domain.events.core import Mode
from domain.events.organisation import BronIngetrokken
from domain.incidents import Incident
from domain.tlp import Tlp
from tests.builders import an_id, an_incident, recorded
from tests.facts_of_every_kind import INCIDENT_FACTS
from usecases import publish
from usecases.cloudevents import NO_OIN, Envelope, Numbered
from usecases.publish import Fact, Message, Placed, Relay, messages_of, once

STREAM = f"incident:{an_id(1)}"
CRISIS = INCIDENT_FACTS[14]


class BrokerAwayError(AwayError):
    """The broker is away."""


@dataclass
class Topics:
    """A broker that takes everything, or nothing."""

    away: bool = False
    largest: int = 1_000_000
    sent: list[Message] = field(default_factory=list)

    async def send_many(self, messages: Sequence[Message]) -> None:
        if self.away:
            raise BrokerAwayError
        if any(len(message.value or b"") > self.largest for message in messages):
            raise MessageTooLargeError
        self.sent += messages


@dataclass
class FakeTurn:
    """Facts and rows that wait."""

    waiting: list[Fact] = field(default_factory=list)
    rows: list[Placed] = field(default_factory=list)
    position: int = 0

    async def facts(self, limit: int) -> tuple[int, Sequence[Fact]]:
        found = [fact for fact in self.waiting if fact.numbered.number > self.position][:limit]
        return (found[-1].numbered.number if found else 0), found

    async def moved(self, number: int) -> None:
        self.position = number

    async def outbox(self, limit: int) -> Sequence[Placed]:
        return self.rows[:limit]

    async def sent(self, places: Iterable[int]) -> None:
        gone = set(places)
        self.rows = [row for row in self.rows if row.place not in gone]


def a_fact(number: int, incident: Incident | None, stream: str = STREAM) -> Fact:
    """A numbered crisis."""
    fact = recorded(CRISIS, number, stream=stream)
    data = CRISIS.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
    envelope = Envelope.model_validate(fact.model_dump(exclude={"event"}) | {"data": data})
    return Fact(Numbered(number=number, envelope=envelope), incident)


def a_relay(topics: Topics, turn: FakeTurn, parked: list[tuple[str, Mapping[str, str | int]]] | None = None) -> Relay:
    """A relay that never needs to wake; `parked` gets what it could not send."""

    async def asleep() -> None:
        raise AssertionError("a round never sleeps")

    async def park(reason: str, reference: Mapping[str, str | int]) -> None:
        assert parked is not None, "nothing is parked here"
        parked.append((reason, reference))

    return Relay(store=turn, broker=topics, mode=Mode.LIVE, wake=asleep, parked=park, oin=NO_OIN)  # type: ignore[arg-type]  # a round asks no store


def topics_of(fact: Fact) -> list[str]:
    """Where a fact goes."""
    return [message.topic for message in messages_of(fact, mode=Mode.LIVE, oin=NO_OIN)]


async def test_facts_go_in_order_and_the_position_follows() -> None:
    topics, turn = Topics(), FakeTurn([a_fact(n, an_incident()) for n in (1, 2, 3)])
    turn.rows = [Placed(7, Message("live.picture.cards", b"x", b"1", {})), Placed(8, Message("t", b"x", b"2", {}))]

    assert not await once(a_relay(topics, turn), turn)

    assert (turn.position, turn.rows) == (3, [])
    assert [message.key for message in topics.sent] == [STREAM.encode()] * 3 + [b"x", b"x"]


async def test_with_the_broker_away_nothing_moves() -> None:
    topics, turn = Topics(away=True), FakeTurn([a_fact(1, an_incident())], [Placed(7, Message("t", b"x", b"1", {}))])

    with pytest.raises(AwayError):
        await once(a_relay(topics, turn), turn)

    assert (turn.position, len(turn.rows)) == (0, 1)


async def test_a_full_batch_means_that_there_may_be_more() -> None:
    topics = Topics()
    turn = FakeTurn([a_fact(n, None) for n in range(1, publish.BATCH + 2)])
    assert await once(a_relay(topics, turn), turn)
    assert turn.position == publish.BATCH


async def test_what_is_too_large_is_parked_and_the_rest_goes_on() -> None:
    topics, parked = Topics(largest=10), list[tuple[str, Mapping[str, str | int]]]()
    turn = FakeTurn(rows=[Placed(place, Message("t", b"x", b"1" * place, {})) for place in (9, 11, 10)])

    await once(a_relay(topics, turn, parked), turn)

    assert (turn.rows, parked) == ([], [("relay-too-large", {"topic": "t", "place": 11})])
    assert [len(message.value or b"") for message in topics.sent] == [9, 10]


async def test_of_a_fact_that_is_too_large_a_reference_goes() -> None:
    long, after = a_fact(1, an_incident()), a_fact(2, None)
    long.numbered.envelope.data["services"] = ["burgerzaken"] * 100
    (short,) = messages_of(after, mode=Mode.LIVE, oin=NO_OIN)
    topics, parked = Topics(largest=1000), list[tuple[str, Mapping[str, str | int]]]()
    turn = FakeTurn([long, after])

    await once(a_relay(topics, turn, parked), turn)

    assert parked == [("relay-too-large", {"topic": "live.incidents.events", "number": 1})]
    assert [b'"stroom":' in (message.value or b"") for message in topics.sent] == [True, True]
    assert (topics.sent[-1], turn.position) == (short, 2)


async def test_what_this_version_cannot_read_goes_as_a_reference_once_and_is_told() -> None:
    topics, parked = Topics(), list[tuple[str, Mapping[str, str | int]]]()
    strange = replace(a_fact(1, an_incident(CRISIS)), unreadable=True)
    turn = FakeTurn([strange, replace(a_fact(2, None, "lane:politie:1"), unreadable=True)])

    await once(a_relay(topics, turn, parked), turn)

    assert parked == [("relay-unreadable", {"topic": "live.incidents.events", "number": 1})]
    (message,) = topics.sent
    assert b"burgemeester" not in (message.value or b"")
    assert turn.position == 2


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        (an_incident(), ["live.incidents.events"]),
        (an_incident(CRISIS), ["live.incidents.events", "live.incidents.published"]),
        (an_incident(CRISIS, tlp=Tlp.AMBER_STRICT), ["live.incidents.events"]),
        (an_incident(CRISIS, tlp=Tlp.RED), ["live.incidents.events"]),
        (None, ["live.incidents.events"]),
    ],
)
def test_only_shared_facts_leave_the_house(incident: Incident | None, expected: list[str]) -> None:
    assert topics_of(a_fact(1, incident)) == expected


def test_organisations_and_closed_lanes_reach_no_topic() -> None:
    assert BronIngetrokken(source_id="x").type.startswith("nl.organisaties.")
    assert topics_of(a_fact(1, None, "organisation:gemeente:GM0344")) == []
    assert topics_of(a_fact(1, an_incident(), "lane:politie:1")) == []


def test_a_restricted_fact_is_a_reference_and_an_open_one_has_its_data() -> None:
    (red,) = messages_of(a_fact(1, an_incident(tlp=Tlp.RED)), mode=Mode.LIVE, oin=NO_OIN)
    (open_,) = messages_of(a_fact(1, an_incident()), mode=Mode.LIVE, oin=NO_OIN)
    assert b"burgemeester" not in (red.value or b"")
    assert b"burgemeester" in (open_.value or b"")
