"""The engine after a crash: any playbook, any answers, any place to break off, and the facts are the same."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks import engine
from playbooks.state import Execution, step
from tests.unit.playbooks.books import Desk, book_text, variables

OUTCOMES = st.sampled_from(["klaar", "mislukt", "kan-niet", "overgeslagen"])
Workflow = dict[str, dict[str, Any]]


@st.composite
def workflows(draw: st.DrawFn) -> str:
    """Random playbooks of the step types we run: blocks in blocks, with failures, times and jumps back."""
    steps: Workflow = {"e": {}}
    steps = {"s": {"on_completion": _block(draw, steps, "e", 3)}, **steps}
    more = {"workflow_exception": "e"} if draw(st.booleans()) else {}
    return book_text(steps, playbook_variables=variables(x=None, y="4"), **more)


def _block(draw: st.DrawFn, steps: Workflow, following: str, depth: int) -> str:
    """Add steps that end in `following`; gives the name of the first."""
    number = len(steps)
    kind = draw(st.sampled_from("aaip" if depth else "a"))
    name = f"{kind}{number}"
    steps[name] = {}
    if kind == "a":
        fails = {"on_failure": draw(st.sampled_from([following, *_earlier(steps)]))} if draw(st.booleans()) else {}
        timed = {"timeout": 60_000} if draw(st.booleans()) else {}
        delayed = {"delay": 30_000} if draw(st.integers(0, 4)) == 0 else {}
        steps[name] = {"on_success": following, "out_args": ["__x__"], **fails, **timed, **delayed}
        return name
    after = _block(draw, steps, following, depth - 1)
    ends = [f"e{number}{place}" for place in range(2)]
    steps.update({end: {} for end in ends})
    first, second = (_block(draw, steps, end, depth - 1) for end in ends)
    if kind == "p":
        steps[name] = {"next_steps": [first, second], "on_completion": after}
    else:
        condition = draw(st.sampled_from(["__x__:value > 3", "__x__:value = 'ja'", "__y__:value = 4"]))
        steps[name] = {"condition": condition, "on_true": first, "on_false": second, "on_completion": after}
    return name


def _earlier(steps: Workflow) -> list[str]:
    return [name for name, one in steps.items() if name.startswith("a") and one]


def _replayed(desk: Desk, facts: list[engine.ExecutionEvent]) -> Execution | None:
    state: Execution | None = None
    for fact in facts:
        state = step(state, fact, desk.at)
    return state


@settings(max_examples=120, deadline=None)
@given(workflows(), st.data())
def test_folding_the_facts_again_gives_the_same_state_and_the_same_next_facts(text: str, data: st.DataObject) -> None:
    desk = Desk(text)
    for _ in range(12):
        before = desk.now
        open_tasks = [task for task in before.tasks.values() if task.state.is_open]
        if before.status != "ongoing":
            break
        again = Execution.model_validate_json(before.model_dump_json())
        assert again == before
        if not open_tasks or data.draw(st.integers(0, 5)) == 0:
            at = desk.at + timedelta(minutes=1)
            assert engine.wake(desk.book, again, at) == engine.wake(desk.book, before, at)
            desk.wakes(after=timedelta(minutes=1))
            assert engine.wake(desk.book, desk.now, desk.at) == ()
            continue
        task = data.draw(st.sampled_from(open_tasks))
        said: dict[str, Any] = {
            "task_key": task.task_key,
            "outcome": data.draw(OUTCOMES),
            "out_args": {"__x__": data.draw(st.sampled_from([None, "", "10", "2", "ja"]))},
            "at": desk.at,
        }
        facts = engine.answer(desk.book, before, **said)
        assert engine.answer(desk.book, again, **said) == facts
        desk.take(facts)
        _refuses_again(desk, said)


def _refuses_again(desk: Desk, said: dict[str, Any]) -> None:
    try:
        engine.answer(desk.book, desk.now, **said)
    except engine.TaskAnsweredError:
        return
    raise AssertionError("a second answer was taken")


@settings(max_examples=40, deadline=None)
@given(workflows(), st.lists(OUTCOMES, max_size=20))
def test_every_prefix_of_the_facts_can_be_folded_and_ends_in_the_same_state(text: str, outcomes: list[str]) -> None:
    desk = Desk(text)
    for outcome in outcomes:
        if desk.open:
            desk.answers(desk.open[0], outcome, x="10")
    assert all(_replayed(desk, desk.log[:place]) for place in range(1, len(desk.log) + 1))
    assert _replayed(desk, desk.log) == desk.now
    assert (desk.now.status == "ongoing") == bool(desk.now.threads)
    if desk.now.status != "ongoing":
        assert desk.open == []
