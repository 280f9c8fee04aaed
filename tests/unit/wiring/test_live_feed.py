"""When the cards of a screen are folded here, and when the group of the agent stands still: decisions over moments."""

from domain.picture import Card, Contribution
from streams.cards import card_of
from streams.watchdog import Stall
from wiring.processes.live_feed import CANARY_SECONDS, PATIENCE_SECONDS, Sight

STREAM = "incident:1"


def a_card(version: int) -> Card:
    """A card with one stream."""
    given = Contribution(stream_id=STREAM, version=version, data={})
    return Card(card_id=STREAM, epoch=1, number=version, contributions={STREAM: given})


def test_before_anything_is_read_cards_come_from_the_database() -> None:
    sight = Sight()
    assert sight.is_behind(0.0, None)
    sight.number = 7
    assert not sight.is_behind(0.0, None)


def test_a_fact_that_no_card_shows_within_a_second_means_behind_until_it_is_shown() -> None:
    sight = Sight(number=7)
    sight.looked(8, [STREAM], 10.0)
    assert not sight.is_behind(10.0 + PATIENCE_SECONDS / 2, 1.0)
    sight.looked(9, [STREAM], 10.5)
    assert sight.is_behind(10.0 + PATIENCE_SECONDS, 1.0)
    sight.looked(9, [], 12.0)
    assert not sight.is_behind(12.0, 1.0)
    assert sight.number == 9


def test_what_comes_during_a_look_is_still_known_at_the_next() -> None:
    sight = Sight(number=7)
    sight.card(a_card(8))
    sight.looked(7, [], 1.0)
    assert sight.seen == {STREAM: 8}
    sight.looked(8, [], 2.0)
    assert sight.seen == {}


def test_a_silent_canary_means_behind() -> None:
    sight = Sight(number=7, started=100.0)
    assert not sight.is_behind(100.0 + CANARY_SECONDS, None)
    assert sight.is_behind(101.0 + CANARY_SECONDS, None)
    assert sight.is_behind(101.0, CANARY_SECONDS + 1)


def test_a_group_stands_still_only_with_work_and_without_progress() -> None:
    stall = Stall(seconds=20.0)
    assert not stall.seen(5, 3, 0.0)
    assert not stall.seen(5, 3, 19.0)
    assert stall.seen(5, 3, 20.0)
    assert not stall.seen(6, 3, 21.0)
    assert not stall.seen(6, 0, 50.0)
    assert not stall.seen(6, 3, 51.0, excused=True)
    assert not stall.seen(6, 3, 70.0)


def test_a_tombstone_is_an_empty_card_with_its_version() -> None:
    card = card_of(b"gemeente:GM0344", None, {"epoch": b"2", "number": b"9"})
    assert (card.card_id, card.version, card.contributions) == ("gemeente:GM0344", (2, 9, 0), {})
    assert card_of(b"x", a_card(3).model_dump_json().encode(), {}) == a_card(3)
