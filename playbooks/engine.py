"""The CACAO engine: pure and resumable. Values in, facts out; state only from facts; one effect per step.

Every answer gives the facts of all steps that follow until a person is needed again. Asking twice gives nothing new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.errors import ConflictError, NotFoundError, RefusedError
from domain.events import execution as facts
from domain.events.execution import ExecutionEvent
from playbooks.cacao import Playbook, Step
from playbooks.conditions import ConditionError, holds
from playbooks.extension import words_of
from playbooks.state import Execution, Thread, evolve, step, stream_of

__all__ = ["Execution", "answer", "begin", "evolve", "next_wake_at", "seen", "stream_of", "wake"]
MOST_VISITS = 50
"""A step that is reached more often is a loop that nobody meant."""
UNSUPPORTED = ("while-condition", "switch-condition")
ROOT = "0"


class TaskUnknownError(NotFoundError):
    """Deze taak bestaat niet."""


class TaskAnsweredError(ConflictError):
    """Deze taak is al afgehandeld. Uw antwoord is niet opgeslagen; kijk in de lijst wie het deed en wanneer."""


class WrongArgumentsError(RefusedError):
    """Het antwoord bevat een gegeven waar deze taak niet om vraagt."""


class UnsupportedStepError(RefusedError):
    """Dit draaiboek bevat een lus of keuzestap die deze versie niet uitvoert. Starten kan niet."""


class OtherVersionError(ConflictError):
    """Het draaiboek is gewijzigd nadat deze uitvoering begon. De uitvoering gaat alleen met de oude tekst verder."""


Book = Mapping[str, Playbook]
"""The playbooks that can be reached, by id."""


def begin(
    book: Book,
    playbook_id: str,
    *,
    execution_id: UUID,
    incident_id: UUID,
    municipality: str,
    at: datetime,
    routing: Mapping[str, str],
    anchors: Mapping[str, datetime],
) -> tuple[ExecutionEvent, ...]:
    """Facts of a new execution. `routing`: party -> organisation. Raises UnsupportedStepError."""
    playbook = book[playbook_id]
    for each in _reachable(book, playbook):
        if any(one.type in UNSUPPORTED for one in each.workflow.values()):
            raise UnsupportedStepError
    started = facts.UitvoeringGestart(
        execution_id=execution_id,
        incident_id=incident_id,
        municipality=municipality,
        playbook_id=playbook_id,
        digest=playbook.text_digest,
        variables=_initial(playbook),
        anchors=dict(anchors),
        routing=dict(routing),
    )
    run = _Run(book=book, at=at, state=None)
    run.emit(started)
    run.reach(ROOT, playbook_id, playbook.workflow_start, ())
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
        raise TaskAnsweredError
    if set(out_args) - set(task.out_args):
        raise WrongArgumentsError
    if book[state.playbook_id].text_digest != state.digest:
        raise OtherVersionError
    run = _Run(book=book, at=at, state=state)
    run.answered(task_key, outcome, dict(out_args), reason)
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
    return min([*moments, *state.expires.values()], default=None)


def wake(book: Book, state: Execution, at: datetime) -> tuple[ExecutionEvent, ...]:
    """Facts of everything whose moment has come."""
    run = _Run(book=book, at=at, state=state)
    for token, thread in state.threads.items():
        if thread.waits_until and thread.waits_until <= at:
            run.ask(token)
    for key, moment in state.expires.items():
        if moment <= at and run.now.tasks[key].state.is_open:
            run.answered(key, "verlopen", {}, None)
    return tuple(run.emitted)


def _initial(playbook: Playbook) -> dict[str, str | None]:
    return {
        name: None if variable.value is None else str(variable.value)
        for name, variable in playbook.playbook_variables.items()
    }


def _reachable(book: Book, playbook: Playbook) -> list[Playbook]:
    found, asked = [playbook], {playbook.id}
    for each in found:
        for one in each.workflow.values():
            if one.playbook_id and one.playbook_id not in asked and one.playbook_id in book:
                asked.add(one.playbook_id)
                found.append(book[one.playbook_id])
    return found


@dataclass
class _Run:
    """One call of the engine: looks ahead on its own copy of the state and collects the facts."""

    book: Book
    at: datetime
    state: Execution | None
    emitted: list[ExecutionEvent] = field(default_factory=list)

    @property
    def now(self) -> Execution:
        if self.state is None:
            raise TaskUnknownError
        return self.state

    def emit(self, event: ExecutionEvent) -> None:
        self.emitted.append(event)
        self.state = step(self.state, event, self.at)

    def reach(self, token: str, playbook_id: str, name: str, stack: tuple[str, ...]) -> None:
        """Bring a branch to a step and go on from there."""
        if self.now.status != "ongoing":
            return
        if self.now.visits.get(name, 0) >= MOST_VISITS:
            self.emit(facts.LusBegrensd(step=name, visits=MOST_VISITS))
            self.emit(facts.UitvoeringAfgerond(status="failed"))
            return
        self.emit(facts.StapBereikt(token=token, playbook_id=playbook_id, step=name, stack=stack))
        self._enter(token, self.book[playbook_id].workflow[name])

    def _enter(self, token: str, one: Step) -> None:
        thread = self.now.threads[token]
        match one.type:
            case "start":
                self._after(token, succeeded=True)
            case "action":
                self._act(token, one)
            case "if-condition":
                self._choose(thread, one)
            case "parallel":
                self._split(thread, one)
            case "playbook-action":
                self._descend(thread, one)
            case "end":
                self._end(thread)
            case _:
                raise UnsupportedStepError

    def _act(self, token: str, one: Step) -> None:
        if one.delay:
            self.emit(facts.StapWacht(token=token, until=self.at + timedelta(milliseconds=one.delay)))
        else:
            self.ask(token)

    def ask(self, token: str) -> None:
        """Give the step of this branch to people as one task; commands stand in it in the listed order."""
        thread = self.now.threads[token]
        playbook = self.book[thread.playbook_id]
        one = playbook.workflow[thread.step]
        words = words_of(playbook, one)
        visit = self.now.visits[thread.step]
        anchor = self.now.anchors.get(words.target.anchor) if words.target else None
        self.emit(
            facts.TaakGevraagd(
                task_key=f"{self.now.execution_id}/{thread.step}/{token}/{visit}",
                token=token,
                step=thread.step,
                organisation=self.now.routing.get(words.party, f"gemeente:{self.now.municipality}"),
                function=words.function,
                title=words.title,
                description=words.description,
                command=_command_text(one),
                basis=words.basis,
                basis_confidence=words.confidence,
                due_at=anchor + timedelta(minutes=words.target.minutes) if anchor and words.target else None,
                expires_at=self.at + timedelta(milliseconds=one.timeout) if one.timeout else None,
                mayor_decides=words.mayor_decides,
                second_pair_of_eyes=words.second_pair_of_eyes,
                out_args=self._asked(playbook, one),
            )
        )

    def _asked(self, playbook: Playbook, one: Step) -> dict[str, str]:
        scopes: list[Mapping[str, Any]] = [one.step_variables, playbook.playbook_variables]
        found = {}
        for name in one.out_args:
            known = next((scope[name] for scope in scopes if name in scope), None)
            if known is None or not known.constant:
                found[name] = known.description or name if known else name
        return found

    def answered(self, key: str, outcome: str, out_args: dict[str, str | None], reason: str | None) -> None:
        """One answer, and everything that follows from it."""
        token = self.now.task_tokens[key]
        event = {"task_key": key, "outcome": outcome, "out_args": out_args, "reason": reason}
        self.emit(facts.TaakAfgerond.model_validate(event))
        self._after(token, succeeded=outcome in ("klaar", "overgeslagen"))

    def _choose(self, thread: Thread, one: Step) -> None:
        try:
            found = holds(one.condition or "", self.now.variables)
        except ConditionError:
            self._after(thread.token, succeeded=False)
            return
        branch = one.on_true if found else one.on_false
        if branch is None:
            self._after(thread.token, succeeded=True)
        else:
            self.reach(thread.token, thread.playbook_id, branch, (*thread.stack, _frame(thread)))

    def _split(self, thread: Thread, one: Step) -> None:
        branches = tuple(f"{thread.token}.{place}" for place in range(len(one.next_steps)))
        self.emit(facts.TakkenGeopend(token=thread.token, branches=branches))
        for token, name in zip(branches, one.next_steps, strict=True):
            if thread.token in self.now.threads:  # an exception in an earlier branch ended them all
                self.reach(token, thread.playbook_id, name, ())

    def _descend(self, thread: Thread, one: Step) -> None:
        below = self.book.get(one.playbook_id or "")
        if below is None:
            self._after(thread.token, succeeded=False)
            return
        self.reach(thread.token, below.id, below.workflow_start, (*thread.stack, _frame(thread)))

    def _end(self, thread: Thread) -> None:
        """A branch's end returns control to the step that opened it (CACAO 2.0, end step)."""
        if thread.stack:
            playbook_id, _, name = thread.stack[-1].partition("|")
            back = facts.StapBereikt(token=thread.token, playbook_id=playbook_id, step=name, stack=thread.stack[:-1])
            self.emit(back)
            self._after(thread.token, succeeded=True)
            return
        parent, dot, _ = thread.token.rpartition(".")
        if not dot:
            status = "exception_condition_invoked" if self.now.excepted else "successfully_completed"
            self.emit(facts.UitvoeringAfgerond.model_validate({"status": status}))
            return
        self.emit(facts.TakAfgerond(token=thread.token))
        if not any(token in self.now.threads for token in self.now.threads[parent].branches):
            self._after(parent, succeeded=True)

    def _after(self, token: str, *, succeeded: bool) -> None:
        """The transition rules: on_completion, or on_success and on_failure; else the exception step; else failed."""
        thread = self.now.threads.get(token)
        if thread is None or self.now.status != "ongoing":
            return
        one = self.book[thread.playbook_id].workflow[thread.step]
        if succeeded:
            following = one.on_completion or one.on_success
            if following:
                self.reach(token, thread.playbook_id, following, thread.stack)
            else:
                self._end(thread)
        elif one.on_failure:
            self.reach(token, thread.playbook_id, one.on_failure, thread.stack)
        else:
            self._fail(thread)

    def _fail(self, thread: Thread) -> None:
        playbook = self.book[self.now.playbook_id]
        exception = playbook.workflow_exception
        if exception is None or self.now.excepted:
            self.emit(facts.UitvoeringAfgerond(status="failed"))
            return
        failed = facts.UitzonderingGestart(failed_step=thread.step, playbook_id=playbook.id, step=exception)
        self.emit(failed)
        self.reach(ROOT, playbook.id, exception, ())


def _frame(thread: Thread) -> str:
    return f"{thread.playbook_id}|{thread.step}"


def _command_text(one: Step) -> str | None:
    """What the commands say, in order. Only people act on it; nothing is ever run."""
    shown = [
        f"[{each.type}] {each.command or each.command_b64 or each.description}"
        for each in one.commands
        if each.type != "manual"
    ]
    return "\n".join(shown) or None
