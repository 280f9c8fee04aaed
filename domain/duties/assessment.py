"""Where the duties of one incident stand, from its facts. Not yet assessed is a state, from the first signal on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.duties.calendar import Calendar
from domain.duties.localtime import HERE
from domain.duties.periods import Due, compute
from domain.duties.regimes import Obligation, Regime, Regimes


class DutyState(StrEnum):
    """`niet-beoordeeld` until a person signs; `wacht` = decided, but the trigger has not happened yet."""

    NIET_BEOORDEELD = "niet-beoordeeld"
    LOOPT = "loopt"
    WACHT = "wacht"
    NIET_VAN_TOEPASSING = "niet-van-toepassing"
    INGEDIEND = "ingediend"


class Standing(StrEnum):
    """State seen at a moment: late is what the clock says, not what somebody wrote."""

    NIET_BEOORDEELD = "niet-beoordeeld"
    LOOPT = "loopt"
    WACHT = "wacht"
    NIET_VAN_TOEPASSING = "niet-van-toepassing"
    INGEDIEND = "ingediend"
    TE_LAAT_INGEDIEND = "te-laat-ingediend"
    TE_LAAT = "te-laat"


class Duty(BaseModel):
    """One obligation for one incident. `worst_case_at`: the limit if people knew at the first signal.

    `projected`: `due_at` is what it would become, not yet a limit.
    """

    model_config = ConfigDict(frozen=True)
    obligation: str
    regime: str
    state: DutyState
    since: AwareDatetime
    """The first signal: elapsed time counts from here while nobody decided."""
    trigger_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    alarm_at: AwareDatetime | None = None
    exclusive: bool = False
    projected: bool = False
    rule: str = ""
    waits_for: str | None = None
    worst_case_at: AwareDatetime | None = None
    submitted_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class Awareness:
    """From which moment people knew, for one regime."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class Significance:
    """What was decided for one regime: ja, nee, vrijwillig or bijna-incident."""

    outcome: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class DutyFacts:
    """What the duties follow from."""

    first_signal_at: datetime
    awareness: Mapping[str, Awareness] = field(default_factory=dict)
    significance: Mapping[str, Significance] = field(default_factory=dict)
    submissions: Mapping[str, datetime] = field(default_factory=dict)
    closed_at: datetime | None = None


def duties(facts: DutyFacts, regimes: Regimes, calendar: Calendar, *, kind: str = "gemeente") -> tuple[Duty, ...]:
    """The duties that are shown for an incident of this kind of organisation, in the order of the configuration."""
    on = facts.first_signal_at.astimezone(HERE).date()
    return tuple(
        _duty(regime, obligation, facts, regimes, calendar)
        for regime in regimes.applying(kind, on)
        for obligation in regime.obligations
        if obligation.shown or obligation.id in facts.submissions
    )


def standing(duty: Duty, now: datetime) -> Standing:
    """How the duty stands at this moment."""
    late = duty.due_at is not None and not duty.projected and _after(duty, duty.submitted_at or now)
    if duty.state is DutyState.INGEDIEND:
        return Standing.TE_LAAT_INGEDIEND if late else Standing.INGEDIEND
    if duty.state is DutyState.LOOPT and late:
        return Standing.TE_LAAT
    return Standing(duty.state.value)


def _after(duty: Duty, moment: datetime) -> bool:
    if duty.due_at is None:
        return False
    return moment >= duty.due_at if duty.exclusive else moment > duty.due_at


def _duty(regime: Regime, obligation: Obligation, facts: DutyFacts, regimes: Regimes, calendar: Calendar) -> Duty:
    known, decided = facts.awareness.get(regime.id), facts.significance.get(regime.id)
    start = Duty(
        obligation=obligation.id, regime=regime.id, state=DutyState.NIET_BEOORDEELD, since=facts.first_signal_at
    )
    submitted = facts.submissions.get(obligation.id)
    if decided is None and submitted is None:
        return start.model_copy(update={"worst_case_at": _worst_case(obligation, known, facts)})
    if decided is not None and decided.outcome != "ja" and submitted is None:
        return start.model_copy(update={"state": DutyState.NIET_VAN_TOEPASSING, "rule": f"besloten: {decided.outcome}"})
    trigger = _trigger(obligation, known, facts)
    limit = compute(obligation, trigger, calendar)
    if isinstance(limit, Due):
        state = DutyState.INGEDIEND if submitted else DutyState.LOOPT
        return start.model_copy(
            update={**_limit(limit), "state": state, "trigger_at": trigger, "submitted_at": submitted}
        )
    if submitted:
        return start.model_copy(update={"state": DutyState.INGEDIEND, "submitted_at": submitted, "rule": limit.rule})
    waiting = {"state": DutyState.WACHT, "rule": limit.rule, "waits_for": limit.waits_for}
    return start.model_copy(update={**waiting, **_projection(obligation, known, regimes, calendar)})


def _limit(limit: Due) -> dict[str, object]:
    return {
        "due_at": limit.due_at,
        "alarm_at": limit.alarm_at,
        "exclusive": limit.exclusive,
        "rule": limit.rule,
    }


def _trigger(obligation: Obligation, known: Awareness | None, facts: DutyFacts) -> datetime | None:
    kind, _, other = obligation.trigger.partition(":")
    if kind == "aware":
        return known.at if known else None
    if kind == "submitted":
        return facts.submissions.get(other)
    return facts.closed_at if kind == "handled" else None


def _worst_case(obligation: Obligation, known: Awareness | None, facts: DutyFacts) -> datetime | None:
    """The limit if this must be reported: from the moment people knew, else as if they knew at the first signal."""
    since = known.at if known else facts.first_signal_at
    return since + timedelta(hours=obligation.hours) if obligation.hours else None


def _projection(
    obligation: Obligation, known: Awareness | None, regimes: Regimes, calendar: Calendar
) -> dict[str, object]:
    """What the limit would become when the report before it is submitted at its own limit. Labelled, never alarming."""
    if obligation.projected_from is None or known is None:
        return {}
    before = compute(regimes.obligation(obligation.projected_from), known.at, calendar)
    after = compute(obligation, before.due_at, calendar) if isinstance(before, Due) else None
    return {"due_at": after.due_at, "exclusive": after.exclusive, "projected": True} if isinstance(after, Due) else {}
