"""An execution goes on with a newer text only when somebody says so, sees the difference, and nobody loses a step."""

from typing import Any

import pytest

from playbooks import engine
from playbooks.cacao import Playbook, parse
from playbooks.moving import ExecutionIsOverError, PeopleWouldStandNowhereError, difference, move
from tests.unit.playbooks.books import Desk, Steps, book_text, named, variables

OLD: Steps = {
    "s": {"on_completion": "i"},
    "i": {"condition": "1 = 1", "on_true": "a1", "on_completion": "a2"},
    "a1": {"on_completion": "e1"},
    "a2": {"on_completion": "e"},
    "e": {},
    "e1": {},
}
NEW: Steps = {
    **OLD,
    "a1": {"on_completion": "a3"},
    "a3": {"on_completion": "e1", "out_args": ["__x__"]},
    "a2": {"on_completion": "e", "description": "anders"},
}


def book(steps: Steps, **more: Any) -> dict[str, Playbook]:
    playbook = parse(book_text(steps, **more))
    return {playbook.id: playbook}


def without(*names: str) -> Steps:
    left = {name: one for name, one in OLD.items() if name not in names}
    return {**left, "i": {**OLD["i"], "on_true": "e1"}} if "a1" in names else left


def test_the_difference_names_steps_properties_and_variables() -> None:
    old, new = (
        parse(book_text(OLD, playbook_variables=variables(y="1"))),
        parse(book_text(NEW, playbook_variables=variables(x=None), modified="2026-12-01T00:00:00.000Z")),
    )
    found = difference(old, new)
    assert (found.added, found.removed) == ({named("a3"): "a3"}, {})
    assert found.changed == {named("a1"): ("on_completion",), named("a2"): ("description",)}
    assert (found.variables_added, found.variables_removed) == (("__x__",), ("__y__",))
    assert found.playbook == ("modified", "playbook_variables")
    assert difference(old, old).is_nothing
    assert difference(new, old).removed == {named("a3"): "a3"}


def test_after_moving_the_new_text_goes_on_and_the_old_one_no_longer_answers() -> None:
    desk = Desk(book_text(OLD))
    old, new = desk.book, book(NEW, playbook_variables=variables(x="begin"))
    (fact,) = move(old, new, desk.now)
    desk.take((fact,))
    with pytest.raises(engine.OtherVersionError):
        desk.answers("a1")
    desk.book, desk.names = new, {name: one.name for each in new.values() for name, one in each.workflow.items()}
    assert desk.now.variables["__x__"] == "begin"
    desk.answers("a1")
    assert desk.open == ["a3"]
    desk.answers("a3", x="10")
    desk.answers("a2")
    assert desk.now.status == "successfully_completed"


def test_moving_to_the_same_text_is_nothing() -> None:
    desk = Desk(book_text(OLD))
    assert move(desk.book, desk.book, desk.now) == ()


@pytest.mark.parametrize("steps", [without("a1"), {**OLD, "i": {"type": "while-condition", **OLD["i"]}}])
def test_it_is_refused_when_a_step_is_gone_that_somebody_stands_in_or_must_return_to(steps: Steps) -> None:
    desk = Desk(book_text(OLD))
    with pytest.raises(PeopleWouldStandNowhereError):
        move(desk.book, book(steps), desk.now)


def test_it_is_refused_to_a_broken_text_from_another_text_and_after_the_end() -> None:
    desk = Desk(book_text(OLD))
    with pytest.raises(engine.BrokenPlaybookError):
        move(desk.book, book({**NEW, "a2": {"on_completion": "e9"}}), desk.now)
    with pytest.raises(engine.OtherVersionError):
        move(book(NEW), desk.book, desk.now)
    desk.answers("a1")
    desk.answers("a2")
    with pytest.raises(ExecutionIsOverError):
        move(desk.book, book(NEW), desk.now)
