"""Which signals are one disturbance: each rule when it fits, when it does not, and at the edge of its window."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.register import Register
from signals.correlation import (
    RULES,
    SAME_DISTURBANCE,
    CorrelationKey,
    Decision,
    Known,
    Meant,
    decide,
    keys,
    meaning,
    repeat,
)
from signals.normal import NormalSignal
from signals.repetition import WINDOW, dedupe_keys, home, is_repeat, remember
from tests.unit.signals.asking import NOON, signal

OPEN, OTHER, NEW = UUID(int=1), UUID(int=2), UUID(int=3)
SECOND = timedelta(seconds=1)
HERE = Meant(municipality="GM0344", service="burgerzaken", supplier="zaakwaar")


def a_signal(**changes: Any) -> NormalSignal:
    one = signal({"id": "1", "dienst": "burgerzaken", "kenmerken": ["x.nl"], "verstoring": "v"})
    return replace(one, observed_at=NOON, **changes)


def key_of(rule: str) -> CorrelationKey:
    return next(key for key in keys(a_signal(), HERE) if key.rule == rule)


def decided(known: dict[CorrelationKey, Known]) -> Decision:
    return decide(a_signal(), HERE, known, lambda: NEW)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
@pytest.mark.parametrize("side", [-1, 1])
def test_each_rule_at_the_edge_of_its_window(rule: Any, side: int) -> None:
    inside = decided({key_of(rule.id): Known(OPEN, NOON + side * rule.window)})
    outside = decided({key_of(rule.id): Known(OPEN, NOON + side * (rule.window + SECOND))})
    if rule.joins:
        assert (inside.outcome, inside.incident_id, inside.rule.rule) == ("joins", OPEN, rule.id)
    else:
        assert (inside.outcome, inside.proposal) == ("opens", OPEN)
        assert inside.proposal_rule
        assert inside.proposal_rule.rule == rule.id
    assert (outside.outcome, outside.incident_id, outside.proposal) == ("opens", NEW, None)
    assert inside.rule.explanation


def test_another_municipality_has_other_keys() -> None:
    there = keys(a_signal(), Meant(municipality="GM0363", service="burgerzaken", supplier="zaakwaar"))
    assert not set(there) & set(keys(a_signal(), HERE))


def test_a_strong_key_goes_before_a_weak_one_and_two_strong_ones_propose() -> None:
    weak = {key_of("zelfde-leverancier"): Known(OTHER, NOON), key_of("zelfde-dienst"): Known(OPEN, NOON)}
    assert (decided(weak).outcome, decided(weak).incident_id, decided(weak).proposal) == ("joins", OPEN, None)
    both = {key_of(SAME_DISTURBANCE.id): Known(OPEN, NOON), key_of("zelfde-dienst"): Known(OTHER, NOON)}
    assert (decided(both).incident_id, decided(both).proposal) == (OPEN, OTHER)


def test_the_same_again_is_a_repeat_and_an_update_is_not() -> None:
    seen: dict[str, UUID | None] = {}
    first = a_signal()
    assert not is_repeat(first, seen)
    remember(first, OPEN, seen)
    assert is_repeat(first, seen)
    assert home(first, seen) == OPEN
    assert is_repeat(replace(first, signal_key="anders"), seen)
    assert not is_repeat(replace(first, content_hash="anders"), seen)
    assert not is_repeat(replace(first, signal_key="anders", municipality="GM0363"), seen)


def test_a_repeat_belongs_where_its_first_copy_is_and_proposes_where_a_key_of_its_own_leads() -> None:
    elsewhere = {key_of(SAME_DISTURBANCE.id): Known(OTHER, NOON), key_of("zelfde-dienst"): Known(OPEN, NOON)}
    found = repeat(a_signal(), HERE, elsewhere, OPEN)
    assert (found.incident_id, found.proposal) == (OPEN, OTHER)
    assert found.proposal_rule
    assert found.proposal_rule.rule == SAME_DISTURBANCE.id
    assert repeat(a_signal(), HERE, {key_of("zelfde-leverancier"): Known(OTHER, NOON)}, OPEN).proposal is None


def test_a_repeat_of_what_is_closed_leads_nowhere() -> None:
    seen: dict[str, UUID | None] = dict.fromkeys(dedupe_keys(a_signal()))
    assert is_repeat(a_signal(), seen)
    assert home(a_signal(), seen) is None


def test_what_is_closed_and_said_again_by_another_is_new_and_leads_the_next_one() -> None:
    seen: dict[str, UUID | None] = dict.fromkeys(dedupe_keys(a_signal()))
    another, third = a_signal(signal_key="anders"), a_signal(signal_key="nog anders")
    assert not is_repeat(another, seen)
    remember(another, NEW, seen)
    assert is_repeat(third, seen)
    assert home(third, seen) == NEW


@pytest.mark.parametrize(("slots", "again"), [(0, True), (1, True), (-1, True), (2, False), (-2, False)])
def test_the_same_content_is_a_repeat_in_the_neighbouring_windows_only(slots: int, *, again: bool) -> None:
    seen: dict[str, UUID | None] = {}
    remember(a_signal(), OPEN, seen)
    later = replace(a_signal(), observed_at=NOON + slots * WINDOW, signal_key="anders")
    assert is_repeat(later, seen) is again


def test_a_register_without_the_service_keeps_what_the_sender_said() -> None:
    register = Register(municipality="GM0344", services={}, suppliers={}, items={})
    assert meaning(a_signal(), register).service == "burgerzaken"
