"""A party answers its task: seen, done, skipped or impossible. What follows opens in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain import refusals, sharing
from domain.errors import InvalidError, NotAllowedError
from domain.parties import Actor, Function
from domain.sharing_table import DEPUTIES, Act
from domain.tasks import Task, TaskState
from playbooks import engine
from playbooks.engine import Book, Execution, ExecutionEvent
from usecases import once
from usecases.context import Context
from usecases.record import Work, subject
from usecases.start_playbook import book_of, carry_on

ANSWERS: Mapping[TaskState, str] = {
    TaskState.KLAAR: "klaar",
    TaskState.OVERGESLAGEN: "overgeslagen",
    TaskState.KAN_NIET: "kan-niet",
    TaskState.MISLUKT: "mislukt",
}
WITH_REASON = frozenset({TaskState.OVERGESLAGEN, TaskState.KAN_NIET, TaskState.MISLUKT})


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it was given."""

    task_key: str
    state: TaskState
    reason: str
    out_args: Mapping[str, str]
    at: datetime


class Answered(BaseModel):
    """What the person gets back; the same for a second click."""

    model_config = ConfigDict(frozen=True)
    task_key: str
    state: TaskState
    new_tasks: int


async def answer_task(
    ctx: Context,
    actor: Actor,
    task_key: str,
    state: TaskState,
    *,
    reason: str,
    out_args: Mapping[str, str],
    key: str,
) -> Answered:
    """Answer once per key.

    Raises TaskUnknownError, TaskNotYoursError, NotAllowedError, ReasonMissingError or TaskAnsweredError.
    """
    at = ctx.clock.now()
    execution_id = execution_of(task_key)
    stream = engine.stream_of(execution_id)
    async with ctx.store.begin() as tx:
        if (first := await once.answered(tx, actor, key, Answered)) is not None:
            return first
        await tx.lock([stream])
        execution = await tx.execution(execution_id)
        task = execution.tasks.get(task_key) if execution else None
        incident = await tx.incident(task.incident_id) if task else None
        if execution is None or task is None or incident is None:
            raise refusals.TaskUnknownError
        if not sharing.may(actor, Act.TAAK, subject(ctx, incident)):
            raise NotAllowedError
        may_answer(actor, task)
        given = Given(task_key=task_key, state=state, reason=reason.strip(), out_args=out_args, at=at)
        events = _events(await book_of(ctx, tx, execution), execution, given)
        work = Work(ctx=ctx, tx=tx, by=actor.signature(), at=at)
        after = await carry_on(work, incident, execution, events, stream=stream) if events else execution
        answered = Answered(
            task_key=task_key,
            state=after.tasks[task_key].state,
            new_tasks=len(after.tasks) - len(execution.tasks),
        )
        return await once.remember(tx, actor, key, answered)


def execution_of(task_key: str) -> UUID:
    """The execution in a task key. Raises TaskUnknownError."""
    try:
        return UUID(task_key.partition("/")[0])
    except ValueError as error:
        raise refusals.TaskUnknownError from error


def may_answer(actor: Actor, task: Task) -> None:
    """Refuse who does not hold the function of the task, or may not stand in for it."""
    if actor.organisation != task.organisation:
        raise refusals.TaskNotYoursError
    asked = Function(task.function)
    if task.mayor_decides and actor.function is not Function.BURGEMEESTER:
        raise refusals.TaskNotYoursError
    if actor.function is not asked and actor.function not in DEPUTIES.get(asked, frozenset()):
        raise refusals.TaskNotYoursError


def _events(book: Book, execution: Execution, given: Given) -> tuple[ExecutionEvent, ...]:
    if given.state is TaskState.GEZIEN:
        return engine.seen(execution, task_key=given.task_key)
    if given.state not in ANSWERS:
        raise InvalidError
    if given.state in WITH_REASON and not given.reason:
        raise refusals.ReasonMissingError
    return engine.answer(
        book,
        execution,
        task_key=given.task_key,
        outcome=ANSWERS[given.state],
        out_args=given.out_args,
        at=given.at,
        reason=given.reason or None,
    )
