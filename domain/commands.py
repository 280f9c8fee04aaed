"""What people ask of an incident, in the imperative. Commands are values; `domain/acts.py` decides on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.events.core import RuleUsed
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from domain.tlp import Tlp

YesNo = Literal["ja", "nee", "onbekend"]
Outcome = Literal["ja", "nee", "vrijwillig", "bijna-incident"]
Entry = Literal["feit", "besluit", "actie", "bericht"]


@dataclass(frozen=True, kw_only=True)
class Command:
    """An act of a person. `at` is now; `happened_at` an earlier moment of happening, when it differs."""

    at: datetime
    happened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Report(Command):
    """The seven questions of the form. `description` and `contact` are free text and stay beside the log."""

    report_id: UUID
    municipality: str
    description: str
    services: tuple[str, ...] = ()
    discovered_at: datetime
    intent_suspected: YesNo = "onbekend"
    personal_data: YesNo = "onbekend"
    others_hit: YesNo = "onbekend"
    supplier: str | None = None
    effects: tuple[str, ...] = ()
    severity: Severity
    severity_rule: RuleUsed | None = None
    """The rule whose proposal was followed; None when the person chose the severity."""
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a new incident gets besides what is in the report or signal."""

    incident_id: UUID
    number: str
    severity: Severity
    first_at: datetime
    service: str | None = None
    supplier: str | None = None
    rsit: str | None = None
    tlp: Tlp = Tlp.AMBER
    rule: RuleUsed | None = None


@dataclass(frozen=True, kw_only=True)
class SetSeverity(Command):
    """A person says how bad it is."""

    severity: Severity
    reason: str


@dataclass(frozen=True, kw_only=True)
class MoveStatus(Command):
    """Another state, with who owns the incident there. Back, closing and reopening are the same act."""

    status: Status
    owner_organisation: str
    owner_function: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SetRole(Command):
    """Is the municipality a victim, or involved in what hits others?"""

    role: MunicipalRole
    reason: str


@dataclass(frozen=True, kw_only=True)
class AssignLane(Command):
    """Give the source lane or the effect lane its one owner."""

    lane: Lane
    organisation: str
    function: str


@dataclass(frozen=True, kw_only=True)
class RecordAwareness(Command):
    """From which moment the organisation knew, for one regime. Later ones correct it."""

    regime: str
    aware_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecideSignificance(Command):
    """Whether one regime's duty to report applies. `nee` is a decision too."""

    regime: str
    outcome: Outcome
    grounds: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordSubmission(Command):
    """A report was submitted to the authority, outside this product. `also`: others that the same report met."""

    obligation: str
    submitted_at: datetime
    reference: str | None = None
    delay_reason: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DecideMerge(Command):
    """Accept or decline that this incident and the other one are the same disturbance."""

    other_incident: UUID
    accepted: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class StartPlaybook(Command):
    """Confirm a playbook, proposed by a rule or chosen by the person."""

    playbook_id: str
    execution_id: UUID


@dataclass(frozen=True, kw_only=True)
class WriteEntry(Command):
    """A line in the logbook. `corrects` is the version of the fact it corrects."""

    entry: Entry
    text: str
    corrects: int | None = None


AnyCommand = (
    SetSeverity
    | MoveStatus
    | SetRole
    | AssignLane
    | RecordAwareness
    | DecideSignificance
    | RecordSubmission
    | DecideMerge
    | StartPlaybook
    | WriteEntry
)
