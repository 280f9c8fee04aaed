"""What an executor must do at a human step; each test is one way in which executors are known to go wrong."""

from datetime import timedelta

import pytest

from domain.parties import ActedBy, Function
from domain.tasks import TaskState
from playbooks import engine
from playbooks.check import check
from playbooks.engine import Execution, evolve
from playbooks.progress import MOST_VISITS
from tests.builders import recorded
from tests.unit.playbooks.books import NOON, Desk, Steps, book_data, book_text, variables

WAYS: Steps = {
    "s": {"on_completion": "a1"},
    "a1": {"on_success": "a2", "on_failure": "a3"},
    "a2": {"on_completion": "e"},
    "a3": {"on_completion": "e"},
    "e": {},
}
BOTH: Steps = {
    "s": {"on_completion": "p"},
    "p": {"next_steps": ["a1", "a2"], "on_completion": "a3"},
    "a1": {"on_completion": "a4"},
    "a2": {"on_completion": "a4"},
    "a3": {"on_completion": "e"},
    "a4": {"on_completion": "e1"},
    "e": {},
    "e1": {},
}


def test_an_answer_failure_is_a_failure() -> None:
    desk = Desk(book_text(WAYS))
    desk.answers("a1", "mislukt")
    assert desk.open == ["a3"]


def test_a_failure_without_a_way_on_goes_to_the_exception_step() -> None:
    steps: Steps = {**WAYS, "a1": {"on_completion": "a2"}, "a3": {"on_completion": "e"}}
    desk = Desk(book_text(steps, workflow_exception="a3"))
    desk.answers("a1", "mislukt")
    assert desk.open == ["a3"]


def test_on_failure_never_runs_after_success() -> None:
    steps: Steps = {**WAYS, "a1": {"on_failure": "a3"}}
    desk = Desk(book_text(steps))
    desk.answers("a1")
    assert (desk.open, desk.now.status) == ([], "successfully_completed")


def test_an_unknown_step_type_is_refused_before_it_can_run() -> None:
    data = book_data(WAYS)
    next(iter(data["workflow"].values()))["type"] = "wacht-even"
    assert not check(str(data).replace("'", '"')).valid


def test_parallel_steps_run_and_are_waited_for() -> None:
    desk = Desk(book_text(BOTH))
    assert desk.open == ["a1", "a2"]


def test_a_switch_runs_the_case_of_its_value() -> None:
    steps: Steps = {**WAYS, "s": {"on_completion": "c"}, "c": _switch(a="a2", b="a3"), "a1": {"on_completion": "e"}}
    assert Desk(book_text(steps, playbook_variables=variables(x="b"))).open == ["a3"]


def test_a_loop_has_a_limit_and_tells_that_it_was_reached() -> None:
    steps: Steps = {"s": {"on_completion": "w"}, "w": _while("1 = 1", "e1"), "e": {}, "e1": {}}
    desk = Desk(book_text(steps))
    assert desk.now.status == "failed"
    assert [each.type for each in desk.log].count("nl.draaiboeken.lus-begrensd") == 1
    assert max(desk.now.visits.values()) == MOST_VISITS


def test_a_waiting_step_survives_a_crash_and_a_second_worker() -> None:
    desk = Desk(book_text(WAYS))
    facts = [recorded(event, place) for place, event in enumerate(desk.log, start=1)]
    first: Execution | None = None
    second: Execution | None = None
    for fact in facts:
        first = evolve(first, fact)
    for fact in [*facts, *facts]:
        second = evolve(second, fact)
    assert first == second
    assert first is not None
    again = Execution.model_validate_json(first.model_dump_json())
    key = desk.task("a1").task_key
    said = engine.answer(desk.book, again, task_key=key, outcome="klaar", out_args={}, at=NOON)
    assert said == engine.answer(desk.book, first, task_key=key, outcome="klaar", out_args={}, at=NOON)


def test_who_answered_in_which_function_and_when_is_kept() -> None:
    desk = Desk(book_text(WAYS))
    key = desk.task("a1").task_key
    by = ActedBy(function=Function.BURGEMEESTER, organisation="gemeente:GM0344")
    (fact, *_) = engine.answer(desk.book, desk.now, task_key=key, outcome="klaar", out_args={}, at=NOON)
    after = engine.evolve(desk.now, recorded(fact, 99).model_copy(update={"by": by}))
    assert after is not None
    assert (after.tasks[key].answered_by, after.tasks[key].state) == (by, TaskState.KLAAR)
    assert after.tasks[key].answered_at is not None


def test_a_step_that_two_parallel_branches_reach_is_a_task_for_each() -> None:
    desk = Desk(book_text(BOTH))
    desk.answers("a1")
    desk.answers("a2")
    assert desk.open == ["a4", "a4"]
    assert len({task.task_key for task in desk.now.tasks.values()}) == 4
    desk.answers("a4")
    desk.answers("a4")
    assert desk.open == ["a3"]


def test_a_task_without_a_time_limit_waits_for_days() -> None:
    desk = Desk(book_text(WAYS))
    desk.wakes(after=timedelta(days=30))
    assert desk.open == ["a1"]
    desk.answers("a1")
    assert desk.open == ["a2"]


def test_a_late_answer_hears_how_the_task_ended_and_when() -> None:
    desk = Desk(book_text({**WAYS, "a1": {**WAYS["a1"], "timeout": 60_000}}))
    key = desk.task("a1").task_key
    desk.wakes(after=timedelta(minutes=1))
    with pytest.raises(engine.TaskAnsweredError) as told:
        engine.answer(desk.book, desk.now, task_key=key, outcome="klaar", out_args={}, at=desk.at)
    assert told.value.task is not None
    assert (told.value.task.state, told.value.task.answered_at) == (TaskState.VERVALT, NOON + timedelta(minutes=1))


def test_a_second_answer_is_a_conflict_and_never_a_second_run() -> None:
    desk = Desk(book_text(WAYS))
    key = desk.task("a1").task_key
    desk.answers("a1")
    with pytest.raises(engine.TaskAnsweredError):
        engine.answer(desk.book, desk.now, task_key=key, outcome="mislukt", out_args={}, at=NOON)
    assert desk.open == ["a2"]


@pytest.mark.parametrize(("value", "open_task"), [("10", "a2"), ("2", "a3")])
def test_numbers_are_compared_as_numbers(value: str, open_task: str) -> None:
    condition = {"condition": "__x__:value > 3", "on_true": "a2", "on_false": "a3", "on_completion": "e"}
    steps: Steps = {**WAYS, "s": {"on_completion": "i"}, "i": condition}
    assert Desk(book_text(steps, playbook_variables=variables(x=value))).open == [open_task]


def _while(condition: str, first: str) -> dict[str, object]:
    return {"condition": condition, "on_true": first, "on_completion": "e"}


def _switch(**cases: str) -> dict[str, object]:
    return {"switch": "__x__:value", "cases": cases, "on_completion": "e"}
