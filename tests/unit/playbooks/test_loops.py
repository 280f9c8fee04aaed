"""Loops and choices: a branch gives control back at its end, and who jumps back to the opener has left the branch."""

from typing import Any

import pytest

from playbooks import engine
from playbooks.cacao import parse
from playbooks.run import run
from playbooks.state import step
from tests.unit.playbooks.books import NOON, ROUTING, SPACE, Desk, Steps, book_text, named, variables

LOOP: Steps = {
    "s": {"on_completion": "w"},
    "w": {"condition": "__x__:value < 3", "on_true": "a1", "on_success": "a2", "on_failure": "a3"},
    "a1": {"on_completion": "e1", "out_args": ["__x__"]},
    "a2": {"on_completion": "e"},
    "a3": {"on_completion": "e"},
    "e": {},
    "e1": {},
}
SWITCH: Steps = {
    "s": {"on_completion": "c"},
    "c": {"switch": "__x__:value", "cases": {"1": "a1", "ja": "a2", "default": "a3"}, "on_completion": "a4"},
    "a1": {"on_completion": "e1"},
    "a2": {"on_completion": "e1"},
    "a3": {"on_completion": "e1"},
    "a4": {"on_completion": "e"},
    "e": {},
    "e1": {},
}


def test_a_while_asks_its_condition_again_after_each_round() -> None:
    desk = Desk(book_text(LOOP, playbook_variables=variables(x="1")))
    assert desk.open == ["a1"]
    desk.answers("a1", x="2")
    assert desk.open == ["a1"]
    desk.answers("a1", x="10")
    assert desk.open == ["a2"]
    desk.answers("a2")
    assert desk.now.status == "successfully_completed"


def test_a_while_that_never_holds_goes_straight_on_and_a_broken_one_fails() -> None:
    assert Desk(book_text(LOOP, playbook_variables=variables(x="5"))).open == ["a2"]
    broken: Steps = {**LOOP, "w": {**LOOP["w"], "condition": "__x__:value ~ 3"}}
    assert Desk(book_text(broken, playbook_variables=variables(x="1"))).open == ["a3"]


def test_a_failure_in_a_round_leaves_the_loop() -> None:
    steps: Steps = {**LOOP, "a1": {**LOOP["a1"], "on_completion": "e1"}, "a9": {"on_completion": "e"}}
    desk = Desk(book_text(steps, playbook_variables=variables(x="1"), workflow_exception="a9"))
    desk.answers("a1", "mislukt")
    assert desk.open == ["a9"]


@pytest.mark.parametrize("kind", ["w", "i"])
def test_what_comes_after_a_loop_is_done_once_however_the_loop_was_written(kind: str) -> None:
    steps: Steps = {
        "s": {"on_completion": kind},
        kind: {"condition": "__x__:value < 3", "on_true": "a1", "on_completion": "a2"},
        "a1": {"on_completion": kind, "out_args": ["__x__"]},
        "a2": {"on_completion": "e"},
        "e": {},
    }
    desk = Desk(book_text(steps, playbook_variables=variables(x="1")))
    for value in ("1", "2", "7"):
        desk.answers("a1", x=value)
    assert desk.open == ["a2"]
    desk.answers("a2")
    assert (desk.open, desk.now.status) == ([], "successfully_completed")
    assert sum(task.step == named("a2") for task in desk.now.tasks.values()) == 1


@pytest.mark.parametrize(
    ("value", "case"), [("1", "a1"), ("1.0", "a1"), ("ja", "a2"), ("nee", "a3"), ("", "a3"), (None, "a3")]
)
def test_a_switch_compares_by_value_and_falls_back_on_default(value: str | None, case: str) -> None:
    desk = Desk(book_text(SWITCH, playbook_variables=variables(x=value)))
    assert desk.open == [case]
    desk.answers(case)
    assert desk.open == ["a4"]


def test_a_switch_without_a_case_that_fits_goes_on() -> None:
    steps: Steps = {**SWITCH, "c": {**SWITCH["c"], "cases": {"1": "a1"}}}
    assert Desk(book_text(steps, playbook_variables=variables(x="2"))).open == ["a4"]
    literal: Steps = {**SWITCH, "c": {**SWITCH["c"], "switch": "ja"}}
    assert Desk(book_text(literal, playbook_variables=variables(x="2"))).open == ["a2"]


def test_a_variable_of_a_step_shadows_the_one_of_the_playbook_and_stays_with_the_step() -> None:
    own = {"step_variables": variables(x="van de stap"), "out_args": ["__x__"], "on_completion": "a2"}
    steps: Steps = {
        "s": {"on_completion": "a1"},
        "a1": {**own, "commands": [{"type": "manual", "command": "__x__:value"}]},
        "a2": {"on_completion": "e", "commands": [{"type": "manual", "command": "__x__:value"}]},
        "e": {},
    }
    desk = Desk(book_text(steps, playbook_variables=variables(x="van het draaiboek")))
    assert desk.task("a1").command == "van de stap"
    desk.answers("a1", x="antwoord")
    assert desk.task("a2").command == "van het draaiboek"


def begun(definitions: dict[str, Any], **given: str) -> engine.Execution:
    playbook = parse(book_text({"s": {"on_completion": "e"}, "e": {}}, playbook_variables=definitions))
    facts = engine.begin(
        {playbook.id: playbook},
        playbook.id,
        execution_id=SPACE,
        incident_id=SPACE,
        municipality="GM0344",
        at=NOON,
        routing=ROUTING,
        anchors={},
        variables={f"__{name}__": value for name, value in given.items()},
    )
    state: engine.Execution | None = None
    for fact in facts:
        state = step(state, fact, NOON)
    assert state is not None
    return state


def test_the_caller_fills_what_is_external_and_never_a_constant() -> None:
    outside = {
        "__x__": {"type": "string", "external": True},
        "__k__": {"type": "string", "value": "1", "constant": True},
    }
    assert begun(outside, x="").variables["__x__"] == ""
    assert begun(outside).variables == {"__x__": None, "__k__": "1"}
    for wrong in ("k", "weg"):
        with pytest.raises(engine.WrongArgumentsError):
            begun(outside, **{wrong: "2"})


def test_playing_a_loop_from_a_file_gives_the_same_trace_twice() -> None:
    text = book_text(LOOP, playbook_variables=variables(x="0"))
    answers = {"answers": {"a1": [{"out_args": {"__x__": "1"}}, {"out_args": {"__x__": "3"}}], "a2": {}}}
    lines = list(run(text, answers))
    assert lines == list(run(text, answers))
    assert [line.get("step") for line in lines].count(named("a1")) == 2
    assert lines[-1] == {"status": "successfully_completed", "variables": {"__x__": "3"}}
