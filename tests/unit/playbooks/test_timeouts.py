"""The time of a step that opens branches: when it is over its branches end and the step failed."""

from datetime import timedelta

import pytest

from domain.tasks import TaskState
from playbooks import engine
from tests.unit.playbooks.books import NOON, Desk, Steps, book_text, variables

MINUTE = timedelta(minutes=1)
INNER = book_text({"s7": {"on_completion": "a1"}, "a1": {"on_completion": "e7"}, "e7": {}}, "binnen")


@pytest.mark.parametrize(
    "opener",
    [
        {"type": "parallel", "next_steps": ["a1", "a2"]},
        {"type": "if-condition", "condition": "1 = 1", "on_true": "a1"},
        {"type": "while-condition", "condition": "1 = 1", "on_true": "a1"},
        {"type": "switch-condition", "switch": "1", "cases": {"1": "a1"}},
    ],
)
def test_when_the_time_is_over_its_tasks_lapse_and_the_failure_way_is_taken(opener: dict[str, object]) -> None:
    kind = {"parallel": "p", "if-condition": "i", "while-condition": "w", "switch-condition": "c"}[str(opener["type"])]
    steps: Steps = {
        "s": {"on_completion": kind},
        kind: {**opener, "timeout": 60_000, "on_success": "e", "on_failure": "a8"},
        "a1": {"on_completion": "e1"},
        "a2": {"on_completion": "e1"},
        "a8": {"on_completion": "e"},
        "e": {},
        "e1": {},
    }
    desk = Desk(book_text(steps, playbook_variables=variables(x=None)))
    assert engine.next_wake_at(desk.now) == NOON + MINUTE
    desk.wakes(after=MINUTE)
    assert (desk.open, desk.task("a1").state) == (["a8"], TaskState.VERVALT)
    assert engine.next_wake_at(desk.now) is None
    desk.answers("a8")
    assert desk.now.status == "successfully_completed"


def test_a_sub_playbook_has_a_time_too_and_one_that_was_ready_in_time_forgets_it() -> None:
    steps: Steps = {
        "s": {"on_completion": "b"},
        "b": {"playbook_id": "binnen", "timeout": 60_000, "on_success": "a3", "on_failure": "a8"},
        "a3": {"on_completion": "e"},
        "a8": {"on_completion": "e"},
        "e": {},
    }
    late, early = Desk(book_text(steps), INNER), Desk(book_text(steps), INNER)
    late.wakes(after=MINUTE)
    assert late.open == ["a8"]
    early.answers("a1")
    assert (early.open, engine.next_wake_at(early.now)) == (["a3"], None)
