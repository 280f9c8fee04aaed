"""Checks a playbook before anybody runs it: its schema, its references, and whether every walk can come to an end.

Errors make it not valid; everything else is a warning. Bounded: one pass over the text, walks without recursion.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Literal

from playbooks.cacao import Playbook, Step, UnreadablePlaybookError, model
from playbooks.conditions import ConditionError, holds
from playbooks.reading import MOST_BYTES, MOST_STEPS, UnfitError, load
from playbooks.references import references
from playbooks.schema import shape
from playbooks.signatures import Checker, SignatureRow, verdicts
from playbooks.walks import walks

__all__ = ["MOST_BYTES", "MOST_FINDINGS", "Finding", "Report", "check"]
MOST_FINDINGS = 1000


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
    """`valid`: no errors. `executable`: valid, so every step runs or is shown to a person."""

    valid: bool
    executable: bool
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureRow, ...] = ()


Row = tuple[str, Literal["error", "warning"], str | None, str]


def check(text: str, verify: Checker | None = None) -> Report:
    """Check one playbook; anything that is not one is an error in the report, never an exception.

    `verify` does the arithmetic of signatures; without it they are listed and not checked.
    """
    try:
        data = load(text)
    except UnfitError as error:
        return _report([(error.code, "error", None, error.message)])
    if not isinstance(data, dict):
        return _report([("schema", "error", None, "Een draaiboek is een JSON-object.")])
    workflow = data.get("workflow")
    if isinstance(workflow, dict) and len(workflow) > MOST_STEPS:
        return _report([("size", "error", None, f"Een draaiboek heeft ten hoogste {MOST_STEPS} stappen.")])
    signatures = verdicts(data, verify)
    return _report(chain(_rows(data), (row.finding() for row in signatures)), signatures)


def _rows(data: dict[str, Any]) -> Iterator[Row]:
    yield from shape(data)
    try:
        playbook = model(data)
    except UnreadablePlaybookError as error:
        yield "unreadable", "error", None, error.message
        return
    yield from references(playbook)
    yield from walks(playbook)
    yield from _advice(playbook)


def _report(rows: Iterable[Row], signatures: tuple[SignatureRow, ...] = ()) -> Report:
    """The first findings of each kind, errors first; the rest is counted, so that no file can fill the memory."""
    kept: dict[str, dict[Finding, None]] = {"error": {}, "warning": {}}
    more = 0
    for row in rows:
        finding, same = Finding(*row), kept[row[1]]
        if len(same) < MOST_FINDINGS:
            same[finding] = None
        else:
            more += finding not in same
    shown = [*kept["error"], *kept["warning"]]
    more += max(0, len(shown) - MOST_FINDINGS)
    shown = shown[:MOST_FINDINGS]
    if more:
        shown.append(Finding("more", "warning", None, f"Er zijn nog {more} bevindingen, die niet getoond worden."))
    valid = not kept["error"]
    return Report(valid, valid, tuple(shown), signatures)


def _advice(playbook: Playbook) -> Iterator[Row]:
    for name, step in playbook.workflow.items():
        yield from _step_advice(playbook, name, step)
    period = playbook.valid_from and playbook.valid_until and not playbook.revoked
    if period and str(playbook.valid_from) >= str(playbook.valid_until):
        yield "validity", "warning", None, "valid_from ligt niet voor valid_until."
    if playbook.modified < playbook.created:
        yield "validity", "warning", None, "modified ligt voor created."
    for marking in playbook.markings:
        if marking not in playbook.data_marking_definitions:
            yield "marking", "warning", None, f"Markering {marking} staat niet in data_marking_definitions."


def _step_advice(playbook: Playbook, name: str, step: Step) -> Iterator[Row]:
    if step.condition is not None:
        try:
            holds(step.condition, {})
        except ConditionError as error:
            yield "condition", "warning", name, error.message
    shadowed = sorted(step.step_variables.keys() & playbook.playbook_variables.keys())
    if shadowed:
        yield "shadowed", "warning", name, f"Heet in het draaiboek ook zo: {', '.join(shadowed)}."
