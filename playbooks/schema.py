"""The shape of a CACAO 2.0 playbook, as far as the schemas of OASIS demand it: required, types, ids, ranges.

Verdicts agree with those schemas read as Draft 7: a property they do not name is kept and never an error.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

Row = tuple[str, Literal["error", "warning"], str | None, str]
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
IDENTIFIER = re.compile(rf"[a-z][a-z0-9-]+[a-z0-9]--{UUID}")
UUID4 = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")
TIMESTAMP = re.compile(
    r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(\.\d+)?Z", re.ASCII
)
MILLISECONDS = re.compile(r"\.\d{3}Z")
VARIABLE = re.compile(r"__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__")
STEP_TYPES = (
    "start",
    "end",
    "action",
    "playbook-action",
    "parallel",
    "if-condition",
    "while-condition",
    "switch-condition",
)
AGENT_TYPES = (
    "group",
    "individual",
    "location",
    "organization",
    "sector",
    "http-api",
    "linux",
    "net-address",
    "security-category",
    "ssh",
)
Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str)


def _identifier(value: object) -> bool:
    return isinstance(value, str) and IDENTIFIER.fullmatch(value) is not None


def _moment(value: object) -> bool:
    return isinstance(value, str) and TIMESTAMP.fullmatch(value) is not None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _percentage(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100  # noqa: PLR2004 - a percentage


def _delay(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _list_of(check: Check, least: int = 1) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(check(each) for each in value)


def _object(value: object) -> bool:
    return isinstance(value, dict)


def _truth(value: object) -> bool:
    return isinstance(value, bool)


PLAYBOOK: Mapping[str, Check] = {
    "type": lambda value: value == "playbook",
    "spec_version": lambda value: value == "cacao-2.0",
    "id": _identifier,
    "name": _text,
    "description": _text,
    "playbook_types": _list_of(_text, 0),
    "playbook_activities": _list_of(_text),
    "created_by": _identifier,
    "created": _moment,
    "modified": _moment,
    "revoked": _truth,
    "valid_from": _moment,
    "valid_until": _moment,
    "derived_from": _list_of(_identifier),
    "related_to": _list_of(_identifier),
    "priority": _percentage,
    "severity": _percentage,
    "impact": _percentage,
    "labels": _list_of(_text),
    "markings": _list_of(_identifier),
    "workflow_start": _identifier,
    "workflow_exception": _identifier,
    "workflow": _object,
    "playbook_variables": _object,
    "agent_definitions": _object,
    "target_definitions": _object,
    "extension_definitions": _object,
}
REQUIRED = ("type", "spec_version", "id", "name", "created_by", "created", "modified", "workflow_start", "workflow")
STEP: Mapping[str, Check] = {
    "type": lambda value: value in STEP_TYPES,
    "name": _text,
    "description": _text,
    "delay": _delay,
    "timeout": _whole,
    "step_variables": _object,
    "owner": _identifier,
    "on_completion": _identifier,
    "on_success": _identifier,
    "on_failure": _identifier,
    "commands": _list_of(_object),
    "agent": _identifier,
    "targets": _list_of(_identifier),
    "in_args": _list_of(_text),
    "out_args": _list_of(_text),
    "playbook_id": _identifier,
    "playbook_version": _moment,
    "next_steps": _list_of(_identifier, 2),
    "condition": _text,
    "on_true": _identifier,
    "on_false": _identifier,
    "switch": _text,
    "cases": _object,
}
STEP_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "action": ("commands", "agent"),
    "playbook-action": ("playbook_id",),
    "parallel": ("next_steps",),
    "if-condition": ("condition", "on_true"),
    "while-condition": ("condition", "on_true"),
    "switch-condition": ("switch", "cases"),
}
STEP_FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "start": ("on_success", "on_failure"),
    "end": ("on_completion", "on_success", "on_failure"),
}


def shape(data: Mapping[str, Any]) -> Iterator[Row]:
    """Findings on the shape of a JSON object that wants to be a playbook."""
    yield from _fields(data, PLAYBOOK, REQUIRED, None)
    identity = data.get("id")
    if _identifier(identity) and not _is_own_id(str(identity), "playbook"):
        yield "id", "error", None, f"{identity} is niet playbook--<UUIDv4>."
    for name in ("created", "modified", "valid_from", "valid_until"):
        value = data.get(name)
        if _moment(value) and MILLISECONDS.search(str(value)) is None:
            yield "timestamp", "warning", None, f"{name} heeft niet precies drie cijfers achter de seconde."
    yield from _variables(data.get("playbook_variables"), None)
    for name in ("agent_definitions", "target_definitions"):
        yield from _definitions(data.get(name))
    workflow = data.get("workflow")
    if isinstance(workflow, dict):
        yield from _workflow(workflow)


def _definitions(definitions: object) -> Iterator[Row]:
    """An agent or target says what it is; a type of the specification is also the first part of its id."""
    for name, each in definitions.items() if isinstance(definitions, dict) else ():
        kind = name.partition("--")[0]
        if not isinstance(each, dict) or not _text(each.get("type")) or not _text(each.get("name")):
            yield "schema", "error", None, f"{name} heeft een type en een naam."
        elif kind in AGENT_TYPES and each["type"] != kind:
            yield "schema", "error", None, f"{name} is van soort {kind}, maar zegt {each['type']}."
        elif not _identifier(name):
            yield "id", "warning", None, f"{name} is niet <soort>--<UUID>."


def _workflow(workflow: Mapping[str, Any]) -> Iterator[Row]:
    kinds = [step.get("type") for step in workflow.values() if isinstance(step, dict)]
    for name, step in workflow.items():
        if isinstance(step, dict):
            yield from _step(name, step)
        else:
            yield "schema", "error", name, "Een stap is een JSON-object."
    if kinds.count("start") != 1:
        yield "start", "error", None, f"Een draaiboek heeft precies een start; hier zijn er {kinds.count('start')}."
    if "end" not in kinds:
        yield "schema", "error", None, "Een draaiboek heeft ten minste een end."
    if "action" not in kinds and "playbook-action" not in kinds:
        yield "schema", "error", None, "Een draaiboek heeft ten minste een action of playbook-action."


def _step(name: str, step: Mapping[str, Any]) -> Iterator[Row]:
    kind = str(step.get("type"))
    yield from _fields(step, STEP, ("type", *STEP_REQUIRED.get(kind, ())), name)
    if not _is_own_id(name, kind):
        yield "id", "error", name, f"De naam van een stap is {kind}--<UUIDv4>."
    for each in STEP_FORBIDDEN.get(kind, ()):
        if each in step:
            yield "schema", "error", name, f"Een stap van soort {kind} heeft geen {each}."
    if "on_completion" in step and ("on_success" in step or "on_failure" in step):
        yield "schema", "error", name, "on_completion gaat niet samen met on_success of on_failure."
    yield from _variables(step.get("step_variables"), name)
    for command in step.get("commands") or () if isinstance(step.get("commands"), list) else ():
        yield from _command(command, name)


def _command(command: object, name: str) -> Iterator[Row]:
    if not isinstance(command, dict) or not isinstance(command.get("type"), str):
        yield "schema", "error", name, "Een opdracht is een JSON-object met een type."
    elif command["type"] == "manual" and not (command.get("command") or command.get("command_b64")):
        yield "command", "warning", name, "Een opdracht van soort manual heeft command of command_b64."


def _variables(variables: object, step: str | None) -> Iterator[Row]:
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        if VARIABLE.fullmatch(name) is None:
            yield "schema", "error", step, f"{name} is geen naam van een variabele: __naam__."
        elif not isinstance(variable, dict) or not isinstance(variable.get("type"), str):
            yield "schema", "error", step, f"Variabele {name} heeft een type."
        elif not isinstance(variable.get("value"), (str, type(None))):
            yield "schema", "error", step, f"De waarde van variabele {name} is tekst."


def _fields(
    data: Mapping[str, Any], checks: Mapping[str, Check], required: tuple[str, ...], step: str | None
) -> Iterator[Row]:
    for name in required:
        if name not in data:
            yield "schema", "error", step, f"{name} ontbreekt."
    for name, value in data.items():
        check = checks.get(name)
        if check is not None and not check(value):
            yield "schema", "error", step, f"{name} klopt niet."


def _is_own_id(name: str, kind: str) -> bool:
    prefix, dashes, number = name.partition("--")
    return prefix == kind and bool(dashes) and UUID4.fullmatch(number) is not None
