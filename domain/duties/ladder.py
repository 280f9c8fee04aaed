"""When people are warned: rungs per duty as data. A rung is given once; a clock that is corrected has its own rungs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.duties.assessment import Duty, DutyState
from domain.duties.localtime import HERE
from domain.duties.regimes import Regimes


@dataclass(frozen=True, kw_only=True)
class LadderStep:
    """One rung. `key` is the same for the same clock, and another one after a correction."""

    key: str
    at: datetime


def steps(duty: Duty, regimes: Regimes) -> tuple[LadderStep, ...]:
    """All rungs of a duty in order of time; none when nothing has to be done or the limit is a projection."""
    if duty.state is DutyState.NIET_BEOORDEELD:
        return tuple(
            LadderStep(key=f"{duty.regime}/onbeslist/{minutes}", at=duty.since + timedelta(minutes=minutes))
            for minutes in _undecided(duty, regimes)
        )
    if duty.state is not DutyState.LOOPT or duty.due_at is None or duty.trigger_at is None:
        return ()
    return _running(duty, duty.alarm_at or duty.due_at, duty.trigger_at, regimes)


def due_steps(duty: Duty, regimes: Regimes, given: Collection[str], now: datetime) -> tuple[LadderStep, ...]:
    """Rungs whose moment has come and that were not given; after downtime all that were missed."""
    return tuple(step for step in steps(duty, regimes) if step.at <= now and step.key not in given)


def next_at(duty: Duty, regimes: Regimes, given: Collection[str]) -> datetime | None:
    """When the sweep must look again; None when nothing is left to say."""
    return next((step.at for step in steps(duty, regimes) if step.key not in given), None)


def _undecided(duty: Duty, regimes: Regimes) -> tuple[int, ...]:
    """Nobody decided about a whole regime: its first shown duty speaks for it, so that people get one message."""
    regime = regimes.regime(duty.regime, duty.since.astimezone(HERE).date())
    shown = [obligation.id for obligation in regime.obligations if obligation.shown]
    if not shown or shown[0] != duty.obligation:
        return ()
    return (regime.undecided or regimes.ladder.undecided).after_minutes


def _running(duty: Duty, limit: datetime, start: datetime, regimes: Regimes) -> tuple[LadderStep, ...]:
    own = regimes.obligation(duty.obligation, duty.since.astimezone(HERE).date()).ladder
    rule = own or regimes.ladder.running
    moments = {f"{minutes}-min-ervoor": limit - timedelta(minutes=minutes) for minutes in rule.before_minutes}
    if rule.half_time:
        moments["halverwege"] = start + (limit - start) / 2
    if rule.at_limit:
        moments["termijn"] = limit
    for count in range(1, rule.after_count + 1):
        moments[f"{count * rule.after_minutes}-min-erna"] = limit + timedelta(minutes=count * rule.after_minutes)
    clock = limit.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    found = [LadderStep(key=f"{duty.obligation}/{clock}/{name}", at=at) for name, at in moments.items() if at > start]
    return tuple(sorted(found, key=lambda step: (step.at, step.key)))
