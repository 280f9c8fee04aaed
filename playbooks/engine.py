"""The CACAO engine: pure and resumable. Values in, facts out; state only from facts; one effect per step.

Every answer gives the facts of all steps that follow until a person is needed again. Asking twice gives nothing new.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from domain.errors import ConflictError, NotFoundError, RefusedError
from domain.events import execution as facts
from domain.events.execution import ExecutionEvent
from domain.tasks import Task
from playbooks import scopes
from playbooks.cacao import Playbook, parse
from playbooks.extension import words_of
from playbooks.progress import Book, Progress, TaskUnknownError
from playbooks.state import Execution, evolve, stream_of

__all__ = [
    "Book",
    "BrokenPlaybookError",
    "Execution",
    "ExecutionEvent",
    "OtherVersionError",
    "PlaybookUnknownError",
    "TaskAnsweredError",
    "TaskUnknownError",
    "WrongArgumentsError",
    "answer",
    "begin",
    "evolve",
    "next_wake_at",
    "seen",
    "stream_of",
    "wake",
]


class TaskAnsweredError(ConflictError):
    """Deze taak is al afgehandeld. Uw antwoord is niet opgeslagen; kijk in de lijst wie het deed en wanneer."""

    def __init__(self, task: Task | None = None) -> None:
        super().__init__()
        self.task = task
        """The task as it ended: how, by whom and when."""


class WrongArgumentsError(RefusedError):
    """Het antwoord bevat een gegeven waar deze taak niet om vraagt."""


class PlaybookUnknownError(NotFoundError):
    """Dit draaiboek kennen wij niet."""


class BrokenPlaybookError(RefusedError):
    """Dit draaiboek klopt niet: een stap verwijst naar iets dat er niet is. Starten kan niet."""


class OtherVersionError(ConflictError):
    """Het draaiboek is gewijzigd nadat deze uitvoering begon. De uitvoering gaat alleen met de oude tekst verder."""


def begin(  # noqa: PLR0913 - keyword-only; each is one fact of the start
    book: Book,
    playbook_id: str,
    *,
    execution_id: UUID,
    incident_id: UUID,
    municipality: str,
    at: datetime,
    routing: Mapping[str, str],
    anchors: Mapping[str, datetime],
    variables: scopes.Values | None = None,
) -> tuple[ExecutionEvent, ...]:
    """Facts of a new execution. `routing`: party -> organisation; `variables`: what the caller fills from outside.

    Raises PlaybookUnknownError, WrongArgumentsError or BrokenPlaybookError.
    """
    digest, playbook = digest_of(book, playbook_id), book[playbook_id]
    given = variables or {}
    if given.keys() - scopes.fillable(playbook):
        raise WrongArgumentsError
    run = Progress(book=book, at=at, state=None)
    run.emit(
        facts.UitvoeringGestart(
            execution_id=execution_id,
            incident_id=incident_id,
            municipality=municipality,
            playbook_id=playbook_id,
            digest=digest,
            variables=scopes.initial(playbook, given),
            anchors=dict(anchors),
            routing=dict(routing),
        )
    )
    run.start(playbook)
    return tuple(run.emitted)


def answer(
    book: Book,
    state: Execution,
    *,
    task_key: str,
    outcome: str,
    out_args: Mapping[str, str | None],
    at: datetime,
    reason: str | None = None,
) -> tuple[ExecutionEvent, ...]:
    """Facts after an answer: klaar, mislukt, overgeslagen or kan-niet.

    Raises TaskUnknownError, TaskAnsweredError, WrongArgumentsError or OtherVersionError; then nothing changes.
    """
    task = state.tasks.get(task_key)
    if task is None:
        raise TaskUnknownError
    if not task.state.is_open:
        raise TaskAnsweredError(task)
    if set(out_args) - set(task.out_args):
        raise WrongArgumentsError
    if not is_of(book, state):
        raise OtherVersionError
    run = Progress(book=book, at=at, state=state)
    run.answered(task_key, outcome, out_args, reason)
    return tuple(run.emitted)


def seen(state: Execution, *, task_key: str) -> tuple[ExecutionEvent, ...]:
    """The fact that somebody opened a task; nothing when it was seen or answered already. Raises TaskUnknownError."""
    task = state.tasks.get(task_key)
    if task is None:
        raise TaskUnknownError
    return (facts.TaakGezien(task_key=task_key),) if task.state.is_open and task.seen_at is None else ()


def next_wake_at(state: Execution) -> datetime | None:
    """When `wake` has something to do: the end of a delay, or of the time for a task."""
    moments = [thread.waits_until for thread in state.threads.values() if thread.waits_until]
    deadlines = [each.until for each in state.deadlines.values()]
    return min([*moments, *state.expires.values(), *deadlines], default=None)


def wake(book: Book, state: Execution, at: datetime) -> tuple[ExecutionEvent, ...]:
    """Facts of everything whose moment has come, in the order of the moments; none when the playbook was changed."""
    if not is_of(book, state):
        return ()
    run = Progress(book=book, at=at, state=state)
    delays = [(thread.waits_until, token) for token, thread in state.threads.items() if thread.waits_until]
    deadlines = [(each.until, key) for key, each in state.deadlines.items()]
    due = sorted((moment, each) for moment, each in [*delays, *_expiring(state), *deadlines] if moment <= at)
    for _, each in due:
        waiting, watched = run.now.threads.get(each), run.now.deadlines.get(each)
        if each in state.tasks and run.now.tasks[each].state.is_open:
            run.answered(each, "verlopen", {}, None)
        elif watched and watched.until <= at:
            run.timed_out(each)
        elif waiting and waiting.waits_until and waiting.waits_until <= at:
            run.resume(each)
    return tuple(run.emitted)


def _expiring(state: Execution) -> list[tuple[datetime, str]]:
    return [(moment, key) for key, moment in state.expires.items()]


def _reachable(book: Book, playbook: Playbook) -> list[Playbook]:
    found, asked = [playbook], {playbook.id}
    for each in found:
        for one in each.workflow.values():
            if one.playbook_id and one.playbook_id not in asked and one.playbook_id in book:
                asked.add(one.playbook_id)
                found.append(book[one.playbook_id])
    return found


def _refuse_what_cannot_run(playbook: Playbook) -> None:
    named = {playbook.workflow_start, playbook.workflow_exception or playbook.workflow_start}
    for one in playbook.workflow.values():
        named.update(one.successors())
        if one.type == "action":
            try:
                words_of(playbook, one)
            except ValidationError as error:
                raise BrokenPlaybookError from error
    if named - playbook.workflow.keys():
        raise BrokenPlaybookError


def _digest(book: Book, playbook: Playbook) -> str:
    """Identifies the very text of a playbook and of everything it may begin."""
    texts = [each.text_digest for each in _reachable(book, playbook)]
    return texts[0] if len(texts) == 1 else hashlib.sha256("\n".join(texts).encode()).hexdigest()


def digest_of(book: Book, playbook_id: str) -> str:
    """What identifies these texts, when they can run. Raises PlaybookUnknownError or BrokenPlaybookError."""
    playbook = book.get(playbook_id)
    if playbook is None:
        raise PlaybookUnknownError
    for each in _reachable(book, playbook):
        _refuse_what_cannot_run(each)
    return _digest(book, playbook)


def is_of(book: Book, state: Execution) -> bool:
    """Whether these are the very texts that the execution began with."""
    playbook = book.get(state.playbook_id)
    return playbook is not None and _digest(book, playbook) == state.digest


def definition(book: Book, playbook_id: str) -> str:
    """The texts of a playbook and of everything it may begin, to be kept for as long as an execution goes on."""
    return json.dumps([each.source for each in _reachable(book, book[playbook_id])])


def book_of(kept: str) -> Book:
    """The playbooks in a text that `definition` gave."""
    return {each.id: each for each in map(parse, json.loads(kept))}
