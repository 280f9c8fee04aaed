"""What a task says: the commands in their order, values filled in, by when, and with whom it lands."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from playbooks.engine import Execution, PlaybookUnknownError, begin, evolve
from playbooks.extension import EXTENSION
from tests.builders import recorded
from tests.unit.playbooks.books import AGENT, NOON, SPACE, Desk, Steps, book_text, variables

WORDS: dict[str, Any] = {
    "party": "om",
    "function": "officier-van-justitie",
    "title": {"nl": "Beoordeel", "en": "Assess"},
    "description": {"nl": "Beoordeel __x__:value", "en": "Assess __x__:value"},
    "target": {"anchor": "T", "minutes": 30},
    "basis": "Politiewet 2012 art. 12",
    "confidence": "te bevestigen",
    "second_pair_of_eyes": True,
}


def desk(step: dict[str, Any], **more: Any) -> Desk:
    steps: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e", **step}, "e": {}}
    return Desk(book_text(steps, playbook_variables=variables(x="5", y=None), **more))


def test_our_extension_says_whose_the_task_is_and_by_when() -> None:
    task = desk({"step_extensions": {EXTENSION: WORDS}}).task("a1")
    assert (task.organisation, task.function) == ("om:MN", "officier-van-justitie")
    assert task.due_at == NOON + timedelta(minutes=30)
    assert (task.description["nl"], task.basis_confidence) == ("Beoordeel 5", "te bevestigen")
    assert (task.second_pair_of_eyes, task.mayor_decides) == (True, False)


def test_a_moment_that_nobody_set_gives_no_target() -> None:
    words = {**WORDS, "target": {"anchor": "B", "minutes": 1}}
    assert desk({"step_extensions": {EXTENSION: words}}).task("a1").due_at is None


@pytest.mark.parametrize(
    ("name", "organisation"),
    [("Politie", "politie:PE03"), ("vr", "vr:VR09"), ("OM", "om:MN"), ("computer", "gemeente:GM0344")],
)
def test_without_it_the_name_of_the_agent_decides(name: str, organisation: str) -> None:
    agents = {AGENT: {"type": "organization", "name": name}}
    assert desk({}, agent_definitions=agents).task("a1").organisation == organisation


def test_every_command_is_shown_in_order_and_nothing_is_run() -> None:
    commands = [
        {"type": "manual", "command": "Bel __y__:value"},
        {"type": "bash", "command": "rm __x__:value"},
        {"type": "manual", "command_b64": base64.b64encode(b"Kijk").decode()},
        {"type": "manual", "command_b64": "geen base64"},
        {"type": "ssh", "description": "log in"},
    ]
    shown = desk({"commands": commands}).task("a1").command
    assert shown == "Bel (nog onbekend)\n[bash] rm 5\nKijk\ngeen base64\n[ssh] log in"


def test_a_fact_that_was_folded_already_changes_nothing() -> None:
    state: Execution | None = None
    facts = [recorded(event, version) for version, event in enumerate(desk({}).log, start=1)]
    for fact in facts:
        state = evolve(state, fact)
        assert evolve(state, fact) is state
    assert state
    assert state.stream_id == f"execution:{SPACE}"
    assert state.version == len(facts)


def test_a_playbook_that_we_do_not_have_cannot_begin() -> None:
    with pytest.raises(PlaybookUnknownError):
        begin(
            {},
            "playbook--weg",
            execution_id=SPACE,
            incident_id=SPACE,
            municipality="GM0344",
            at=NOON,
            routing={},
            anchors={},
        )
