"""The state of one execution: a pure fold over its facts. Everything the engine needs to go on after a crash."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.events import execution as facts
from domain.events.core import Recorded
from domain.events.execution import ExecutionEvent
from domain.parties import SYSTEM, ActedBy
from domain.tasks import Task, TaskState


class Value(BaseModel):
    """A frozen piece of state."""

    model_config = ConfigDict(frozen=True)


class Thread(Value):
    """A branch: where it is, and which steps get control back at its end (innermost last)."""

    token: str
    playbook_id: str
    step: str
    stack: tuple[str, ...] = ()
    scope: str = ""
    """The run of a sub-playbook this branch is in; its variables have this before their name."""
    waits_until: AwareDatetime | None = None
    branches: tuple[str, ...] = ()
    """Branches of a parallel step that did not end yet."""


class Deadline(Value):
    """When the time is over of a step that opened branches, and the place to go back to then."""

    until: AwareDatetime
    place: Thread


class Execution(Value):
    """One execution. `version` is the version of its stream; `status` is `ongoing` until the last fact."""

    execution_id: UUID
    incident_id: UUID
    municipality: str
    playbook_id: str
    digest: str
    version: int = 0
    started_at: AwareDatetime
    status: str = "ongoing"
    routing: dict[str, str] = Field(default_factory=dict)
    anchors: dict[str, AwareDatetime] = Field(default_factory=dict)
    variables: dict[str, str | None] = Field(default_factory=dict)
    threads: dict[str, Thread] = Field(default_factory=dict)
    tasks: dict[str, Task] = Field(default_factory=dict)
    task_tokens: dict[str, str] = Field(default_factory=dict)
    expires: dict[str, AwareDatetime] = Field(default_factory=dict)
    shadowing: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Per task the results that do not become variables of the playbook."""
    visits: dict[str, int] = Field(default_factory=dict)
    deadlines: dict[str, Deadline] = Field(default_factory=dict)
    excepted: tuple[str, ...] = ()
    """Scopes in which the exception step began; the empty one is the playbook itself."""

    @property
    def stream_id(self) -> str:
        """The stream of this execution in the log."""
        return stream_of(self.execution_id)


def stream_of(execution_id: UUID) -> str:
    """Stream id of an execution."""
    return f"execution:{execution_id}"


def evolve(state: Execution | None, recorded: Recorded) -> Execution | None:
    """State after one recorded fact. One that was folded already changes nothing."""
    if state is not None and recorded.version <= state.version:
        return state
    after = step(state, recorded.event, recorded.recorded_at, recorded.by)
    return after.model_copy(update={"version": recorded.version}) if after else None


def step(state: Execution | None, event: object, at: datetime, by: ActedBy = SYSTEM) -> Execution | None:
    """State after one fact that is not recorded yet: the engine looks ahead with this."""
    if isinstance(event, facts.UitvoeringGestart):
        return _started(event, at)
    if state is None or not isinstance(event, ExecutionEvent):
        return state
    change = CHANGES.get(type(event))
    return state.model_copy(update=change(state, event, at, by)) if change else state


def _started(event: facts.UitvoeringGestart, at: datetime) -> Execution:
    return Execution(
        execution_id=event.execution_id,
        incident_id=event.incident_id,
        municipality=event.municipality,
        playbook_id=event.playbook_id,
        digest=event.digest,
        started_at=at,
        routing=event.routing,
        anchors=event.anchors,
        variables=event.variables,
    )


Change = Callable[[Execution, Any, datetime, ActedBy], dict[str, Any]]


def _reached(state: Execution, event: facts.StapBereikt, _at: datetime, _by: ActedBy) -> dict[str, Any]:
    place = event.model_dump(include={"token", "playbook_id", "step", "stack", "scope"})
    thread = Thread.model_validate(place)
    return {
        "threads": {**state.threads, event.token: thread},
        "deadlines": _watched(state, thread, None if event.returns else event.until),
        "visits": state.visits if event.returns else {**state.visits, event.step: state.visits.get(event.step, 0) + 1},
        "variables": {**state.variables, **event.variables} if event.variables else state.variables,
    }


def frame_of(thread: Thread) -> str:
    """How the stack of a branch names a step that gets control back."""
    return f"{thread.playbook_id}|{thread.step}|{thread.scope}"


def _watched(state: Execution, thread: Thread, until: datetime | None) -> dict[str, Deadline]:
    """The deadlines that still count now this branch is here: of steps it is in or under."""
    inside = {frame_of(thread), *thread.stack}
    kept = {
        key: each
        for key, each in state.deadlines.items()
        if each.place.token != thread.token or frame_of(each.place) in inside
    }
    if until is not None:
        kept[f"{thread.token}|{frame_of(thread)}"] = Deadline(until=until, place=thread)
    return kept


def _opened(state: Execution, event: facts.TakkenGeopend, _at: datetime, _by: ActedBy) -> dict[str, Any]:
    opened = {"branches": event.branches, "waits_until": None}
    return {"threads": {**state.threads, event.token: state.threads[event.token].model_copy(update=opened)}}


def _closed(state: Execution, event: facts.TakAfgerond, _at: datetime, _by: ActedBy) -> dict[str, Any]:
    threads = {token: thread for token, thread in state.threads.items() if token != event.token}
    parent = threads.get(event.token.rpartition(".")[0])
    if parent is not None:
        left = tuple(branch for branch in parent.branches if branch != event.token)
        threads[parent.token] = parent.model_copy(update={"branches": left})
    deadlines = {key: each for key, each in state.deadlines.items() if each.place.token != event.token}
    return {"threads": threads, "deadlines": deadlines}


def _waits(state: Execution, event: facts.StapWacht, _at: datetime, _by: ActedBy) -> dict[str, Any]:
    waiting = state.threads[event.token].model_copy(update={"waits_until": event.until})
    return {"threads": {**state.threads, event.token: waiting}}


def _asked(state: Execution, event: facts.TaakGevraagd, at: datetime, _by: ActedBy) -> dict[str, Any]:
    task = Task(
        task_key=event.task_key,
        execution_id=state.execution_id,
        incident_id=state.incident_id,
        municipality=state.municipality,
        step=event.step,
        organisation=event.organisation,
        function=event.function,
        title=event.title,
        description=event.description,
        command=event.command,
        basis=event.basis,
        basis_confidence=event.basis_confidence,
        due_at=event.due_at,
        mayor_decides=event.mayor_decides,
        second_pair_of_eyes=event.second_pair_of_eyes,
        out_args=event.out_args,
        asked_at=at,
        version=1,
    )
    expires = {**state.expires, event.task_key: event.expires_at} if event.expires_at else state.expires
    thread = state.threads[event.token].model_copy(update={"waits_until": None})
    return {
        "tasks": {**state.tasks, event.task_key: task},
        "task_tokens": {**state.task_tokens, event.task_key: event.token},
        "threads": {**state.threads, event.token: thread},
        "expires": expires,
        "shadowing": {**state.shadowing, event.task_key: event.shadowing} if event.shadowing else state.shadowing,
    }


def _seen(state: Execution, event: facts.TaakGezien, at: datetime, _by: ActedBy) -> dict[str, Any]:
    return _changed(state, event.task_key, {"state": TaskState.GEZIEN, "seen_at": at})


def _answered(state: Execution, event: facts.TaakAfgerond, at: datetime, by: ActedBy) -> dict[str, Any]:
    end = TaskState.VERVALT if event.outcome == "verlopen" else TaskState(event.outcome)
    changes: dict[str, Any] = {"state": end, "answered_at": at, "answered_by": by}
    thread = state.threads.get(state.task_tokens[event.task_key])
    scope = thread.scope if thread else ""
    own = state.shadowing.get(event.task_key, ())
    found = {scope + name: value for name, value in event.out_args.items() if name not in own}
    return {
        **_changed(state, event.task_key, changes),
        "variables": {**state.variables, **found},
        "expires": {key: moment for key, moment in state.expires.items() if key != event.task_key},
    }


def _changed(state: Execution, key: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    task = state.tasks[key]
    return {"tasks": {**state.tasks, key: task.model_copy(update={**changes, "version": task.version + 1})}}


def _lapsed(state: Execution, at: datetime) -> dict[str, Task]:
    """Open tasks lapse; what was answered stays."""
    lapse = {"state": TaskState.VERVALT, "answered_at": at}
    return {
        key: task.model_copy(update={**lapse, "version": task.version + 1}) if task.state.is_open else task
        for key, task in state.tasks.items()
    }


def _excepted(state: Execution, event: facts.UitzonderingGestart, at: datetime, _by: ActedBy) -> dict[str, Any]:
    excepted = (*state.excepted, event.scope)
    if event.scope:  # the branches of a sub-playbook were closed one by one
        return {"excepted": excepted}
    return {"threads": {}, "tasks": _lapsed(state, at), "expires": {}, "deadlines": {}, "excepted": excepted}


def _moved(state: Execution, event: facts.UitvoeringVerplaatst, _at: datetime, _by: ActedBy) -> dict[str, Any]:
    return {"digest": event.digest, "variables": {**event.variables, **state.variables}}


def _ended(state: Execution, event: facts.UitvoeringAfgerond, at: datetime, _by: ActedBy) -> dict[str, Any]:
    return {"threads": {}, "tasks": _lapsed(state, at), "expires": {}, "deadlines": {}, "status": event.status}


CHANGES: Mapping[type, Change] = {
    facts.StapBereikt: _reached,
    facts.TakkenGeopend: _opened,
    facts.TakAfgerond: _closed,
    facts.StapWacht: _waits,
    facts.TaakGevraagd: _asked,
    facts.TaakGezien: _seen,
    facts.TaakAfgerond: _answered,
    facts.UitzonderingGestart: _excepted,
    facts.UitvoeringVerplaatst: _moved,
    facts.UitvoeringAfgerond: _ended,
}
