"""What signals do to incidents: the first of a disturbance opens one; the others are counted, and mentioned at once."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.commands import Opening
from domain.errors import ConflictError
from domain.events.core import Event, RuleUsed
from domain.events.incident import DraaiboekVoorgesteld
from domain.incidents import Incident, stream_of
from domain.opening import open_by_signal, propose_merge
from playbooks.rules import propose
from signals.correlation import FIRM, Decision
from usecases import notices
from usecases.judging import Judged
from usecases.ports import IntakeTransaction, Membership
from usecases.record import Work, record
from usecases.sweep import MENTION_EVERY, joined


class HeadBusyError(ConflictError):
    """Iemand werkt nu aan dit incident. De signalen worden zo meteen opnieuw aangeboden."""

    code = "incident-bezet"


MOST_MENTIONS = 20
"""So many joined incidents are mentioned by the batch itself; the others wait a second for the sweep."""


async def open_all(work: Work, judged: Sequence[Judged]) -> None:
    """Open the new incidents of a batch, with their proposals and the messages to who must know."""
    opening = [(each, each.decision) for each in judged if each.opens and each.decision is not None]
    if opening:
        await work.tx.lock([stream_of(decision.incident_id) for _, decision in opening])
    for each, decision in opening:
        incident = await _open(work, each, decision)
        await work.tx.notify(notices.opened(incident, notices.informed_of(None, incident.severity)))


async def join_all(work: Work, tx: IntakeTransaction, judged: Sequence[Judged]) -> None:
    """Count the signals that joined. The first of a second is a fact now, when the head is free; others wait.

    Raises HeadBusyError when two incidents turn out to be one and somebody holds the head of one.
    """
    chosen, pairs = await _counted(work, tx, memberships(judged)), _pairs(judged)
    wanted = {stream_of(each) for each in (*chosen, *(each for pair in pairs for each in pair))}
    free = await tx.lock_free(wanted) if wanted else {}
    for incident_id in chosen:
        if stream_of(incident_id) in free:
            await _mention(work, incident_id)
    for (incident_id, other), rule in pairs.items():
        if stream_of(incident_id) not in free or stream_of(other) not in free:
            raise HeadBusyError
        await _propose(work, incident_id, other, rule)


async def _counted(work: Work, tx: IntakeTransaction, members: Sequence[Membership]) -> Sequence[UUID]:
    """Count what joined; the incidents whose last fact about it is old enough for another, at most some."""
    if not members:
        return ()
    await tx.count_members(members)
    silent = await tx.mentioned_before([each.incident_id for each in members], work.at - MENTION_EVERY)
    return sorted(silent)[:MOST_MENTIONS]


def _pairs(judged: Sequence[Judged]) -> Mapping[tuple[UUID, UUID], RuleUsed]:
    """Incidents that one signal belongs to both of, with the rule that says so."""
    found = [each.repeats or each.decision for each in judged if not each.opens]
    return {
        (one.incident_id, one.proposal): one.proposal_rule
        for one in found
        if one is not None and one.proposal is not None and one.proposal_rule is not None
    }


def memberships(judged: Sequence[Judged]) -> Sequence[Membership]:
    """What joined per incident; the signal that opened it is in the opening fact."""
    joins: Mapping[UUID, list[tuple[Judged, Decision]]] = defaultdict(list)
    for each in judged:
        if each.decision is not None and not each.opens:
            joins[each.decision.incident_id].append((each, each.decision))
    return [_membership(incident_id, found) for incident_id, found in sorted(joins.items())]


def _membership(incident_id: UUID, found: Sequence[tuple[Judged, Decision]]) -> Membership:
    moments = [each.row.normal.observed_at for each, _ in found]
    names = "\n".join(sorted(str(each.row.signal_id) for each, _ in found))
    return Membership(
        incident_id=incident_id,
        count=len(found),
        first_at=min(moments),
        last_at=max(moments),
        digest=hashlib.sha256(names.encode()).hexdigest(),
        rule=found[-1][1].rule,
    )


async def _open(work: Work, each: Judged, decision: Decision) -> Incident:
    """An incident that a signal opens. A sender whose clock runs ahead does not move our clocks."""
    signal = each.row.normal
    opening = Opening(
        incident_id=decision.incident_id,
        number=await work.tx.next_incident_number(work.at.year),
        severity=signal.severity,
        first_at=min(signal.observed_at, each.read.receipt.received_at),
        service=decision.meant.service,
        supplier=decision.meant.supplier,
        rsit=signal.rsit,
        tlp=signal.tlp,
        rule=decision.rule,
    )
    events = [open_by_signal(opening, each.row.municipality)]
    incident = await record(work, None, events, incident_id=decision.incident_id)
    if proposals := await _proposals(work, incident, decision):
        incident = await record(work, incident, proposals, incident_id=decision.incident_id)
    return incident


async def _proposals(work: Work, incident: Incident, decision: Decision) -> Sequence[Event]:
    """What rules propose and people decide: merging with another incident, and playbooks."""
    other = await work.tx.incident(decision.proposal) if decision.proposal is not None else None
    merges: Sequence[Event] = ()
    if other is not None and decision.proposal_rule is not None:
        merges = propose_merge(incident, other, decision.proposal_rule)
    playbooks = propose(work.ctx.rules.proposals, incident)
    return [*merges, *(DraaiboekVoorgesteld(playbook_id=each, rule=rule) for each, rule in playbooks)]


async def _mention(work: Work, incident_id: UUID) -> None:
    incident, pending = await work.tx.incident(incident_id), await work.tx.pending_members(incident_id, work.at)
    if incident is not None and pending is not None:
        await record(work, incident, [joined(incident, pending)], incident_id=incident_id)


async def _propose(work: Work, incident_id: UUID, other_id: UUID, rule: RuleUsed) -> None:
    """Propose what one signal says for sure; a guess that stands between the two is made firmer where it stands."""
    one, two = await work.tx.incident(incident_id), await work.tx.incident(other_id)
    if one is None or two is None:
        return
    if any(merge.other_incident == one.incident_id for merge in two.merges):
        one, two = two, one
    if events := propose_merge(one, two, rule, firm=FIRM):
        await record(work, one, events, incident_id=one.incident_id)
