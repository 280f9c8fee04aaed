"""A task: one step of a playbook as it lands with one function of one organisation. Advice, not a lock."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.parties import ActedBy


class TaskState(StrEnum):
    """Where a task stands. Seen is not done."""

    TE_DOEN = "te-doen"
    GEZIEN = "gezien"
    KLAAR = "klaar"
    MISLUKT = "mislukt"
    KAN_NIET = "kan-niet"
    OVERGESLAGEN = "overgeslagen"
    VERVALT = "vervalt"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self in (TaskState.TE_DOEN, TaskState.GEZIEN)


class Task(BaseModel):
    """One task. `task_key` is stable over restarts; titles per language; `reason` stands beside the log, not here."""

    model_config = ConfigDict(frozen=True)
    task_key: str
    execution_id: UUID
    incident_id: UUID
    municipality: str
    step: str
    organisation: str
    function: str
    title: dict[str, str]
    description: dict[str, str] = {}
    command: str | None = None
    basis: str | None = None
    basis_confidence: str | None = None
    due_at: AwareDatetime | None = None
    mayor_decides: bool = False
    second_pair_of_eyes: bool = False
    out_args: dict[str, str] = {}
    state: TaskState = TaskState.TE_DOEN
    asked_at: AwareDatetime
    seen_at: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None
    answered_by: ActedBy | None = None
    version: int
