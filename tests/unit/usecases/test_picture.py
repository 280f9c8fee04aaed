"""The picture: an agent's cards equal a fresh fold for every kind of fact, in any order, and heal by themselves."""

import json
from datetime import timedelta
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.views.card_data import read
from domain.events import incident as facts
from domain.events.incident import AnyIncidentEvent, IncidentGeopend
from domain.incidents import Incident
from domain.picture import Card, newest
from domain.severity import Severity
from domain.status import Status
from domain.tlp import Tlp
from playbooks import state as executions
from tests.arriving import the_rules
from tests.builders import DINSDAG_0900, an_id, an_incident, recorded
from tests.facts_of_every_kind import EXECUTION_FACTS, INCIDENT_FACTS
from tests.fake_cards import FakeCards
from tests.fakes import FakeClock
from usecases import canary, cloudevents
from usecases.cloudevents import Envelope, Numbered
from usecases.fresh_cards import fresh_cards, heal, suspects
from usecases.picture import Picture, is_sealed, take

TOWN, REGION = "gemeente:GM0344", "vr:VR09"
OWN = f"incident:{an_id(1)}"
IDS = (OWN, TOWN, REGION)


def a_picture() -> tuple[Picture, FakeCards]:
    """A picture over nothing."""
    cards = FakeCards(the_rules())
    return Picture(cards=cards, rules=cards.rules, clock=FakeClock(DINSDAG_0900)), cards


def message(number: int, stream: str) -> tuple[bytes | None, bytes | None]:
    """The CloudEvent of a fact with this number."""
    fact = recorded(INCIDENT_FACTS[0], number, stream=stream)
    envelope = Envelope.model_validate(fact.model_dump(exclude={"event"}) | {"data": {"type": fact.event.type}})
    value = cloudevents.internal(Numbered(number=number, envelope=envelope), oin=cloudevents.NO_OIN, tlp=Tlp.AMBER)
    return stream.encode(), value


async def check(picture: Picture, cards: FakeCards) -> int:
    """Look twice, with nothing in between."""
    return await heal(picture, await suspects(picture, cards))


async def equal(picture: Picture, cards: FakeCards) -> bool:
    """Whether what the agent wrote is what a fresh fold gives."""
    return all(cards.rows[card.card_id].contributions == card.contributions for card in await fresh_cards(picture, IDS))


async def test_for_every_kind_of_fact_the_agents_card_equals_a_fresh_fold() -> None:
    picture, cards = a_picture()
    assert {type(each) for each in INCIDENT_FACTS} == set(get_args(AnyIncidentEvent)) - {IncidentGeopend}
    for count in range(len(INCIDENT_FACTS) + 1):
        incident = an_incident(*INCIDENT_FACTS[:count])
        cards.incidents[incident.incident_id] = incident
        cards.newest = incident.version
        assert await take(picture, [message(incident.version, OWN)]) == []
        assert await equal(picture, cards)
        assert cards.rows[OWN].number == incident.version


async def test_for_every_kind_of_fact_of_a_playbook_too() -> None:
    picture, cards = a_picture()
    cards.incidents[an_id(1)] = an_incident()
    state = None
    for version, event in enumerate(EXECUTION_FACTS, start=1):
        state = executions.evolve(state, recorded(event, version))
        assert state is not None
        cards.executions[state.execution_id] = state
        cards.newest = version + 1
        await take(picture, [message(version + 1, state.stream_id)])
        assert await equal(picture, cards)
    situation = read([cards.rows[TOWN]])
    assert situation.unread == 0
    assert len(situation.situations[0].executions) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(), st.booleans())
async def test_order_and_repetition_change_nothing(seed: int, together: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    picture, cards = a_picture()
    other = an_incident(number=2)
    cards.incidents = {an_id(1): an_incident(*INCIDENT_FACTS[:6]), an_id(2): other}
    cards.newest = 9
    messages = [message(n, OWN) for n in range(1, 8)] + [message(n, other.stream_id) for n in (8, 9)]
    random = Random(seed)  # noqa: S311 - a test
    arrived = random.choices(messages, k=12) + messages
    random.shuffle(arrived)
    for batch in [arrived] if together else [[each] for each in arrived]:
        await take(picture, batch)

    assert await equal(picture, cards)
    kept: dict[str, Card] = {}
    for card in random.sample(cards.published, len(cards.published)):
        kept[card.card_id] = newest(kept.get(card.card_id, card), card)
    assert all(kept[each].contributions == cards.rows[each].contributions for each in IDS)


async def test_a_reader_takes_an_older_fact_of_another_stream_that_comes_later() -> None:
    picture, cards = a_picture()
    second = an_incident(number=2)
    cards.incidents = {an_id(1): an_incident()}
    await take(picture, [message(10, OWN)])
    before = cards.rows[TOWN]
    cards.incidents[an_id(2)] = second
    await take(picture, [message(8, second.stream_id)])

    assert newest(before, cards.rows[TOWN]).contributions.keys() == {OWN, second.stream_id}


async def test_a_lost_a_late_and_a_wrong_card_heal() -> None:
    picture, cards = a_picture()
    cards.incidents[an_id(1)] = an_incident()
    cards.newest = 1
    await take(picture, [message(1, OWN)])
    assert await check(picture, cards) == 0

    wrong = cards.rows[TOWN]
    cards.rows[TOWN] = wrong.model_copy(update={"contributions": {}})
    del cards.rows[REGION]
    assert await check(picture, cards) == 2
    assert await equal(picture, cards)
    emptied = wrong.model_copy(update={"contributions": {}})
    assert newest(emptied, cards.rows[TOWN]) is cards.rows[TOWN]


async def test_a_card_that_is_only_late_is_left_to_the_agent() -> None:
    picture, cards = a_picture()
    cards.incidents[an_id(1)] = an_incident()
    cards.newest = 1
    seen = await suspects(picture, cards)
    await take(picture, [message(1, OWN)])

    assert seen.keys() == set(IDS)
    assert await heal(picture, seen) == 0


async def test_a_closed_incident_leaves_the_lists_after_two_days_and_its_own_card_stays() -> None:
    picture, cards = a_picture()
    closed = facts.StatusGewijzigd(
        status=Status.AFGESLOTEN, owner_organisation="gemeente:GM0344", owner_function="ciso", reason="Opgelost"
    )
    cards.incidents[an_id(1)] = an_incident(closed)
    cards.newest = 2
    await take(picture, [message(2, OWN)])
    assert OWN in cards.rows[TOWN].contributions
    readers = dict(cards.rows)

    later = Picture(cards=cards, rules=cards.rules, clock=FakeClock(DINSDAG_0900 + timedelta(hours=49)))
    await check(later, cards)

    assert cards.rows[TOWN].contributions == {}
    assert OWN in cards.rows[OWN].contributions
    assert newest(readers[TOWN], cards.rows[TOWN]) is cards.rows[TOWN]
    await take(later, [message(2, OWN)])
    assert cards.rows[TOWN].contributions == {}


async def test_tlp_red_goes_by_reference_and_a_fresh_read_has_it() -> None:
    picture, cards = a_picture()
    red: Incident = an_incident(tlp=Tlp.RED)
    cards.incidents[an_id(1)] = red
    await take(picture, [message(1, OWN)])

    assert all(is_sealed(cards.rows[each]) for each in IDS)
    assert "burgerzaken" not in cards.rows[TOWN].model_dump_json()
    (fresh,) = await fresh_cards(picture, [OWN])
    assert not is_sealed(fresh)
    assert await check(picture, cards) == 0


async def test_the_pages_read_what_is_contributed() -> None:
    picture, cards = a_picture()
    cards.incidents[an_id(1)] = an_incident()
    (fresh,) = await fresh_cards(picture, [TOWN])
    seen = read([fresh])

    assert seen.unread == 0
    assert seen.open[0].incident == cards.incidents[an_id(1)]
    assert any(duty.worst_case and duty.due_at and duty.known_at for duty in seen.open[0].duties)


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b'{"specversion":"0.3"}', b'{"specversion":"1.0"}', b"\xff"])
async def test_what_cannot_be_read_is_parked_and_the_rest_is_taken(value: bytes | None) -> None:
    picture, cards = a_picture()
    cards.incidents[an_id(1)] = an_incident()

    parked = await take(picture, [(b"x", value), message(1, OWN)])

    assert len(parked) == 1
    assert OWN in cards.rows


async def test_a_canary_flies_on_and_touches_no_card() -> None:
    picture, cards = a_picture()
    await take(picture, [(canary.CANARY_KEY, canary.canary(DINSDAG_0900))])

    assert [canary.sent_at(each) for each in cards.canaries] == [DINSDAG_0900]
    assert not cards.rows


async def test_a_cloudevent_holds_no_text_and_red_holds_a_reference_only() -> None:
    data = {"type": "nl.incidenten.ernst-bepaald", "severity": Severity.ERNSTIG.value}
    fact = recorded(INCIDENT_FACTS[0], 3, stream=OWN)
    envelope = Envelope.model_validate(fact.model_dump(exclude={"event"}) | {"data": data})
    numbered = Numbered(number=12, envelope=envelope)

    open_ = json.loads(cloudevents.internal(numbered, oin="00000001823288444000", tlp=Tlp.GREEN))
    closed = json.loads(cloudevents.internal(numbered, oin="00000001823288444000", tlp=Tlp.RED))

    assert open_["source"] == "urn:nld:oin:00000001823288444000:systeem:driehoek"
    assert (open_["sequence"], open_["streamversion"], open_["subject"]) == ("000000000012", 3, OWN)
    assert open_["data"] == {"severity": "ernstig-verstoord"}
    assert open_["time"] == "2026-11-24T08:00:00Z"
    assert closed["data"] == {"stroom": OWN, "versie": 3, "type": data["type"]}
