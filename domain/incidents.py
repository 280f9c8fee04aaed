"""The state of one incident: a pure fold over its facts. `evolve` never refuses; `domain/acts.py` does."""

from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.events import incident as facts
from domain.events.core import Recorded, RuleUsed
from domain.parties import ActedBy
from domain.severity import Severity, worst
from domain.status import Lane, MunicipalRole, Status
from domain.tlp import Tlp


class Value(BaseModel):
    """Base of the frozen values in a state row."""

    model_config = ConfigDict(frozen=True)


class AwarenessRecord(Value):
    """From which moment the organisation knew, for one regime, and who signed that.

    `earlier`: the moments that were recorded before a correction, the oldest first; who and why stand in the log.
    """

    aware_at: AwareDatetime
    recorded_at: AwareDatetime
    by: ActedBy
    version: int
    earlier: tuple[AwareDatetime, ...] = ()


class SignificanceRecord(Value):
    """What a person decided about one regime, and who signed that."""

    outcome: str
    grounds: tuple[str, ...]
    decided_at: AwareDatetime
    by: ActedBy
    version: int


class LaneOwner(Value):
    """The one owner of a lane."""

    organisation: str
    function: str


class MergeProposal(Value):
    """Another incident that may be the same disturbance; `accepted` is None while nobody decided."""

    other_incident: UUID
    rule: RuleUsed
    accepted: bool | None = None


class PlaybookProposal(Value):
    """A playbook that a rule proposes; `execution_id` once a person confirmed it."""

    playbook_id: str
    rule: RuleUsed | None = None
    execution_id: UUID | None = None


class Incident(Value):
    """One disturbance. `version` is the version of its stream; collections only grow."""

    incident_id: UUID
    version: int
    number: str
    municipality: str
    status: Status = Status.TE_DUIDEN
    owner: LaneOwner | None = None
    severity: Severity = Severity.ONBEKEND
    role: MunicipalRole | None = None
    opened_by: str
    opened_at: AwareDatetime
    first_signal_at: AwareDatetime
    last_signal_at: AwareDatetime
    confirmed_at: AwareDatetime | None = None
    """When a person first said that this is real (bevestigd, crisis or ontwrichting); it stays."""
    closed_at: AwareDatetime | None = None
    services: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    rsit: str | None = None
    tlp: Tlp = Tlp.AMBER
    rules: tuple[RuleUsed, ...] = ()
    signal_count: int = 0
    report_count: int = 0
    personal_data: str = "onbekend"
    intent_suspected: str = "onbekend"
    lanes: dict[Lane, LaneOwner] = {}
    awareness: dict[str, AwarenessRecord] = {}
    significance: dict[str, SignificanceRecord] = {}
    submissions: dict[str, AwareDatetime] = {}
    delays_explained: frozenset[str] = frozenset()
    """Obligations that were submitted with a reason for the delay."""
    warnings_given: frozenset[str] = frozenset()
    merges: tuple[MergeProposal, ...] = ()
    merged_into: UUID | None = None
    playbooks: tuple[PlaybookProposal, ...] = ()

    @property
    def stream_id(self) -> str:
        """The stream of this incident in the log."""
        return stream_of(self.incident_id)


def stream_of(incident_id: UUID) -> str:
    """Stream id of an incident."""
    return f"incident:{incident_id}"


def fold(recorded: list[Recorded]) -> Incident | None:
    """State after these facts, in order of version."""
    return reduce(evolve, recorded, None)


def evolve(state: Incident | None, recorded: Recorded) -> Incident | None:
    """State after one more fact. A fact that was already folded (same or lower version) changes nothing."""
    event = recorded.event
    if state is None:
        return _opened(event, recorded) if isinstance(event, facts.IncidentGeopend) else None
    if recorded.version <= state.version:
        return state
    return state.model_copy(update={"version": recorded.version, **_changes(state, event, recorded)})


def _opened(event: facts.IncidentGeopend, recorded: Recorded) -> Incident:
    return Incident(
        incident_id=event.incident_id,
        version=recorded.version,
        number=event.number,
        municipality=event.municipality,
        severity=event.severity,
        opened_by=event.opened_by,
        opened_at=recorded.recorded_at,
        first_signal_at=event.first_signal_at,
        last_signal_at=event.first_signal_at,
        services=_with((), event.service),
        suppliers=_with((), event.supplier),
        rsit=event.rsit,
        tlp=event.tlp,
        rules=(event.rule,) if event.rule else (),
        signal_count=1 if event.opened_by == "signaal" else 0,
    )


def _changes(state: Incident, event: Any, recorded: Recorded) -> dict[str, Any]:  # noqa: C901, PLR0911 - one case a fact, the type checker names a forgotten one
    match event:
        case facts.SignalenToegevoegd():
            return _signals(state, event)
        case facts.MeldingOntvangen():
            return _report(state, event)
        case facts.ErnstBepaald():
            return {"severity": event.severity}
        case facts.StatusGewijzigd():
            return _status(state, event, recorded.recorded_at)
        case facts.RolBepaald():
            return {"role": event.role}
        case facts.LijnToegewezen():
            owner = LaneOwner(organisation=event.organisation, function=event.function)
            return {"lanes": {**state.lanes, event.lane: owner}}
        case facts.KennisnameVastgesteld() | facts.SignificantieBesloten() | facts.MeldplichtIngediend():
            return _duty(state, event, recorded)
        case facts.WaarschuwingGegeven():
            return {"warnings_given": state.warnings_given | set(event.steps)}
        case facts.SamenvoegingVoorgesteld() | facts.SamenvoegingBesloten() | facts.IncidentOpgenomen():
            return _merge(state, event, recorded.recorded_at)
        case facts.DraaiboekVoorgesteld():
            proposal = PlaybookProposal(playbook_id=event.playbook_id, rule=event.rule)
            return {"playbooks": (*state.playbooks, proposal)}
        case facts.DraaiboekGestart():
            return {"playbooks": _started(state, event)}
        case _:
            return {}


def _with(values: tuple[str, ...], *more: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *(value for value in more if value))))


def _signals(state: Incident, event: facts.SignalenToegevoegd) -> dict[str, Any]:
    known = {(rule.rule, rule.version) for rule in state.rules}
    return {
        "signal_count": max(state.signal_count, event.total),
        "first_signal_at": min(state.first_signal_at, event.first_at),
        "last_signal_at": max(state.last_signal_at, event.last_at),
        "rules": state.rules if (event.rule.rule, event.rule.version) in known else (*state.rules, event.rule),
    }


def _report(state: Incident, event: facts.MeldingOntvangen) -> dict[str, Any]:
    return {
        "report_count": state.report_count + 1,
        "services": _with(state.services, *event.services),
        "suppliers": _with(state.suppliers, event.supplier),
        "effects": _with(state.effects, *event.effects),
        "severity": worst(state.severity, event.severity),
        "personal_data": _firmest(state.personal_data, event.personal_data),
        "intent_suspected": _firmest(state.intent_suspected, event.intent_suspected),
        "first_signal_at": min(state.first_signal_at, event.discovered_at),
        "last_signal_at": max(state.last_signal_at, event.discovered_at),
    }


def _firmest(old: str, new: str) -> str:
    """`ja` stays; otherwise what was said last, unless that is `onbekend`."""
    return old if old == "ja" or new == "onbekend" else new


def _status(state: Incident, event: facts.StatusGewijzigd, at: datetime) -> dict[str, Any]:
    real = event.status in (Status.BEVESTIGD, Status.CRISIS, Status.ONTWRICHTING)
    return {
        "confirmed_at": state.confirmed_at or (at if real else None),
        "status": event.status,
        "owner": LaneOwner(organisation=event.owner_organisation, function=event.owner_function),
        "closed_at": None if event.status.is_open else at,
    }


def _duty(
    state: Incident,
    event: facts.KennisnameVastgesteld | facts.SignificantieBesloten | facts.MeldplichtIngediend,
    recorded: Recorded,
) -> dict[str, Any]:
    signed: dict[str, Any] = {"by": recorded.by, "version": recorded.version}
    match event:
        case facts.KennisnameVastgesteld():
            before = state.awareness.get(event.regime)
            earlier = (*before.earlier, before.aware_at) if before else ()
            known = AwarenessRecord(
                aware_at=event.aware_at, recorded_at=recorded.recorded_at, earlier=earlier, **signed
            )
            return {"awareness": {**state.awareness, event.regime: known}}
        case facts.SignificantieBesloten():
            decided = SignificanceRecord(
                outcome=event.outcome, grounds=event.grounds, decided_at=recorded.recorded_at, **signed
            )
            return {"significance": {**state.significance, event.regime: decided}}
        case facts.MeldplichtIngediend():
            explained = {event.obligation} if event.delay_reason else set()
            return {
                "submissions": {event.obligation: event.submitted_at, **state.submissions},
                "delays_explained": state.delays_explained | explained,
            }


def _merge(
    state: Incident,
    event: facts.SamenvoegingVoorgesteld | facts.SamenvoegingBesloten | facts.IncidentOpgenomen,
    at: datetime,
) -> dict[str, Any]:
    if isinstance(event, facts.IncidentOpgenomen):
        return _taken_in(state, event)
    if isinstance(event, facts.SamenvoegingVoorgesteld):
        return {"merges": _proposed(state.merges, MergeProposal(other_incident=event.other_incident, rule=event.rule))}
    merges = tuple(
        merge.model_copy(update={"accepted": event.accepted}) if merge.other_incident == event.other_incident else merge
        for merge in state.merges
    )
    if not event.accepted:
        return {"merges": merges}
    return {
        "merges": merges,
        "merged_into": event.other_incident,
        "status": Status.SAMENGEVOEGD,
        "closed_at": at,
    }


def _proposed(merges: tuple[MergeProposal, ...], proposal: MergeProposal) -> tuple[MergeProposal, ...]:
    """One proposal for each other incident: a firmer rule takes the place of a guess."""
    if all(merge.other_incident != proposal.other_incident for merge in merges):
        return (*merges, proposal)
    return tuple(proposal if merge.other_incident == proposal.other_incident else merge for merge in merges)


def _taken_in(state: Incident, event: facts.IncidentOpgenomen) -> dict[str, Any]:
    return {
        "signal_count": state.signal_count + event.signal_count,
        "report_count": state.report_count + event.report_count,
        "first_signal_at": min(state.first_signal_at, event.first_at),
        "last_signal_at": max(state.last_signal_at, event.last_at),
        "severity": worst(state.severity, event.severity),
        "services": _with(state.services, *event.services),
        "suppliers": _with(state.suppliers, *event.suppliers),
        "effects": _with(state.effects, *event.effects),
        "personal_data": _firmest(state.personal_data, event.personal_data),
        "intent_suspected": _firmest(state.intent_suspected, event.intent_suspected),
    }


def _started(state: Incident, event: facts.DraaiboekGestart) -> tuple[PlaybookProposal, ...]:
    started = PlaybookProposal(playbook_id=event.playbook_id, execution_id=event.execution_id)
    proposed = [p for p in state.playbooks if p.playbook_id == event.playbook_id and p.execution_id is None]
    if not proposed:
        return (*state.playbooks, started)
    first = proposed[0]
    return tuple(
        p.model_copy(update={"execution_id": event.execution_id}) if p is first else p for p in state.playbooks
    )
