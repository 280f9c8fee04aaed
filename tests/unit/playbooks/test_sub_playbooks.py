"""Playbooks in playbooks: values go in and come out by name, equal names do not collide, a failure stays inside."""

from typing import Any

import pytest

from domain.tasks import TaskState
from tests.unit.playbooks.books import Desk, Steps, book_text, variables

OUTER: Steps = {
    "s": {"on_completion": "b"},
    "b": {
        "playbook_id": "binnen",
        "in_args": ["__x__"],
        "out_args": ["__y__"],
        "on_success": "i",
        "on_failure": "a8",
    },
    "i": {"condition": "__y__:value > 3 AND __x__:value = 'buiten'", "on_true": "a1", "on_completion": "e"},
    "a1": {"on_completion": "e1"},
    "a8": {"on_completion": "e"},
    "e": {},
    "e1": {},
}
INNER: Steps = {
    "s5": {"on_completion": "a5"},
    "a5": {
        "out_args": ["__x__", "__y__"],
        "on_completion": "e5",
        "commands": [{"type": "manual", "command": "__x__:value"}],
    },
    "e5": {},
}


def outer(**more: Any) -> str:
    return book_text(OUTER, playbook_variables=variables(x="buiten", y=None), **more)


def inner(steps: Steps = INNER, **more: Any) -> str:
    return book_text(steps, "binnen", playbook_variables=variables(x="eigen", y=None), **more)


def test_values_go_in_and_out_by_name_and_the_rest_stays_inside() -> None:
    desk = Desk(outer(), inner())
    assert desk.task("a5").command == "buiten"
    desk.answers("a5", x="veranderd", y="10")
    assert desk.open == ["a1"]
    assert (desk.now.variables["__x__"], desk.now.variables["__y__"]) == ("buiten", "10")


def test_a_playbook_that_we_do_not_have_or_in_another_version_is_a_failure() -> None:
    assert Desk(outer()).open == ["a8"]
    asked = {**OUTER, "b": {**OUTER["b"], "playbook_version": "2020-01-01T00:00:00.000Z"}}
    assert Desk(book_text(asked, playbook_variables=variables(x="1", y=None)), inner()).open == ["a8"]


def test_a_failure_inside_follows_the_failure_way_of_the_step_outside() -> None:
    desk = Desk(outer(), inner())
    desk.answers("a5", "mislukt")
    assert (desk.open, desk.now.status) == (["a8"], "ongoing")


def test_the_exception_step_inside_runs_first_and_the_step_outside_still_failed() -> None:
    steps: Steps = {**INNER, "a9": {"on_completion": "e9"}, "e9": {}}
    desk = Desk(outer(), inner(steps, workflow_exception="a9"))
    desk.answers("a5", "mislukt")
    assert desk.open == ["a9"]
    desk.answers("a9")
    assert desk.open == ["a8"]


def test_a_failure_in_a_branch_inside_ends_the_branches_inside_only() -> None:
    both: Steps = {
        "s": {"on_completion": "p"},
        "p": {"next_steps": ["b", "a7"], "on_completion": "e"},
        "b": {"playbook_id": "binnen", "on_success": "e1", "on_failure": "a8"},
        "a7": {"on_completion": "e1"},
        "a8": {"on_completion": "e1"},
        "e": {},
        "e1": {},
    }
    inside: Steps = {
        "s5": {"on_completion": "p5"},
        "p5": {"next_steps": ["a5", "a6"], "on_completion": "e5"},
        "a5": {"on_completion": "e5"},
        "a6": {"on_completion": "e5"},
        "e5": {},
    }
    desk = Desk(book_text(both), book_text(inside, "binnen"))
    desk.answers("a5", "mislukt")
    assert desk.task("a6").state is TaskState.VERVALT
    assert desk.open == ["a7", "a8"]
    desk.answers("a7")
    desk.answers("a8")
    assert desk.now.status == "successfully_completed"


def test_a_constant_is_not_asked_and_not_replaced() -> None:
    fixed = {"__x__": {"type": "string", "value": "vast", "constant": True}, **variables(y=None)}
    desk = Desk(outer(), book_text(INNER, "binnen", playbook_variables=fixed))
    assert desk.task("a5").command == "vast"
    assert list(desk.task("a5").out_args) == ["__y__"]


def test_a_playbook_that_begins_itself_is_stopped() -> None:
    steps: Steps = {"s": {"on_completion": "b"}, "b": {"playbook_id": "boek", "on_completion": "e"}, "e": {}}
    assert Desk(book_text(steps)).now.status == "failed"


@pytest.mark.parametrize("value", ["", None])
def test_the_empty_text_is_known_and_null_is_not(value: str | None) -> None:
    steps: Steps = {
        "s": {"on_completion": "i"},
        "i": {"condition": "__x__:value = null", "on_true": "a1", "on_false": "a2", "on_completion": "e"},
        "a1": {"on_completion": "e"},
        "a2": {"on_completion": "e"},
        "e": {},
    }
    assert Desk(book_text(steps, playbook_variables=variables(x=value))).open == (["a1"] if value is None else ["a2"])
