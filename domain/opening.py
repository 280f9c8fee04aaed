"""How an incident begins or grows: by a person's report, by a signal, and the proposal to merge two of them."""

from collections.abc import Collection

from domain.checks import refuse_closed, refuse_future
from domain.commands import Opening, Report
from domain.events import incident as facts
from domain.events.core import RuleUsed
from domain.incidents import Incident


def open_by_report(report: Report, opening: Opening) -> tuple[facts.AnyIncidentEvent, ...]:
    """The first two facts of an incident that a person reported."""
    refuse_future(report.discovered_at, report.at)
    geopend = facts.IncidentGeopend(
        incident_id=opening.incident_id,
        number=opening.number,
        municipality=report.municipality,
        opened_by="melding",
        first_signal_at=report.discovered_at,
        severity=opening.severity,
        service=opening.service,
        supplier=opening.supplier,
        rsit=opening.rsit,
        tlp=opening.tlp,
        title=report.description.strip()[:120] or None,
        happened_at=report.happened_at,
    )
    return (geopend, _received(report))


def join_by_report(state: Incident, report: Report) -> tuple[facts.AnyIncidentEvent, ...]:
    """The fact that a person's report joined this incident. Refused when it is closed or merged."""
    refuse_closed(state)
    refuse_future(report.discovered_at, report.at)
    return (_received(report),)


def open_by_signal(opening: Opening, municipality: str) -> facts.IncidentGeopend:
    """The fact that a signal opened an incident, with the rule that did it."""
    return facts.IncidentGeopend(
        incident_id=opening.incident_id,
        number=opening.number,
        municipality=municipality,
        opened_by="signaal",
        first_signal_at=opening.first_at,
        severity=opening.severity,
        service=opening.service,
        supplier=opening.supplier,
        rsit=opening.rsit,
        tlp=opening.tlp,
        rule=opening.rule,
    )


def propose_merge(
    state: Incident, other: Incident, rule: RuleUsed, *, firm: Collection[str] = ()
) -> tuple[facts.SamenvoegingVoorgesteld, ...]:
    """A proposal, unless it stands already (in any form) or one of the two is closed.

    `firm` names the rules that say it for sure: one of those makes firmer what only a guess proposed and nobody
    decided, at most once.
    """
    standing = next((merge for merge in state.merges if merge.other_incident == other.incident_id), None)
    firmer = standing is not None and standing.accepted is None and standing.rule.rule not in firm and rule.rule in firm
    known = standing is not None or any(merge.other_incident == state.incident_id for merge in other.merges)
    if (
        (known and not firmer)
        or state.incident_id == other.incident_id
        or not (state.status.is_open and other.status.is_open)
    ):
        return ()
    return (facts.SamenvoegingVoorgesteld(other_incident=other.incident_id, rule=rule),)


def _received(report: Report) -> facts.MeldingOntvangen:
    return facts.MeldingOntvangen(
        report_id=report.report_id,
        services=report.services,
        discovered_at=report.discovered_at,
        intent_suspected=report.intent_suspected,
        personal_data=report.personal_data,
        others_hit=report.others_hit,
        supplier=report.supplier,
        effects=report.effects,
        severity=report.severity,
        rule=report.severity_rule,
        description=report.description.strip() or None,
        contact=report.contact,
        happened_at=report.happened_at,
    )
