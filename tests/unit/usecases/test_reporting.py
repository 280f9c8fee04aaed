"""A person reports: it opens an incident at once, or joins the one that was chosen; once per key."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import commands, refusals
from domain.errors import NotAllowedError
from domain.events import incident as facts
from domain.parties import Function
from domain.status import Status
from tests.builders import a_report, an_actor, an_id
from tests.desk import SUPPLIER_PLAYBOOK, Desk
from usecases import report_incident


async def test_a_report_opens_an_incident_with_number_limits_and_people_informed() -> None:
    desk = Desk()
    incident = await desk.reports()
    assert incident.number == "INC-2026-0001"
    assert (incident.status, incident.report_count, incident.opened_by) == (Status.TE_DUIDEN, 1, "melding")
    due = desk.duties(incident)["cbw.early_warning"].duty
    assert due.worst_case_at == incident.first_signal_at + timedelta(hours=24)
    informed = {notice.function for notice in desk.notices()}
    assert {Function.CISO, Function.BURGEMEESTER, Function.FG} <= informed


async def test_the_supplier_playbook_is_proposed_with_its_rule() -> None:
    incident = await Desk().reports()
    (proposal,) = [each for each in incident.playbooks if each.playbook_id == SUPPLIER_PLAYBOOK]
    assert proposal.execution_id is None
    assert proposal.rule is not None
    assert proposal.rule.explanation


async def test_a_chosen_open_incident_is_joined() -> None:
    desk = Desk()
    opened = await desk.alerted()
    joined = await desk.reports(opened.incident_id)
    assert joined.incident_id == opened.incident_id
    assert joined.report_count == 1
    assert len(desk.incidents) == 1


async def test_not_chosen_it_opens_with_a_proposal_to_merge() -> None:
    desk = Desk()
    opened = await desk.alerted()
    other = await desk.reports()
    assert other.incident_id != opened.incident_id
    (merge,) = other.merges
    assert (merge.other_incident, merge.accepted) == (opened.incident_id, None)
    assert merge.rule.rule == "zelfde-dienst"


async def test_two_clicks_are_one_report() -> None:
    desk = Desk()
    asked = a_report(at=desk.now)
    first = await report_incident.report(desk.ctx, an_actor(), asked, None, key="zelfde")
    second = await report_incident.report(desk.ctx, an_actor(), asked, None, key="zelfde")
    assert first == second
    assert len(desk.incidents) == 1


async def test_a_later_signal_finds_the_reported_incident() -> None:
    desk = Desk()
    reported = await desk.reports()
    await desk.alerted("burgerzaken")
    assert len(desk.incidents) == 1
    assert desk.incident(reported.incident_id).signal_count == 1


async def test_the_moment_of_happening_stands_beside_the_moment_of_recording() -> None:
    desk = Desk()
    earlier = desk.now - timedelta(hours=3)
    incident = await desk.reports(discovered_at=earlier, happened_at=earlier)
    received = [event for event in desk.facts(incident) if isinstance(event, facts.MeldingOntvangen)]
    assert received[0].happened_at == earlier
    assert incident.first_signal_at == earlier
    assert incident.opened_at == desk.now


async def test_a_report_for_another_municipality_is_refused() -> None:
    with pytest.raises(NotAllowedError):
        await Desk().reports(by=an_actor(organisation="gemeente:GM0310"))


async def test_a_closed_incident_is_not_joined() -> None:
    desk = Desk()
    incident = await desk.alerted()
    close = commands.MoveStatus(
        at=desk.now,
        status=Status.AFGESLOTEN,
        owner_organisation="gemeente:GM0344",
        owner_function="ciso",
        reason="Opgelost",
    )
    await desk.acts(incident, close)
    with pytest.raises(refusals.IncidentIsClosedError):
        await desk.reports(incident.incident_id)
    assert len(desk.facts(incident)) == len(desk.facts(desk.incidents[0]))


async def test_a_refused_report_leaves_nothing_behind() -> None:
    desk = Desk()
    future = replace(a_report(at=desk.now), discovered_at=desk.now + timedelta(days=1))
    with pytest.raises(refusals.MomentInFutureError):
        await report_incident.report(desk.ctx, an_actor(), future, None, key="toekomst")
    assert desk.store.rows.log == {}
    assert desk.store.rows.answers == {}


async def test_an_unknown_incident_cannot_be_joined() -> None:
    with pytest.raises(refusals.IncidentUnknownError):
        await Desk().reports(an_id(1234))
