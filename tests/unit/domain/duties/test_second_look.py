"""A second pair of eyes is asked and never waited for; who advises or is the same person is no second pair."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.duties.second_look import (
    Advice,
    AdviserError,
    Eyes,
    Opinion,
    SameEyesError,
    SeenAlreadyError,
    WhyNotError,
    advised,
    looked,
    signed,
    standing_in_words,
)
from domain.parties import SYSTEM, ActedBy, Function
from tests.builders import an_actor
from tests.unit.domain.duties.test_vectors import REGIMES

RULE = REGIMES.second_look
AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _by(function: Function = Function.CISO, number: int = 900) -> ActedBy:
    return an_actor(function, number=number).signature()


CISO, SECRETARY, FG = _by(), _by(Function.GEMEENTESECRETARIS, 901), _by(Function.FG, 902)


def test_one_person_decides_at_night_and_the_second_follows() -> None:
    alone = signed(CISO, AT, RULE)
    assert (alone.eyes, alone.second_before) == (Eyes.ALLEEN, AT + 24 * HOUR)
    assert standing_in_words(alone) == "alleen gehandeld, tweede volgt vóór {before}"
    assert alone.asks(AT)
    assert not alone.is_overdue(AT + 24 * HOUR)
    assert alone.is_overdue(AT + 25 * HOUR)
    agreed = looked(alone, Opinion(agrees=True, by=SECRETARY, at=AT + 8 * HOUR), RULE)
    assert agreed.eyes is Eyes.EENS
    assert (agreed.decided_by, agreed.decided_at) == (CISO, AT)
    assert not agreed.asks(AT + 30 * HOUR)


def test_a_no_of_the_second_needs_a_reason_and_undoes_nothing() -> None:
    alone = signed(CISO, AT, RULE)
    with pytest.raises(WhyNotError):
        looked(alone, Opinion(agrees=False, by=SECRETARY, at=AT, reason=" "), RULE)
    disagreed = looked(alone, Opinion(agrees=False, by=SECRETARY, at=AT, reason="Geen uitval"), RULE)
    assert (disagreed.eyes, disagreed.decided_by) == (Eyes.ONEENS, CISO)
    assert "niet mee eens" in standing_in_words(disagreed)
    with pytest.raises(SeenAlreadyError):
        looked(disagreed, Opinion(agrees=True, by=SECRETARY, at=AT), RULE)


def test_prepared_by_somebody_else_is_two_pairs_of_eyes() -> None:
    assert signed(SECRETARY, AT, RULE, proposed_by=CISO).eyes is Eyes.SAMEN
    assert not signed(SECRETARY, AT, RULE, proposed_by=CISO).asks(AT)


@pytest.mark.parametrize("proposer", [CISO, _by(Function.WAARNEMER), FG, SYSTEM, None])
def test_the_same_person_an_adviser_and_the_machine_are_no_second_pair(proposer: ActedBy | None) -> None:
    assert signed(CISO, AT, RULE, proposed_by=proposer).eyes is Eyes.ALLEEN


@pytest.mark.parametrize("by", [FG, SYSTEM])
def test_who_advises_neither_decides_nor_approves(by: ActedBy) -> None:
    with pytest.raises(AdviserError):
        signed(by, AT, RULE)
    with pytest.raises(AdviserError):
        looked(signed(CISO, AT, RULE), Opinion(agrees=True, by=by, at=AT), RULE)


def test_advice_is_kept_and_whoever_acted_alone_still_did() -> None:
    decision = advised(signed(CISO, AT, RULE), Advice(by=FG, at=AT + HOUR, text="Meld ook bij de AP"))
    assert [each.by for each in decision.advice] == [FG]
    assert decision.eyes is Eyes.ALLEEN


def test_nobody_is_the_second_person_of_an_own_decision() -> None:
    with pytest.raises(SameEyesError):
        looked(signed(CISO, AT, RULE), Opinion(agrees=True, by=_by(Function.OOV), at=AT), RULE)
