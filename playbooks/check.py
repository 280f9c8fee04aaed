"""Checks a playbook before anybody runs it: its schema, its references, and whether every walk can come to an end.

Errors make it not valid; everything else is a warning. Bounded: one pass over the text, walks without recursion.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

from playbooks.cacao import Playbook, Step, UnreadablePlaybookError, parse
from playbooks.conditions import ConditionError, holds
from playbooks.engine import UNSUPPORTED
from playbooks.references import references
from playbooks.schema import shape
from playbooks.walks import walks

MOST_FINDINGS = 1000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (`error`) or deserves a look (`warning`), at one step or at the playbook as a whole."""

    code: str
    severity: Literal["error", "warning"]
    step: str | None
    message: str

    def as_dict(self) -> dict[str, str | None]:
        """For `--json`."""
        return asdict(self)


@dataclass(frozen=True)
class Report:
    """`valid`: no errors. `executable`: valid, and only step types that this version runs."""

    valid: bool
    executable: bool
    findings: tuple[Finding, ...]


def check(text: str) -> Report:
    """Check one playbook; anything that is not one is an error in the report, never an exception."""
    if len(text) > MOST_BYTES:
        return _report([Finding("schema", "error", None, "Dit bestand is te groot voor een draaiboek.")])
    try:
        data = orjson.loads(text)
    except ValueError as error:
        return _report([Finding("schema", "error", None, f"Dit is geen JSON: {error}.")])
    if not isinstance(data, dict):
        return _report([Finding("schema", "error", None, "Een draaiboek is een JSON-object.")])
    findings = [Finding(*each) for each in shape(data)]
    try:
        playbook = parse(text)
    except UnreadablePlaybookError as error:
        return _report([*findings, Finding("schema", "error", None, error.message)])
    findings += [Finding(*each) for each in (*references(playbook), *walks(playbook), *_advice(playbook, data))]
    return _report(findings)


def _report(findings: Sequence[Finding]) -> Report:
    once = tuple(dict.fromkeys(findings))
    valid = not any(each.severity == "error" for each in once)
    executable = valid and not any(each.code == "unsupported" for each in once)
    worst_first = sorted(once, key=lambda each: each.severity == "warning")
    shown = tuple(worst_first[:MOST_FINDINGS])
    if len(once) > MOST_FINDINGS:
        more = f"Er zijn nog {len(once) - MOST_FINDINGS} bevindingen, die niet getoond worden."
        shown = (*shown, Finding("more", "warning", None, more))
    return Report(valid, executable, shown)


Row = tuple[str, Literal["error", "warning"], str | None, str]


def _advice(playbook: Playbook, data: dict[str, Any]) -> Iterator[Row]:
    for name, step in playbook.workflow.items():
        yield from _step_advice(playbook, name, step)
    if playbook.valid_from and playbook.valid_until and playbook.valid_from >= playbook.valid_until:
        yield "validity", "warning", None, "valid_from ligt niet voor valid_until."
    if data.get("signatures"):
        yield "signature", "warning", None, "De handtekening is niet gecontroleerd."


def _step_advice(playbook: Playbook, name: str, step: Step) -> Iterator[Row]:
    if step.type in UNSUPPORTED:
        yield "unsupported", "warning", name, f"Stap van soort {step.type}: deze versie voert dat niet uit."
    if step.condition is not None:
        try:
            holds(step.condition, {})
        except ConditionError as error:
            yield "condition", "warning", name, error.message
    if step.timeout and step.type != "action":
        yield "timeout", "warning", name, "Een timeout wordt alleen bij een stap van soort action bewaakt."
    shadowed = sorted(step.step_variables.keys() & playbook.playbook_variables.keys())
    if shadowed:
        yield "shadowed", "warning", name, f"Heet in het draaiboek ook zo: {', '.join(shadowed)}."
