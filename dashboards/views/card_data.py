"""Reads the cards of the live picture: the incidents, their duties, and the tasks of their playbooks.

A contribution is what one stream adds to a card. What an older or newer process wrote and this one cannot read is
left out and counted, never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from domain.incidents import Incident
from domain.picture import Card
from domain.sharing_table import Act, Kind
from domain.tasks import Task


class DutyLine(BaseModel):
    """One statutory duty of one incident, as the clock stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    obligation: str
    regime: str
    name: dict[str, str] = {}
    state: str
    due_at: AwareDatetime | None = None
    worst_case: bool = False
    known_at: AwareDatetime | None = None
    waits_for: str | None = None
    submitted_at: AwareDatetime | None = None


class ExecutionLine(BaseModel):
    """A running playbook with its tasks."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    execution_id: UUID
    incident_id: UUID
    playbook_id: str
    status: str = "loopt"
    tasks: tuple[Task, ...] = ()


class IncidentLine(BaseModel):
    """An incident as its stream tells it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    incident: Incident
    duties: tuple[DutyLine, ...] = ()


@dataclass(frozen=True)
class Situation:
    """One incident with what runs for it. `sees` and `does` are filled by `views/sight.py`."""

    incident: Incident
    duties: tuple[DutyLine, ...]
    executions: tuple[ExecutionLine, ...]
    sees: frozenset[Kind] = frozenset()
    does: frozenset[Act] = frozenset()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of all playbooks of this incident."""
        return tuple(task for execution in self.executions for task in execution.tasks)


@dataclass(frozen=True)
class Picture:
    """Everything in these cards. `unread` contributions could not be read."""

    situations: tuple[Situation, ...]
    unread: int

    @property
    def open(self) -> tuple[Situation, ...]:
        """Incidents that people still work on, worst first, then oldest."""
        found = [one for one in self.situations if one.incident.status.is_open]
        return tuple(sorted(found, key=lambda one: (-one.incident.severity.rank, one.incident.opened_at)))


def read(cards: Iterable[Card]) -> Picture:
    """What stands in these cards; the same stream in two cards counts once, at its highest version."""
    newest: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for card in cards:
        for stream, given in card.contributions.items():
            if stream not in newest or given.version > newest[stream][0]:
                newest[stream] = (given.version, given.data)
    incidents: list[IncidentLine] = []
    executions: list[ExecutionLine] = []
    unread = 0
    for _, data in newest.values():
        try:
            if "incident" in data:
                incidents.append(IncidentLine.model_validate(data))
            else:
                executions.append(ExecutionLine.model_validate(data))
        except ValidationError:
            unread += 1
    return Picture(situations=tuple(_join(line, executions) for line in incidents), unread=unread)


def _join(line: IncidentLine, executions: list[ExecutionLine]) -> Situation:
    mine = [one for one in executions if one.incident_id == line.incident.incident_id]
    return Situation(
        incident=line.incident,
        duties=line.duties,
        executions=tuple(sorted(mine, key=lambda one: str(one.execution_id))),
    )
