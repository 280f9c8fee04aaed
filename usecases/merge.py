"""Two incidents that are one disturbance go on in one of them; nothing that was known is lost."""

from typing import Literal, cast

from domain import commands, refusals
from domain.events import incident as facts
from domain.events.core import Event
from domain.incidents import Incident
from domain.parties import Actor
from usecases.record import Work, record, visible

YesNo = Literal["ja", "nee", "onbekend"]


async def hand_over(work: Work, actor: Actor, before: Incident, command: commands.DecideMerge) -> Incident:
    """Let the other incident take in this one (`before` it was merged). Keys are held, both heads are locked.

    Raises OtherIncidentClosedError, or PlaybookRunningError when tasks of this one are still in people's hands.
    """
    other = await visible(work, actor, command.other_incident)
    if not other.status.is_open or other.municipality != before.municipality:
        raise refusals.OtherIncidentClosedError
    if any(playbook.execution_id for playbook in before.playbooks):
        raise refusals.PlaybookRunningError
    pending = await work.tx.pending_members(before.incident_id, work.at)
    signals = before.signal_count + (pending.count if pending else 0)
    events = (_taken_in(before, signals), *_decisions(before, other))
    whole = await record(work, other, events, incident_id=other.incident_id)
    await work.tx.release_keys(before.incident_id, other.incident_id)
    await work.tx.hand_over_signals(before.incident_id, other.incident_id)
    return whole


def _taken_in(merged: Incident, signals: int) -> facts.IncidentOpgenomen:
    return facts.IncidentOpgenomen(
        other_incident=merged.incident_id,
        first_at=merged.first_signal_at,
        last_at=merged.last_signal_at,
        signal_count=signals,
        report_count=merged.report_count,
        severity=merged.severity,
        services=merged.services,
        suppliers=merged.suppliers,
        effects=merged.effects,
        personal_data=cast("YesNo", merged.personal_data),
        intent_suspected=cast("YesNo", merged.intent_suspected),
    )


def _decisions(merged: Incident, other: Incident) -> list[Event]:
    """Clocks that run already run on: the earliest awareness, a yes on significance and what was submitted stay."""
    reason = f"Overgenomen uit {merged.number}"
    carried: list[Event] = []
    for regime, known in merged.awareness.items():
        if regime not in other.awareness or known.aware_at < other.awareness[regime].aware_at:
            carried.append(facts.KennisnameVastgesteld(regime=regime, aware_at=known.aware_at, reason=reason))
    for regime, decided in merged.significance.items():
        standing = other.significance.get(regime)
        if standing is None or (decided.outcome == "ja" and standing.outcome != "ja"):
            carried.append(
                facts.SignificantieBesloten(
                    regime=regime,
                    outcome=cast("commands.Outcome", decided.outcome),
                    grounds=decided.grounds,
                    reason=reason,
                )
            )
    for obligation, submitted_at in merged.submissions.items():
        if obligation not in other.submissions:
            carried.append(facts.MeldplichtIngediend(obligation=obligation, submitted_at=submitted_at))
    return carried
