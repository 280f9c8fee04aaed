"""The shape of a CACAO 2.0 playbook: every breach of the rules of OASIS, and what deserves a look.

Verdicts with code `schema` agree with the schemas of OASIS read as Draft 7.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from playbooks.shape_steps import PLAYBOOK, STEP_ID, STEPS
from playbooks.shape_tables import AGENT_RULES, MOMENT, UUID, VARIABLE_NAME

Row = tuple[str, Literal["error", "warning"], str | None, str]
MILLISECONDS = re.compile(r"\.\d{3}Z", re.ASCII)
PLAYBOOK_ID = re.compile(rf"\Aplaybook--{UUID}\Z")
MOMENTS = ("created", "modified", "valid_from", "valid_until")


def shape(data: Mapping[str, Any]) -> Iterator[Row]:
    """Findings on the shape of a JSON object that wants to be a playbook."""
    yield from (_breach(None, path) for path in PLAYBOOK.broken(data))
    identity = data.get("id")
    if isinstance(identity, str) and PLAYBOOK_ID.search(identity) is None:
        yield "id", "warning", None, f"{_short(identity)} is niet playbook--<UUID>."
    for name in MOMENTS:
        value = data.get(name)
        if not list(MOMENT.broken(value)) and MILLISECONDS.search(str(value)) is None:
            yield "timestamp", "warning", None, f"{name} heeft niet precies drie cijfers achter de seconde."
    yield from _names(data.get("playbook_variables"), None)
    for name in ("agent_definitions", "target_definitions"):
        yield from _definitions(data.get(name))
    workflow = data.get("workflow")
    if isinstance(workflow, dict):
        yield from _workflow(workflow)


def _breach(step: str | None, path: str) -> Row:
    return "schema", "error", step, f"{_short(path.removeprefix('.')) or 'De stap'} ontbreekt of klopt niet."


def _definitions(definitions: object) -> Iterator[Row]:
    """An agent or target of a type that the specification does not know is free, so it is only looked at."""
    for name, each in definitions.items() if isinstance(definitions, dict) else ():
        if not any(pattern.search(name) for pattern, _ in AGENT_RULES):
            yield "id", "warning", None, f"{_short(name)} is geen soort van de standaard, of geen <soort>--<UUID>."
            if not isinstance(each, dict) or not isinstance(each.get("name"), str):
                yield "agent", "warning", None, f"{_short(name)} heeft geen naam."


def _workflow(workflow: Mapping[str, Any]) -> Iterator[Row]:
    kinds = [str(step.get("type")) for step in workflow.values() if isinstance(step, dict)]
    for name, step in workflow.items():
        yield from _step(name, step)
    if kinds.count("start") > 1:
        yield "start", "warning", None, f"Een draaiboek heeft één start; hier zijn er {kinds.count('start')}."
    if "action" not in kinds and "playbook-action" not in kinds:
        yield "action", "warning", None, "Een draaiboek heeft ten minste een action of playbook-action."


def _step(name: str, step: object) -> Iterator[Row]:
    found = STEP_ID.search(name)
    if found is None:
        kind = step.get("type") if isinstance(step, dict) else None
        yield "id", "error", name, f"De naam van een stap is <soort>--<UUID>; deze stap zegt soort {_short(str(kind))}."
        return
    yield from (_breach(name, path) for path in STEPS[found[1]].broken(step))
    if not isinstance(step, dict):
        return
    if "on_completion" in step and ("on_success" in step or "on_failure" in step):
        yield "successor", "error", name, "on_completion gaat niet samen met on_success of on_failure."
    yield from _names(step.get("step_variables"), name)
    for command in step["commands"] if isinstance(step.get("commands"), list) else ():
        yield from _command(command, name)


def _command(command: object, name: str) -> Iterator[Row]:
    if not isinstance(command, dict):
        return
    if command.get("type") != "manual":
        said = f"Een opdracht van soort {_short(str(command.get('type')))} wordt niet uitgevoerd."
        yield "shown", "warning", name, f"{said} Een mens krijgt de tekst te zien."
    elif not (command.get("command") or command.get("command_b64")):
        yield "command", "warning", name, "Een opdracht van soort manual heeft command of command_b64."


def _names(variables: object, step: str | None) -> Iterator[Row]:
    for name in variables if isinstance(variables, dict) else ():
        if VARIABLE_NAME.search(name) is None:
            yield "variable", "warning", step, f"{_short(name)} is geen naam van een variabele: __naam__."


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"  # noqa: PLR2004 - what fits on a line
