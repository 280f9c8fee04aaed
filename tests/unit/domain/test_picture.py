"""Cards end the same whatever the order and however often something arrives."""

from hypothesis import given
from hypothesis import strategies as st

from domain.picture import Card, Contribution, newest, replace

contributions = st.builds(
    lambda stream, version: Contribution(
        stream_id=f"incident:{stream}", version=version, data={"version": version, "stream": stream}
    ),
    st.integers(0, 3),
    st.integers(1, 6),
)
batches = st.lists(st.tuples(st.lists(contributions, max_size=4), st.integers(0, 20)), max_size=6)


def _card() -> Card:
    return Card(card_id="gemeente:GM0344", epoch=1, number=0)


def _fold(given_batches: list[tuple[list[Contribution], int]]) -> Card:
    card = _card()
    for batch, number in given_batches:
        card = replace(card, batch, number)
    return card


@given(st.data(), batches)
def test_another_order_gives_the_same_card(
    data: st.DataObject, given_batches: list[tuple[list[Contribution], int]]
) -> None:
    shuffled = data.draw(st.permutations(given_batches))
    assert _fold(given_batches) == _fold(list(shuffled))


@given(batches)
def test_repetition_changes_nothing(given_batches: list[tuple[list[Contribution], int]]) -> None:
    assert _fold(given_batches + given_batches) == _fold(given_batches)


def test_the_higher_epoch_wins_from_the_higher_number() -> None:
    old, fresh = _card().model_copy(update={"number": 900}), _card().model_copy(update={"epoch": 2})
    assert newest(old, fresh) is fresh
    assert newest(fresh, old) is fresh
