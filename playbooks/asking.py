"""How a step becomes a task: whose it is, what it says, by when, and which values it asks for."""

import base64
import binascii
from datetime import datetime, timedelta

from domain.events.execution import TaakGevraagd
from playbooks import scopes
from playbooks.cacao import CommandData, Playbook, Step
from playbooks.extension import Target, words_of
from playbooks.state import Execution, Thread

LONGEST = 10 * 366 * 24 * 3600 * 1000
"""Ten years, in milliseconds."""


def task_of(state: Execution, thread: Thread, playbook: Playbook, at: datetime) -> TaakGevraagd:
    """The step of this branch as one task; its commands stand in it in the listed order."""
    step = playbook.workflow[thread.step]
    words = words_of(playbook, step)
    values = scopes.known(state, thread.scope, step)
    description = {language: scopes.filled(text, values) for language, text in words.description.items()}
    return TaakGevraagd(
        task_key=f"{state.execution_id}/{thread.step}/{thread.token}/{state.visits[thread.step]}",
        token=thread.token,
        step=thread.step,
        organisation=state.routing.get(words.party, f"gemeente:{state.municipality}"),
        function=words.function.value,
        title=words.title,
        description=description,
        command=_command_text(step, values, shown=frozenset(description.values())),
        basis=words.basis,
        basis_confidence=words.confidence,
        due_at=_due(state, words.target),
        expires_at=at + milliseconds(step.timeout) if step.timeout else None,
        mayor_decides=words.mayor_decides,
        second_pair_of_eyes=words.second_pair_of_eyes,
        out_args=scopes.asked(playbook, step),
        shadowing=scopes.shadowing(playbook, step),
    )


def milliseconds(count: int) -> timedelta:
    """A span of the playbook, cut off at what a calendar can hold."""
    return timedelta(milliseconds=max(0, min(count, LONGEST)))


def _due(state: Execution, target: Target | None) -> datetime | None:
    anchor = state.anchors.get(target.anchor) if target else None
    return anchor + timedelta(minutes=target.minutes) if anchor and target else None


def _command_text(step: Step, values: scopes.Values, *, shown: frozenset[str]) -> str | None:
    """What the commands say, unless the task says it already. Only people act on it; nothing is ever run."""
    texts = [(each.type, scopes.filled(_text_of(each), values)) for each in step.commands]
    lines = [text if kind == "manual" else f"[{kind}] {text}" for kind, text in texts if text and text not in shown]
    silent = [f"[{kind}]" for kind, text in texts if kind != "manual" and not text]
    return "\n".join([*lines, *silent]) or None


def _text_of(command: CommandData) -> str:
    """The command and what goes with it; what cannot be decoded is shown as it stands."""
    texts = [command.command, _decoded(command.command_b64), command.content, _decoded(command.content_b64)]
    return "\n".join(each for each in texts if each) or command.description


def _decoded(text: str | None) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode() if text else None
    except (binascii.Error, ValueError):
        return text
