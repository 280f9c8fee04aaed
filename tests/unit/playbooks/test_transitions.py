"""The transition rules of CACAO 2.0 for every step type that this version runs."""

from datetime import timedelta
from typing import Any

import pytest

from domain.tasks import TaskState
from playbooks import engine
from playbooks.progress import MOST_VISITS
from tests.unit.playbooks.books import NOON, Desk, Steps, book_text, variables

MINUTE = timedelta(minutes=1)
LINE: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "a2"}, "a2": {"on_completion": "e"}, "e": {}}


def test_steps_follow_each_other_and_the_end_completes() -> None:
    desk = Desk(book_text(LINE))
    assert desk.open == ["a1"]
    desk.answers("a1")
    assert desk.open == ["a2"]
    desk.answers("a2")
    assert (desk.open, desk.now.status) == ([], "successfully_completed")


@pytest.mark.parametrize(
    ("outcome", "following"), [("klaar", "a2"), ("overgeslagen", "a2"), ("mislukt", "a3"), ("kan-niet", "a3")]
)
def test_success_and_failure_each_have_their_own_way(outcome: str, following: str) -> None:
    steps: Steps = {
        "s": {"on_completion": "a1"},
        "a1": {"on_success": "a2", "on_failure": "a3"},
        "a2": {"on_completion": "e"},
        "a3": {"on_completion": "e"},
        "e": {},
    }
    desk = Desk(book_text(steps))
    desk.answers("a1", outcome)
    assert desk.open == [following]


def test_a_failure_without_a_way_on_goes_to_the_exception_step() -> None:
    steps: Steps = {**LINE, "a9": {"on_completion": "e9"}, "e9": {}}
    desk = Desk(book_text(steps, workflow_exception="a9"))
    desk.answers("a1", "mislukt")
    assert desk.open == ["a9"]
    desk.answers("a9")
    assert desk.now.status == "exception_condition_invoked"


def test_a_failure_in_the_exception_step_ends_the_execution() -> None:
    desk = Desk(book_text({**LINE, "a9": {"on_completion": "e9"}, "e9": {}}, workflow_exception="a9"))
    desk.answers("a1", "mislukt")
    desk.answers("a9", "mislukt")
    assert desk.now.status == "failed"


def test_without_an_exception_step_the_execution_fails_and_open_tasks_lapse() -> None:
    steps: Steps = {
        "s": {"on_completion": "p"},
        "p": {"next_steps": ["a1", "a2"], "on_completion": "e"},
        "a1": {"on_completion": "e1"},
        "a2": {"on_completion": "e2"},
        "e": {},
        "e1": {},
        "e2": {},
    }
    desk = Desk(book_text(steps))
    desk.answers("a1", "mislukt")
    assert desk.now.status == "failed"
    assert desk.task("a2").state is TaskState.VERVALT


def test_a_parallel_step_waits_for_all_its_branches() -> None:
    steps: Steps = {
        "s": {"on_completion": "p"},
        "p": {"next_steps": ["e1", "a1", "a2"], "on_completion": "a3"},
        "a1": {"on_completion": "e1"},
        "a2": {"on_completion": "e2"},
        "a3": {"on_completion": "e"},
        "e": {},
        "e1": {},
        "e2": {},
    }
    desk = Desk(book_text(steps))
    assert desk.open == ["a1", "a2"]
    desk.answers("a2")
    assert desk.open == ["a1"]
    desk.answers("a1")
    assert desk.open == ["a3"]


def test_a_step_that_two_branches_reach_is_a_task_for_each() -> None:
    steps: Steps = {
        "s": {"on_completion": "p"},
        "p": {"next_steps": ["a1", "a2"], "on_completion": "e"},
        "a1": {"on_completion": "a3"},
        "a2": {"on_completion": "a3"},
        "a3": {"on_completion": "e1"},
        "e": {},
        "e1": {},
    }
    desk = Desk(book_text(steps))
    desk.answers("a1")
    desk.answers("a2")
    assert desk.open == ["a3", "a3"]
    desk.answers("a3")
    assert desk.now.status == "ongoing"
    desk.answers("a3")
    assert desk.now.status == "successfully_completed"


@pytest.mark.parametrize(("value", "branch"), [("ja", "a1"), ("nee", "a2"), (None, "a2"), ("", "a2")])
def test_a_condition_chooses_and_its_branch_gives_control_back(value: str | None, branch: str) -> None:
    steps: Steps = {
        "s": {"on_completion": "i"},
        "i": {"condition": "__x__:value = 'ja'", "on_true": "a1", "on_false": "a2", "on_completion": "a3"},
        "a1": {"on_completion": "e1"},
        "a2": {"on_completion": "e1"},
        "a3": {"on_completion": "e"},
        "e": {},
        "e1": {},
    }
    desk = Desk(book_text(steps, playbook_variables=variables(x=value)))
    assert desk.open == [branch]
    desk.answers(branch)
    assert desk.open == ["a3"]


def test_a_false_condition_without_a_way_goes_on_and_a_broken_one_fails() -> None:
    steps: Steps = {
        "s": {"on_completion": "i"},
        "i": {"condition": "__x__:value = 'ja'", "on_true": "a1", "on_success": "a2", "on_failure": "a3"},
        "a1": {"on_completion": "e"},
        "a2": {"on_completion": "e"},
        "a3": {"on_completion": "e"},
        "e": {},
    }
    assert Desk(book_text(steps, playbook_variables=variables(x="nee"))).open == ["a2"]
    broken = {**steps, "i": {**steps["i"], "condition": "__x__:value ~ 'ja'"}}
    assert Desk(book_text(broken, playbook_variables=variables(x="nee"))).open == ["a3"]


def test_a_delay_is_in_milliseconds_and_may_stand_before_any_step() -> None:
    steps: Steps = {
        "s": {"on_completion": "a1"},
        "a1": {"delay": 60_000, "on_completion": "e"},
        "e": {"delay": 60_000},
    }
    desk = Desk(book_text(steps))
    assert (desk.open, engine.next_wake_at(desk.now)) == ([], NOON + MINUTE)
    desk.wakes(after=timedelta(seconds=59))
    assert desk.open == []
    desk.wakes(after=timedelta(seconds=1))
    desk.answers("a1")
    assert desk.now.status == "ongoing"
    desk.wakes(after=MINUTE)
    assert desk.now.status == "successfully_completed"


def test_when_the_time_of_a_task_is_over_it_failed_and_a_late_answer_is_a_conflict() -> None:
    steps: Steps = {
        "s": {"on_completion": "a1"},
        "a1": {"timeout": 60_000, "on_success": "e", "on_failure": "a2"},
        "a2": {"on_completion": "e"},
        "e": {},
    }
    desk = Desk(book_text(steps))
    desk.wakes(after=MINUTE)
    assert desk.open == ["a2"]
    late = desk.task("a1").task_key
    with pytest.raises(engine.TaskAnsweredError):
        engine.answer(desk.book, desk.now, task_key=late, outcome="klaar", out_args={}, at=desk.at)


def test_a_loop_that_nobody_meant_is_stopped() -> None:
    steps: Steps = {
        "s": {"on_completion": "i"},
        "i": {"condition": "1 = 1", "on_true": "i2", "on_completion": "e"},
        "i2": {"condition": "1 = 1", "on_true": "i", "on_completion": "e"},
        "e": {},
    }
    desk = Desk(book_text(steps))
    assert desk.now.status == "failed"
    assert max(desk.now.visits.values()) == MOST_VISITS
    assert desk.log[-2].type == "nl.draaiboeken.lus-begrensd"


def test_a_playbook_may_be_longer_than_the_stack_of_the_interpreter() -> None:
    count = 3000
    steps: dict[str, dict[str, Any]] = {"s": {"on_completion": "i0"}}
    for place in range(count):
        steps[f"i{place}"] = {
            "condition": "1 = 2",
            "on_true": "e",
            "on_completion": f"i{place + 1}" if place + 1 < count else "e",
        }
    assert Desk(book_text({**steps, "e": {}})).now.status == "successfully_completed"


def test_answers_that_do_not_fit_change_nothing() -> None:
    desk = Desk(book_text(LINE))
    key = desk.task("a1").task_key
    with pytest.raises(engine.TaskUnknownError):
        engine.answer(desk.book, desk.now, task_key="weg", outcome="klaar", out_args={}, at=NOON)
    with pytest.raises(engine.WrongArgumentsError):
        engine.answer(desk.book, desk.now, task_key=key, outcome="klaar", out_args={"__y__": "1"}, at=NOON)
    other = Desk(book_text({**LINE, "a1": {"on_completion": "a2", "description": "anders"}}))
    with pytest.raises(engine.OtherVersionError):
        engine.answer(other.book, desk.now, task_key=key, outcome="klaar", out_args={}, at=NOON)
    assert engine.wake(other.book, desk.now, NOON + MINUTE) == ()


def test_seen_is_not_done_and_is_told_once() -> None:
    desk = Desk(book_text(LINE))
    key = desk.task("a1").task_key
    desk.take(engine.seen(desk.now, task_key=key))
    assert desk.task("a1").state is TaskState.GEZIEN
    assert engine.seen(desk.now, task_key=key) == ()
    desk.answers("a1")
    assert engine.seen(desk.now, task_key=key) == ()


def test_a_reference_to_nothing_is_refused_at_the_start() -> None:
    with pytest.raises(engine.BrokenPlaybookError):
        Desk(book_text({**LINE, "a2": {"on_completion": "e7"}}))
