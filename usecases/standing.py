"""Whether state rows are what the log says: `driehoek verify` asks, and `driehoek rebuild` that puts them right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from domain.events.core import Recorded
from domain.incidents import Incident
from domain.tasks import Task
from playbooks import engine
from playbooks.engine import Execution
from usecases.ports import DutyRow

INCIDENT, EXECUTION = "incident:", "execution:"


class Standing(Protocol):
    """State rows as they stand, with the columns beside their state, and the facts they follow from."""

    async def facts(self, stream_id: str) -> Sequence[Recorded]:
        """All facts of a stream, in order of version."""
        ...

    async def incident(self, incident_id: UUID) -> Incident | None:
        """The state row of an incident."""
        ...

    async def incident_columns(self, incident_id: UUID) -> tuple[object, ...]:
        """Municipality, number, whether it is open, opened and closed at, version; empty without a row."""
        ...

    async def duties_of(self, incident_id: UUID) -> Sequence[DutyRow]:
        """Duty rows in their order."""
        ...

    async def duty_columns(self, incident_id: UUID) -> Sequence[tuple[str, datetime | None]]:
        """Obligation and next warning of the duty rows, in their order."""
        ...

    async def execution(self, execution_id: UUID) -> Execution | None:
        """The state row of a playbook execution."""
        ...

    async def execution_columns(self, execution_id: UUID) -> tuple[object, ...]:
        """Incident, and when the sweep would wake it; empty without a row."""
        ...

    async def tasks_of(self, execution_id: UUID) -> Sequence[Task]:
        """All tasks of an execution."""
        ...

    async def task_columns(self, execution_id: UUID) -> Mapping[str, tuple[object, ...]]:
        """Per task: organisation, function, whether it is open, asked at."""
        ...


async def incident_fits(rows: Standing, incident: Incident, duties: Sequence[DutyRow]) -> bool:
    """Whether row and duty rows of an incident are these.

    When the next warning comes may differ: it follows the configuration, and is looked at again when its moment comes.
    """
    key = incident.incident_id
    try:
        found = await rows.duties_of(key)
        stands = await rows.incident(key)
    except ValidationError:  # no program wrote this
        return False
    columns = [(row.duty.obligation, row.next_warning_at) for row in found]
    return (
        stands == incident
        and await rows.incident_columns(key) == _columns(incident)
        and [_limits(row) for row in found] == [_limits(row) for row in duties]
        and list(await rows.duty_columns(key)) == columns
    )


async def execution_fits(rows: Standing, execution: Execution) -> bool:
    """Whether row and task rows of an execution are these."""
    key = execution.execution_id
    try:
        stands = await rows.execution(key)
        tasks = {task.task_key: task for task in await rows.tasks_of(key)}
    except ValidationError:  # no program wrote this
        return False
    return (
        stands == execution
        and tasks == dict(execution.tasks)
        and await rows.execution_columns(key) == (execution.incident_id, engine.next_wake_at(execution))
        and await rows.task_columns(key) == {name: _owned(task) for name, task in tasks.items()}
    )


def _columns(incident: Incident) -> tuple[object, ...]:
    opened, closed = incident.opened_at, incident.closed_at
    return incident.municipality, incident.number, incident.status.is_open, opened, closed, incident.version


def _owned(task: Task) -> tuple[object, ...]:
    return task.organisation, task.function, task.state.is_open, task.asked_at


def _limits(row: DutyRow) -> tuple[object, ...]:
    duty = row.duty
    return duty.obligation, duty.state, duty.due_at, duty.worst_case_at, duty.submitted_at
