"""What a playbook names and does not have: steps, agents, targets, variables, a start that is not one."""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import ValidationError

from playbooks.cacao import Playbook, Step
from playbooks.extension import words_of

Row = tuple[str, Literal["error", "warning"], str | None, str]
USED = re.compile(r"(__[A-Za-z][\w-]{0,248}?__)(?::value|\b)", re.ASCII)
VALUE = re.compile(r"(__[A-Za-z][\w-]{0,248}?__):value", re.ASCII)
FEWEST_BRANCHES = 2


def references(playbook: Playbook) -> Iterator[Row]:
    """Findings on everything that is named."""
    yield from _start(playbook)
    exception = playbook.workflow_exception
    if exception is not None and exception not in playbook.workflow:
        yield "dangling", "error", None, f"workflow_exception {exception} bestaat niet."
    yield from _used_by_agents(playbook)
    elsewhere = frozenset(name for step in playbook.workflow.values() for name in step.step_variables)
    for name, step in playbook.workflow.items():
        for following in step.successors():
            if following not in playbook.workflow:
                yield "dangling", "error", name, f"Stap {following} bestaat niet."
        yield from _people(playbook, name, step)
        yield from _used_variables(playbook, name, step, elsewhere)
        if step.type == "parallel":
            yield from _parallel(name, step)
        if step.type == "action":
            yield from _own_words(playbook, name, step)


def _parallel(name: str, step: Step) -> Iterator[Row]:
    if len(step.next_steps) < FEWEST_BRANCHES:
        yield "parallel", "error", name, "Een parallel heeft ten minste twee takken."
    if step.on_completion is None and step.on_success is None:
        yield "parallel", "error", name, "Een parallel zegt wat er na zijn takken komt: on_completion of on_success."


def _used_by_agents(playbook: Playbook) -> Iterator[Row]:
    for definitions in (playbook.agent_definitions, playbook.target_definitions):
        for name, each in definitions.items():
            used = {found for text in _texts(each) for found in VALUE.findall(text)}
            for one in sorted(used - playbook.playbook_variables.keys()):
                yield "undefined", "error", None, f"Variabele {one} in {name} staat nergens."


def _texts(value: object) -> Iterator[str]:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (list, tuple)):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one.values())


def _start(playbook: Playbook) -> Iterator[Row]:
    first = playbook.workflow.get(playbook.workflow_start)
    if first is None:
        yield "dangling", "error", None, f"workflow_start {playbook.workflow_start} bestaat niet."
    elif first.type != "start":
        yield "start", "error", playbook.workflow_start, "workflow_start wijst niet naar een stap van soort start."


def _people(playbook: Playbook, name: str, step: Step) -> Iterator[Row]:
    known = playbook.agent_definitions
    if step.agent is not None and step.agent not in known:
        yield "undefined", "error", name, f"Agent {step.agent} staat niet in agent_definitions."
    for target in step.targets:
        if target not in playbook.target_definitions and target not in known:
            yield "undefined", "error", name, f"Doel {target} staat niet in target_definitions."


def _used_variables(playbook: Playbook, name: str, step: Step, elsewhere: frozenset[str]) -> Iterator[Row]:
    """A variable that another step declares is known too: people write it as if it belonged to the playbook."""
    used = set(step.in_args) | set(step.out_args) | set(USED.findall(f"{step.condition or ''} {step.switch or ''}"))
    for command in step.commands:
        used |= {found for text in _texts(command.model_dump()) for found in VALUE.findall(text)}
    for each in sorted(used - step.step_variables.keys() - playbook.playbook_variables.keys()):
        if each in elsewhere:
            yield "scope", "warning", name, f"Variabele {each} hoort bij een andere stap."
        else:
            yield "undefined", "error", name, f"Variabele {each} staat nergens."


def _own_words(playbook: Playbook, name: str, step: Step) -> Iterator[Row]:
    try:
        words_of(playbook, step)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))
        yield "extension", "error", name, f"De uitbreiding voor taken klopt niet. Kijk naar: {fields}."
