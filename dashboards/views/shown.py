"""An incident as the fragments show it: grouped per regime and per party, with the words worked out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from dashboards import words
from dashboards.views.card_data import DutyLine, ExecutionLine, Situation
from domain.duties.assessment import DutyState, Standing
from domain.incidents import AwarenessRecord, Incident, LaneOwner, MergeProposal, PlaybookProposal, SignificanceRecord
from domain.parties import ActedBy
from domain.sharing_table import Act, Kind
from domain.tasks import Task, TaskState

Translate = Callable[[str], str]
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Names:
    """Words for codes: what the register and the reference data call them; the code itself when they do not."""

    known: Mapping[str, str]
    gettext: Translate
    language: str

    def of(self, code: object) -> str:
        """A service, supplier, municipality, organisation, regime, obligation or playbook."""
        last = str(code).rpartition(":")[2]
        return self.known.get(str(code)) or self.known.get(last, last)

    def function(self, code: str) -> str:
        """A function in words."""
        return self.gettext(words.FUNCTION.get(code, code))

    def owner(self, owner: LaneOwner) -> str:
        """`CISO, gemeente Leiden`."""
        return f"{self.function(owner.function)}, {self.of(owner.organisation)}"

    def signed(self, by: ActedBy) -> str:
        """Who signed, by function: the name of a person is not in the picture."""
        return f"{self.function(by.function)}, {self.of(by.organisation)}"

    def text(self, translations: Mapping[str, str]) -> str:
        """A text in this language, else in Dutch."""
        return translations.get(self.language) or translations.get("nl") or ""

    def title(self, incident: Incident) -> str:
        """What the incident is called: the services that are hit. Free text is not in the picture."""
        if incident.services:
            return self.gettext("Verstoring {what}").format(what=", ".join(map(self.of, incident.services)))
        if incident.suppliers:
            return self.gettext("Verstoring bij {who}").format(who=", ".join(map(self.of, incident.suppliers)))
        return self.gettext("Verstoring, dienst nog onbekend")


@dataclass(frozen=True, kw_only=True)
class PartyLane:
    """The tasks of one organisation."""

    organisation: str
    name: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True)
class ShownExecution:
    """A running playbook."""

    execution_id: object
    playbook_id: str
    lanes: tuple[PartyLane, ...]
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class RegimeBlock:
    """One regime with what was decided and its duties."""

    id: str
    awareness: AwarenessRecord | None
    significance: SignificanceRecord | None
    duties: tuple[DutyLine, ...]
    soon: bool

    @property
    def decided(self) -> bool:
        """Whether a person decided about both awareness and significance."""
        return self.significance is not None and (
            self.awareness is not None or self.significance.outcome not in ("ja", "vrijwillig")
        )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One incident for the templates."""

    incident: Incident
    title: str
    regimes: tuple[RegimeBlock, ...]
    executions: tuple[ShownExecution, ...]
    lanes: tuple[PartyLane, ...]
    open_merges: tuple[MergeProposal, ...]
    proposed_playbooks: tuple[PlaybookProposal, ...]
    tasks: tuple[Task, ...]
    limits: tuple[DutyLine, ...]
    sees: frozenset[Kind]
    does: frozenset[Act]

    @property
    def first_limit(self) -> DutyLine | None:
        """The duty that is due first."""
        return self.limits[0] if self.limits else None


def show(one: Situation, names: Names, now: datetime) -> Shown:
    """Prepare one incident for the templates."""
    incident = one.incident
    return Shown(
        incident=incident,
        title=names.title(incident),
        regimes=tuple(_regimes(one, now)),
        executions=tuple(_execution(execution, names) for execution in one.executions),
        lanes=lanes_of(one.tasks, names),
        open_merges=tuple(merge for merge in incident.merges if merge.accepted is None and incident.status.is_open),
        proposed_playbooks=tuple(p for p in incident.playbooks if p.execution_id is None),
        tasks=one.tasks,
        limits=limits_of(one.duties),
        sees=one.sees,
        does=one.does,
    )


def limits_of(duties: Iterable[DutyLine]) -> tuple[DutyLine, ...]:
    """Duties with a moment that still counts, soonest first."""
    counting = [duty for duty in duties if _counts(duty)]
    return tuple(sorted(counting, key=lambda duty: (duty.due_at is None, duty.due_at)))


def lanes_of(tasks: Iterable[Task], names: Names) -> tuple[PartyLane, ...]:
    """Tasks per organisation; within one by when they were asked."""
    ordered = sorted(tasks, key=lambda task: (task.organisation, task.asked_at, task.task_key))
    return tuple(
        PartyLane(organisation=organisation, name=names.of(organisation), tasks=tuple(mine))
        for organisation, mine in groupby(ordered, key=lambda task: task.organisation)
    )


def is_soon(duty: DutyLine, now: datetime) -> bool:
    """Whether less than an hour is left, or none."""
    return bool(_counts(duty) and duty.due_at and duty.due_at - now < SOON)


def standing(duty: DutyLine, now: datetime) -> str:
    """State as the clock says it: late is never written, it is seen."""
    if duty.state == DutyState.INGEDIEND and duty.due_at and duty.submitted_at and duty.submitted_at > duty.due_at:
        return Standing.TE_LAAT_INGEDIEND
    late = duty.state == DutyState.LOOPT and duty.due_at is not None and duty.due_at < now
    return Standing.TE_LAAT if late else duty.state


def _counts(duty: DutyLine) -> bool:
    """Whether this moment is a limit: a duty that waits has none yet, whatever it may become."""
    done = duty.submitted_at or duty.state in (DutyState.NIET_VAN_TOEPASSING, DutyState.WACHT)
    return bool(duty.due_at and not done)


def _regimes(one: Situation, now: datetime) -> Iterable[RegimeBlock]:
    for regime in dict.fromkeys(duty.regime for duty in one.duties):
        duties = tuple(duty for duty in one.duties if duty.regime == regime)
        yield RegimeBlock(
            id=regime,
            awareness=one.incident.awareness.get(regime),
            significance=one.incident.significance.get(regime),
            duties=duties,
            soon=any(is_soon(duty, now) for duty in duties),
        )


def _execution(execution: ExecutionLine, names: Names) -> ShownExecution:
    done = [task for task in execution.tasks if not task.state.is_open]
    return ShownExecution(
        execution_id=execution.execution_id,
        playbook_id=execution.playbook_id,
        lanes=lanes_of(execution.tasks, names),
        done=len([task for task in done if task.state is not TaskState.VERVALT]),
        total=max(len([task for task in execution.tasks if task.state is not TaskState.VERVALT]), 1),
    )
