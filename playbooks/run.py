"""`driehoek playbook run`: plays a playbook with answers from a file. The same file, the same trace.

The answers file is one JSON object; every part may be left out:

    {"start": "2026-11-24T02:12:00Z",          moment at which it begins; also anchor T
     "anchors": {"A": "…", "B": "…"},         moments that targets count from
     "variables": {"__naam__": "waarde"},      values from outside; a constant stays as it is
     "answers": {"<step id or name>": ANSWER or [ANSWER, …]},
     "default": ANSWER}                        for tasks that are not named; without it they stay open

ANSWER = {"outcome": "klaar" | "mislukt" | "kan-niet" | "overgeslagen" (or "success" | "failure"),
          "out_args": {"__naam__": "waarde"}, "after_seconds": 60, "by": "wie", "reason": "waarom"}

A list holds the answers to the first, the second, … time that the step becomes a task; the last one stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.errors import DriehoekError, InvalidError
from domain.events import execution as facts
from domain.tasks import Task, TaskState
from playbooks import engine, scopes
from playbooks.cacao import Playbook, parse
from playbooks.extension import PARTIES
from playbooks.state import Execution, step

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = UUID("9f2b8a52-3b0f-4a55-8d0a-0c4f2a7b6c11")
MOST_TURNS = 100_000
MACHINE = "driehoek"
STATUS: Mapping[str, str] = {
    "klaar": "successfully_completed",
    "overgeslagen": "skipped",
    "mislukt": "failed",
    "kan-niet": "failed",
    "verlopen": "timeout_error",
}


class AnswersError(InvalidError):
    """Het bestand met antwoorden klopt niet."""


class Answer(BaseModel):
    """What somebody says about a task, and how long after it was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    outcome: Literal["klaar", "mislukt", "kan-niet", "overgeslagen", "success", "failure"] = "klaar"
    out_args: dict[str, str | None] = {}
    after_seconds: float = Field(default=60, ge=0, le=10**9)
    by: str | None = None
    reason: str | None = None


class Answers(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: AwareDatetime = START
    anchors: dict[str, AwareDatetime] = {}
    variables: dict[str, str | None] = {}
    answers: dict[str, Answer | list[Answer]] = {}
    default: Answer | None = None


def run(text: str, answers: object, book: engine.Book | None = None) -> Iterator[dict[str, Any]]:
    """Trace lines, then `{"status", "variables"}`; `book` holds the playbooks that this one may begin.

    A playbook that cannot run gives only the last line, with status `refused`. Raises AnswersError.
    """
    try:
        given = Answers.model_validate(answers)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))
        raise AnswersError(f"{AnswersError.__doc__} Kijk naar: {fields}.") from error
    try:
        playbook = parse(text)
        play = _Play(playbook, {**(book or {}), playbook.id: playbook}, given)
        yield from play.lines()
    except DriehoekError as error:
        yield {"status": "refused", "variables": {}, "message": error.message}


class _Play:
    """One run: the state, the clock, and what will be said when."""

    def __init__(self, playbook: Playbook, book: engine.Book, given: Answers) -> None:
        self.playbook, self.book, self.given = playbook, book, given
        self.now = given.start
        self.state: Execution | None = None
        self.turns: dict[str, int] = {}
        self.said: dict[str, tuple[datetime, Answer]] = {}

    def lines(self) -> Iterator[dict[str, Any]]:
        fillable = scopes.fillable(self.playbook)
        begun = engine.begin(
            self.book,
            self.playbook.id,
            execution_id=uuid5(NAMESPACE, self.playbook.text_digest),
            incident_id=NAMESPACE,
            municipality="GM0000",
            at=self.now,
            routing={party: f"{party}:voorbeeld" for party in PARTIES},
            anchors={"T": self.now, **self.given.anchors},
            variables={name: value for name, value in self.given.variables.items() if name in fillable},
        )
        yield from self._take(begun, MACHINE)
        for _ in range(MOST_TURNS):
            if not (more := self._turn()):
                break
            yield from self._take(*more)
        yield from self._still_open()
        variables = {name: value for name, value in self._state.variables.items() if name.startswith("__")}
        yield {"status": self._state.status, "variables": variables}

    @property
    def _state(self) -> Execution:
        if self.state is None:
            raise engine.TaskUnknownError
        return self.state

    def _turn(self) -> tuple[Iterable[engine.ExecutionEvent], str] | None:
        """The next thing that happens: what falls due goes before what is said at the same moment."""
        self._plan()
        due = engine.next_wake_at(self._state)
        key = min(self.said, key=lambda each: self.said[each][0], default=None)  # the first asked of these
        if due is not None and (key is None or due <= self.said[key][0]):
            self.now = max(self.now, due)
            return engine.wake(self.book, self._state, self.now), MACHINE
        if key is None:
            return None
        self.now, answer = self.said.pop(key)
        outcome = {"success": "klaar", "failure": "mislukt"}.get(answer.outcome, answer.outcome)
        task = self._state.tasks[key]
        events = engine.answer(
            self.book,
            self._state,
            task_key=key,
            outcome=outcome,
            out_args=answer.out_args,
            at=self.now,
            reason=answer.reason,
        )
        return events, answer.by or f"{task.function}@{task.organisation}"

    def _plan(self) -> None:
        """Decide for every new task what will be said, and forget what lapsed."""
        tasks = self._state.tasks
        self.said = {key: value for key, value in self.said.items() if tasks[key].state.is_open}
        for key, task in tasks.items():
            if task.state.is_open and key not in self.turns:
                answer = self._answer_to(task)
                self.turns[key] = 1
                if answer:
                    self.said[key] = (task.asked_at + timedelta(seconds=answer.after_seconds), answer)

    def _answer_to(self, task: Task) -> Answer | None:
        name = next((each.workflow[task.step].name for each in self.book.values() if task.step in each.workflow), "")
        found = self.given.answers.get(task.step, self.given.answers.get(name, self.given.default))
        if not isinstance(found, list):
            return found
        turn = self.turns.get(task.step, 0)
        self.turns[task.step] = turn + 1
        return found[min(turn, len(found) - 1)] if found else None

    def _take(self, events: Iterable[engine.ExecutionEvent], by: str) -> Iterator[dict[str, Any]]:
        for event in events:
            self.state = step(self.state, event, self.now)
            line = self._line(event)
            if line:
                name, status = line
                acted = by if isinstance(event, facts.TaakAfgerond) else MACHINE
                yield self._row(name, status, acted)

    def _line(self, event: engine.ExecutionEvent) -> tuple[str, str] | None:
        match event:
            case facts.StapBereikt():
                return self._reached(event)
            case facts.StapWacht():
                return self._state.threads[event.token].step, "waiting"
            case facts.TaakAfgerond():
                return self._state.tasks[event.task_key].step, STATUS[event.outcome]
            case facts.LusBegrensd():
                return event.step, "failed"
            case facts.UitzonderingGestart():
                return event.failed_step, "exception_condition_invoked"
            case _:
                return None

    def _reached(self, event: facts.StapBereikt) -> tuple[str, str] | None:
        """A step that people do is told when it is done; one that opens others says so, a sub-playbook twice."""
        kind = self._kind(event.step)
        if event.returns:
            return (event.step, "successfully_completed") if kind == "playbook-action" else None
        if kind in ("parallel", "playbook-action"):
            return event.step, "ongoing"
        return None if kind == "action" else (event.step, "successfully_completed")

    def _kind(self, name: str) -> str:
        return next(each.workflow[name].type for each in self.book.values() if name in each.workflow)

    def _row(self, name: str, status: str, by: str) -> dict[str, Any]:
        at = self.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"step": name, "type": self._kind(name), "status": status, "at": at, "by": by}

    def _still_open(self) -> Iterator[dict[str, Any]]:
        for task in self._state.tasks.values():
            if task.state in (TaskState.TE_DOEN, TaskState.GEZIEN):
                yield self._row(task.step, "ongoing", f"{task.function}@{task.organisation}")
