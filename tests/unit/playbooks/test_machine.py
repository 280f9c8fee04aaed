"""Random playbooks of every step type, answers, crashes, copies and latecomers: one story, one effect per step."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.events import execution as facts
from playbooks import engine
from playbooks.engine import Execution, evolve
from tests.builders import recorded
from tests.unit.playbooks.books import Desk, book_text, variables

OUTCOMES = st.sampled_from(["klaar", "klaar", "klaar", "mislukt", "kan-niet", "overgeslagen"])
VALUES = st.sampled_from([None, "", "10", "2", "ja"])
CONDITIONS = st.sampled_from(["__x__:value > 3", "__x__:value = 'ja'", "__y__:value = 4", "__x__:value ~ 1"])
CALM = st.sampled_from(["__y__:value = 4", "__y__:value > 9"])
"""Conditions that no answer changes and no answer breaks."""
Workflow = dict[str, dict[str, Any]]
INNER = book_text(
    {"s7": {"on_completion": "a7"}, "a7": {"out_args": ["__x__"], "on_completion": "e7"}, "e7": {}},
    "binnen",
    playbook_variables=variables(x=None),
)


@st.composite
def playbooks(draw: st.DrawFn, *, calm: bool = False) -> str:
    """Blocks in blocks: every step type of the standard, with failures, times and delays; calm ones never race."""
    steps: Workflow = {"e": {}}
    steps = {"s": {"on_completion": _block(draw, steps, "e", 3, calm=calm)}, **steps}
    if draw(st.booleans()):
        steps |= {"a999": {"out_args": ["__x__"], "on_completion": "e999"}, "e999": {}}
        return book_text(steps, playbook_variables=variables(x=None, y="4"), workflow_exception="a999")
    return book_text(steps, playbook_variables=variables(x=None, y="4"))


def _block(draw: st.DrawFn, steps: Workflow, following: str, depth: int, *, calm: bool) -> str:
    """Add steps that end in `following`; gives the name of the first."""
    number, kind = len(steps), draw(st.sampled_from(("aaipcb" if calm else "aaipwcb") if depth else "ab"))
    name = f"{kind}{number}"
    steps[name] = {}
    delayed = {"delay": 30_000} if draw(st.integers(0, 4)) == 0 else {}
    if kind in "ab":
        fails = {"on_failure": following} if draw(st.booleans()) else {}
        steps[name] = {"on_success": following, "out_args": ["__x__"], **fails, **delayed}
        more = {"playbook_id": "binnen"} if kind == "b" else {"timeout": 60_000} if draw(st.booleans()) else {}
        steps[name] |= more
        return name
    after = _block(draw, steps, following, depth - 1, calm=calm)
    ends = [f"e{number}{place}" for place in range(2)]
    steps.update({end: {} for end in ends})
    first, second = (_block(draw, steps, end, depth - 1, calm=calm) for end in ends)
    conditions, switch = (CALM, "__y__:value") if calm else (CONDITIONS, "__x__:value")
    ways: dict[str, Workflow] = {
        "p": {name: {"next_steps": [first, second]}},
        "i": {name: {"condition": draw(conditions), "on_true": first, "on_false": second}},
        "w": {name: {"condition": draw(conditions), "on_true": first}},
        "c": {name: {"switch": switch, "cases": {"ja": first, "default": second}}},
    }
    steps[name] = {**ways[kind][name], "on_completion": after, **delayed}
    return name


class Table(RuleBasedStateMachine):
    """One execution as two workers see it; only what was recorded counts."""

    desk: Desk

    @initialize(text=playbooks())
    def begin(self, text: str) -> None:
        self.desk = Desk(text, INNER)
        self.answered: list[dict[str, Any]] = []

    @property
    def open_tasks(self) -> list[str]:
        return [key for key, task in self.desk.now.tasks.items() if task.state.is_open]

    @precondition(lambda self: self.open_tasks)
    @rule(data=st.data(), outcome=OUTCOMES, value=VALUES)
    def somebody_answers(self, data: st.DataObject, outcome: str, value: str | None) -> None:
        key = data.draw(st.sampled_from(self.open_tasks))
        said: dict[str, Any] = {"task_key": key, "outcome": outcome, "out_args": {"__x__": value}, "at": self.desk.at}
        told = engine.answer(self.desk.book, self.desk.now, **said)
        assert told == engine.answer(self.desk.book, self.crashed(), **said)
        self.desk.take(told)
        self.answered.append(said)

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def an_answer_comes_again_or_late(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from(self.answered))
        with pytest.raises(engine.TaskAnsweredError):
            engine.answer(self.desk.book, self.desk.now, **said)

    @rule(seconds=st.sampled_from([0, 30, 60]))
    def time_passes(self, seconds: int) -> None:
        at = self.desk.at + timedelta(seconds=seconds)
        assert engine.wake(self.desk.book, self.crashed(), at) == engine.wake(self.desk.book, self.desk.now, at)
        self.desk.wakes(after=timedelta(seconds=seconds))
        assert engine.wake(self.desk.book, self.desk.now, self.desk.at) == ()

    @rule(data=st.data())
    def facts_arrive_twice_and_old_ones_late(self, data: st.DataObject) -> None:
        log = [recorded(event, place) for place, event in enumerate(self.desk.log, start=1)]
        once: Execution | None = None
        twice: Execution | None = None
        for place, fact in enumerate(log, start=1):
            once, twice = evolve(once, fact), evolve(twice, fact)
            late = data.draw(st.integers(0, place - 1)) if place % 7 == 0 else place - 1
            twice = evolve(twice, log[late])
        assert once == twice

    def crashed(self) -> Execution:
        """What a new process knows: the state row, through its JSON."""
        return Execution.model_validate_json(self.desk.now.model_dump_json())

    @invariant()
    def each_step_asked_once_per_visit_and_answered_once(self) -> None:
        asked = [each.task_key for each in self.desk.log if isinstance(each, facts.TaakGevraagd)]
        done = [each.task_key for each in self.desk.log if isinstance(each, facts.TaakAfgerond)]
        assert len(asked) == len(set(asked))
        assert len(done) == len(set(done))
        assert set(done) <= set(asked)

    @invariant()
    def it_is_over_or_somebody_is_waited_for(self) -> None:
        now = self.desk.now
        waiting = bool(self.open_tasks) or engine.next_wake_at(now) is not None
        assert (now.status == "ongoing") == waiting
        assert (now.status == "ongoing") == bool(now.threads)


Table.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTable = Table.TestCase


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(playbooks(calm=True), st.randoms(use_true_random=False))
def test_independent_answers_in_any_order_end_in_the_same_place(text: str, random: Random) -> None:
    """Who is first does not matter to which tasks are open and what is known, as long as all say the same."""
    ends = []
    for shuffled in (False, True):
        desk = Desk(text, INNER)
        for _ in range(2000):
            open_tasks = [task for task in desk.now.tasks.values() if task.state.is_open]
            if desk.now.status != "ongoing":
                break
            if not open_tasks:
                desk.wakes(after=timedelta(seconds=30))
                continue
            task = random.choice(open_tasks) if shuffled else open_tasks[0]
            told = engine.answer(
                desk.book, desk.now, task_key=task.task_key, outcome="klaar", out_args={"__x__": "ja"}, at=desk.at
            )
            desk.take(told)
        ends.append((desk.now.status, desk.now.variables, {key: task.state for key, task in desk.now.tasks.items()}))
    assert ends[0] == ends[1]
