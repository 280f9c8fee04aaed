"""Where the duties of one incident stand, from its facts. Not yet assessed is a state, from the first signal on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.duties.calendar import Calendar
from domain.duties.localtime import HERE
from domain.duties.periods import NOTHING, Agreed, Due, Waits, compute
from domain.duties.regimes import Obligation, Regime, Regimes
from domain.duties.triggers import Moments, trigger_of


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
    delay_reason_missing: bool = False
    """Submitted late, and nobody said why: the law asks for the reasons, it does not forbid."""
    earlier_due: tuple[AwareDatetime, ...] = ()
    """Limits that stood before a correction, the oldest first."""


@dataclass(frozen=True, kw_only=True)
class Awareness:
    """From which moment people knew, for one regime. `earlier`: what was recorded before, the oldest first."""

    at: datetime
    earlier: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Significance:
    """What was decided for one regime: ja, nee, vrijwillig or bijna-incident."""

    outcome: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class DutyFacts:
    """What the duties follow from. `moments` and `requests` are recorded by people; `agreed` stands in a contract.

    `asked`: obligations that people want to see here though they do not come with the decision.
    `reasons_given`: late obligations with a reason; None = not known here.
    """

    first_signal_at: datetime
    awareness: Mapping[str, Awareness] = field(default_factory=dict)
    significance: Mapping[str, Significance] = field(default_factory=dict)
    submissions: Mapping[str, datetime] = field(default_factory=dict)
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)
    requests: Mapping[str, datetime] = field(default_factory=dict)
    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    asked: Collection[str] = ()
    reasons_given: Collection[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The facts beside the configuration that holds for them."""

    facts: DutyFacts
    regime: Regime
    calendar: Calendar

    @property
    def known(self) -> Awareness | None:
        """From which moment people knew, for this regime."""
        return self.facts.awareness.get(self.regime.id)

    def moments(self, aware_at: datetime | None) -> Moments:
        """The moments by which a clock starts, when people knew from `aware_at` on."""
        facts = self.facts
        return Moments(
            aware=aware_at,
            opened=facts.first_signal_at,
            handled=facts.handled_at or facts.closed_at,
            closed=facts.closed_at,
            recorded=facts.moments,
            requests=facts.requests,
            submissions=facts.submissions,
            limit_of=lambda other: self._limit_of(other, aware_at),
        )

    def limit(self, obligation: Obligation, aware_at: datetime | None) -> tuple[datetime | None, Due | Waits]:
        """When the clock starts and what follows. A limit that is the limit of another one has its alarm too."""
        trigger = trigger_of(obligation, self.moments(aware_at))
        limit = compute(obligation, trigger, self.calendar, self.facts.agreed.get(obligation.id, NOTHING))
        kind, _, other = obligation.trigger.partition(":")
        before = self.obligation(other) if kind == "due" else None
        first = self.limit(before, aware_at)[1] if before else None
        if isinstance(limit, Due) and isinstance(first, Due):
            limit = replace(limit, alarm_at=min(limit.alarm_at, first.alarm_at))
        return trigger, limit

    def _limit_of(self, other: str, aware_at: datetime | None) -> datetime | None:
        found = self.obligation(other)
        limit = self.limit(found, aware_at)[1] if found else None
        return limit.due_at if isinstance(limit, Due) else None

    def obligation(self, named: str) -> Obligation | None:
        """An obligation of this regime."""
        return next((each for each in self.regime.obligations if each.id == named), None)


def duties(
    facts: DutyFacts, regimes: Regimes, calendar: Calendar, *, kind: str = "gemeente", decided: Collection[str] = ()
) -> tuple[Duty, ...]:
    """The duties that are shown for an incident of this kind of organisation, in the order of the configuration.

    `decided`: what recorded decisions say that the organisation is, beside what it is by its kind.
    """
    on = facts.first_signal_at.astimezone(HERE).date()
    is_ = regimes.qualities_of(kind, decided)
    return tuple(
        _duty(Situation(facts=facts, regime=regime, calendar=calendar), obligation)
        for regime in regimes.applying(kind, on, decided)
        for obligation in regime.obligations
        if obligation.applies_if is None or obligation.applies_if in is_
        if _is_shown(obligation, regime, facts)
    )


def elapsed(duty: Duty, now: datetime) -> timedelta:
    """Time since the clock started; while nobody decided, since the first signal."""
    return now - (duty.trigger_at or duty.since)


def standing(duty: Duty, now: datetime) -> Standing:
    """How the duty stands at this moment."""
    late = not duty.projected and _after(duty, duty.submitted_at or now)
    if duty.state is DutyState.INGEDIEND:
        return Standing.TE_LAAT_INGEDIEND if late else Standing.INGEDIEND
    if duty.state is DutyState.LOOPT and late:
        return Standing.TE_LAAT
    return Standing(duty.state.value)


def _after(duty: Duty, moment: datetime) -> bool:
    if duty.due_at is None:
        return False
    return moment >= duty.due_at if duty.exclusive else moment > duty.due_at


def _is_shown(obligation: Obligation, regime: Regime, facts: DutyFacts) -> bool:
    if obligation.id in facts.submissions or obligation.id in facts.asked:
        return True
    replaced = {each.replaces for each in regime.obligations if each.id in facts.asked}
    recorded = trigger_of(obligation, Moments(recorded=facts.moments, requests=facts.requests))
    return (obligation.shown and obligation.id not in replaced) or recorded is not None


def _duty(situation: Situation, obligation: Obligation) -> Duty:
    facts, regime = situation.facts, situation.regime
    known, decided = situation.known, facts.significance.get(regime.id)
    start = Duty(
        obligation=obligation.id, regime=regime.id, state=DutyState.NIET_BEOORDEELD, since=facts.first_signal_at
    )
    submitted = facts.submissions.get(obligation.id)
    if submitted is None and obligation.when == "decided":
        if decided is None:
            return start.model_copy(update={"worst_case_at": _worst_case(obligation, known, facts)})
        if decided.outcome != "ja":
            return start.model_copy(
                update={"state": DutyState.NIET_VAN_TOEPASSING, "rule": f"besloten: {decided.outcome}"}
            )
    trigger, limit = situation.limit(obligation, known.at if known else None)
    if isinstance(limit, Due):
        running = start.model_copy(update={**_limit(limit), "trigger_at": trigger})
        return _dated(running, obligation, submitted, situation)
    if submitted:
        return start.model_copy(update={"state": DutyState.INGEDIEND, "submitted_at": submitted, "rule": limit.rule})
    if limit.waits_for is None:
        started = {"state": DutyState.LOOPT, "trigger_at": trigger, "rule": limit.rule}
        return start.model_copy(update=started)
    waiting = {"state": DutyState.WACHT, "rule": limit.rule, "waits_for": limit.waits_for}
    return start.model_copy(update={**waiting, **_projection(obligation, situation)})


def _dated(duty: Duty, obligation: Obligation, submitted: datetime | None, situation: Situation) -> Duty:
    """A duty with a limit: it runs, or was submitted and then stays as late as it was."""
    earlier = _earlier(obligation, situation, duty.due_at)
    again = obligation.repeats and situation.facts.closed_at is None
    if submitted is None or again:
        return duty.model_copy(update={"state": DutyState.LOOPT, "earlier_due": earlier})
    done = duty.model_copy(update={"state": DutyState.INGEDIEND, "submitted_at": submitted, "earlier_due": earlier})
    given = situation.facts.reasons_given
    missing = obligation.late_needs_reason and given is not None and obligation.id not in given
    return done.model_copy(update={"delay_reason_missing": missing and _after(done, submitted)})


def _limit(limit: Due) -> dict[str, object]:
    return {
        "due_at": limit.due_at,
        "alarm_at": limit.alarm_at,
        "exclusive": limit.exclusive,
        "rule": limit.rule,
    }


def _earlier(obligation: Obligation, situation: Situation, now: datetime | None) -> tuple[datetime, ...]:
    """What the limit was before awareness was corrected. A clock that does not start there was never corrected."""
    if situation.known is None:
        return ()
    limits = [situation.limit(obligation, at)[1] for at in situation.known.earlier]
    found = dict.fromkeys(limit.due_at for limit in limits if isinstance(limit, Due))
    return tuple(due for due in found if due != now)


def _worst_case(obligation: Obligation, known: Awareness | None, facts: DutyFacts) -> datetime | None:
    """The limit if this must be reported: from the moment people knew, else as if they knew at the first signal."""
    since = known.at if known else facts.first_signal_at
    return since + timedelta(hours=obligation.hours) if obligation.hours else None


def _projection(obligation: Obligation, situation: Situation) -> dict[str, object]:
    """What the limit would become when the report before it is submitted at its own limit. Labelled, never alarming."""
    earlier = situation.obligation(obligation.projected_from) if obligation.projected_from else None
    if earlier is None or situation.known is None:
        return {}
    before = compute(earlier, situation.known.at, situation.calendar)
    after = compute(obligation, before.due_at, situation.calendar) if isinstance(before, Due) else None
    return {"due_at": after.due_at, "exclusive": after.exclusive, "projected": True} if isinstance(after, Due) else {}
