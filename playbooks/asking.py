"""How a step becomes a task: whose it is, what it says, by when, and which values it asks for."""

import base64
import binascii
from datetime import datetime, timedelta

from domain.events.execution import TaakGevraagd
from playbooks import scopes
from playbooks.cacao import CommandData, Playbook, Step
from playbooks.extension import Target, words_of
from playbooks.state import Execution, Thread


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
        expires_at=at + timedelta(milliseconds=step.timeout) if step.timeout else None,
        mayor_decides=words.mayor_decides,
        second_pair_of_eyes=words.second_pair_of_eyes,
        out_args=scopes.asked(playbook, step),
    )


def _due(state: Execution, target: Target | None) -> datetime | None:
    anchor = state.anchors.get(target.anchor) if target else None
    return anchor + timedelta(minutes=target.minutes) if anchor and target else None


def _command_text(step: Step, values: scopes.Values, *, shown: frozenset[str]) -> str | None:
    """What the commands say, unless the task says it already. Only people act on it; nothing is ever run."""
    texts = [(each.type, scopes.filled(_text_of(each), values)) for each in step.commands]
    lines = [text if kind == "manual" else f"[{kind}] {text}" for kind, text in texts if text and text not in shown]
    return "\n".join(lines) or None


def _text_of(command: CommandData) -> str:
    if command.command is not None:
        return command.command
    if command.command_b64 is None:
        return command.description
    try:
        return base64.b64decode(command.command_b64, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return command.command_b64
