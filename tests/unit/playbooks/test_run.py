"""Playing a playbook from a file: a trace that is the same every time, on the clock of the file."""

import json
from typing import Any

import pytest

from playbooks.run import AnswersError, run
from tests.unit.playbooks.books import Steps, book_text, named, variables

STEPS: Steps = {
    "s": {"on_completion": "a1"},
    "a1": {"on_success": "a2", "on_failure": "a1", "out_args": ["__y__"]},
    "a2": {"timeout": 120_000, "on_success": "e", "on_failure": "e", "delay": 60_000},
    "e": {},
}
TEXT = book_text(STEPS, playbook_variables=variables(x=None, y=None))


def trace(answers: dict[str, Any], text: str = TEXT) -> list[dict[str, Any]]:
    lines = list(run(text, answers))
    assert json.dumps(lines) == json.dumps(list(run(text, answers)))
    return lines


def test_the_trace_tells_who_did_what_and_when() -> None:
    answers = {
        "start": "2026-11-24T02:12:00+01:00",
        "variables": {"__x__": "buiten"},
        "answers": {
            "a1": [{"outcome": "failure", "by": "an"}, {"after_seconds": 5, "out_args": {"__y__": "5"}, "by": "bo"}],
            named("a2"): {"outcome": "success", "by": "cy"},
        },
    }
    assert trace(answers) == [
        {
            "step": named("s"),
            "type": "start",
            "status": "successfully_completed",
            "at": at("01:12:00"),
            "by": "driehoek",
        },
        {"step": named("a1"), "type": "action", "status": "failed", "at": at("01:13:00"), "by": "an"},
        {"step": named("a1"), "type": "action", "status": "successfully_completed", "at": at("01:13:05"), "by": "bo"},
        {"step": named("a2"), "type": "action", "status": "waiting", "at": at("01:13:05"), "by": "driehoek"},
        {"step": named("a2"), "type": "action", "status": "successfully_completed", "at": at("01:15:05"), "by": "cy"},
        {"step": named("e"), "type": "end", "status": "successfully_completed", "at": at("01:15:05"), "by": "driehoek"},
        {"status": "successfully_completed", "variables": {"__x__": "buiten", "__y__": "5"}},
    ]


def at(clock: str) -> str:
    return f"2026-11-24T{clock}.000Z"


def test_a_task_that_nobody_answers_runs_out_of_time_or_stays_open() -> None:
    late = trace({"answers": {"a1": {}}})
    assert [line["status"] for line in late[-3:]] == [
        "timeout_error",
        "successfully_completed",
        "successfully_completed",
    ]
    assert [line["status"] for line in trace({})] == ["successfully_completed", "ongoing", "ongoing"]


def test_an_answer_after_the_time_is_over_changes_nothing() -> None:
    answers = {"default": {}, "answers": {"a2": {"after_seconds": 1000}}}
    assert "timeout_error" in [line["status"] for line in trace(answers)]


@pytest.mark.parametrize("text", ["{}", "x", book_text({**STEPS, "a2": {"on_completion": "e8"}})])
def test_a_playbook_that_cannot_run_is_refused_in_one_line(text: str) -> None:
    (line,) = trace({}, text)
    assert line["status"] == "refused"
    assert line["message"]


@pytest.mark.parametrize("answers", [[], 5, {"answers": {"a1": {"outcome": "misschien"}}}, {"antwoorden": {}}])
def test_a_file_that_is_no_answers_file_is_refused(answers: object) -> None:
    with pytest.raises(AnswersError):
        list(run(TEXT, answers))
