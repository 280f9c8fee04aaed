"""People act on an incident: closing and reopening its keys, merging, deciding; rights and double clicks."""

from datetime import timedelta

import pytest

from domain import commands, refusals
from domain.errors import NotAllowedError
from domain.incidents import Incident
from domain.parties import Function
from domain.status import Status
from tests.builders import an_actor
from tests.desk import Desk
from usecases import act_on_incident
from usecases.destroy import Destroy, destroy

GEMEENTE = "gemeente:GM0344"


def _move(desk: Desk, status: Status, reason: str = "Zo is het") -> commands.MoveStatus:
    return commands.MoveStatus(
        at=desk.now, status=status, owner_organisation=GEMEENTE, owner_function="ciso", reason=reason
    )


def _merge(desk: Desk, other: Incident) -> commands.DecideMerge:
    return commands.DecideMerge(at=desk.now, other_incident=other.incident_id, accepted=True, reason="Zelfde storing")


async def test_a_closed_incident_lets_go_of_its_keys_so_that_a_signal_opens_a_new_one() -> None:
    desk = Desk()
    first = await desk.alerted()
    await desk.acts(first, _move(desk, Status.AFGESLOTEN))
    second = await desk.alerted()
    assert second.incident_id != first.incident_id


async def test_a_reopened_incident_takes_its_keys_again() -> None:
    desk = Desk()
    first = await desk.alerted()
    await desk.acts(first, _move(desk, Status.AFGESLOTEN))
    await desk.acts(first, _move(desk, Status.BEVESTIGD))
    await desk.alerted()
    assert len(desk.incidents) == 1


async def test_owner_and_mayor_hear_of_a_move() -> None:
    desk = Desk()
    incident = await desk.alerted()
    await desk.acts(incident, _move(desk, Status.CRISIS))
    moved = [notice for notice in desk.notices() if "status is nu crisis" in notice.subject]
    assert {notice.function for notice in moved} == {"burgemeester", "ciso"}


async def test_two_incidents_become_one_and_nothing_is_lost() -> None:
    desk = Desk()
    first = await desk.alerted()
    second = await desk.reports()
    aware = desk.now - timedelta(hours=1)
    await desk.acts(second, commands.RecordAwareness(at=desk.now, regime="cbw", aware_at=aware, reason="Belletje"))
    await desk.acts(second, _merge(desk, first))
    merged, whole = desk.incident(second.incident_id), desk.incident(first.incident_id)
    assert (merged.status, merged.merged_into) == (Status.SAMENGEVOEGD, first.incident_id)
    assert (whole.signal_count, whole.report_count) == (1, 1)
    assert whole.awareness["cbw"].aware_at == aware
    assert desk.duties(whole)["cbw.early_warning"].duty.worst_case_at == aware + timedelta(hours=24)
    assert desk.store.rows.duties[second.incident_id] == ()
    await desk.alerted()
    assert desk.incident(first.incident_id).signal_count == 2


async def test_an_incident_with_a_running_playbook_is_not_merged_away() -> None:
    desk = Desk()
    first = await desk.alerted()
    second = await desk.reports()
    await desk.starts_playbook(second)
    with pytest.raises(refusals.PlaybookRunningError):
        await desk.acts(second, _merge(desk, first))
    assert desk.incident(second.incident_id).merged_into is None


async def test_two_clicks_are_one_act() -> None:
    desk = Desk()
    incident = await desk.alerted()
    command = _move(desk, Status.BEVESTIGD)
    first = await act_on_incident.act(desk.ctx, an_actor(), incident.incident_id, command, key="klik")
    second = await act_on_incident.act(desk.ctx, an_actor(), incident.incident_id, command, key="klik")
    assert first == second
    assert len(desk.facts(incident)) == incident.version + 1


async def test_who_may_not_is_refused_and_who_may_not_see_finds_nothing() -> None:
    desk = Desk()
    incident = await desk.alerted()
    with pytest.raises(NotAllowedError):
        await desk.acts(incident, _move(desk, Status.CRISIS), by=an_actor(Function.COMMUNICATIE))
    with pytest.raises(refusals.IncidentUnknownError):
        await desk.acts(incident, _move(desk, Status.CRISIS), by=an_actor(organisation="gemeente:GM0310"))
    assert desk.incident(incident.incident_id).status is Status.TE_DUIDEN


async def test_texts_are_destroyed_under_the_list_and_the_clocks_stay() -> None:
    desk = Desk()
    incident = await desk.reports()
    asked = Destroy(incident_id=incident.incident_id, versions=(1, 2), list_item="12.3", at=desk.now)
    secretary = an_actor(Function.GEMEENTESECRETARIS)
    version = await destroy(desk.ctx, secretary, asked)
    assert version == desk.incident(incident.incident_id).version
    assert "cbw.early_warning" in desk.duties(incident)
    assert desk.store.rows.destroyed[incident.stream_id, 2] == {"description"}
    with pytest.raises(NotAllowedError):
        await destroy(desk.ctx, an_actor(), asked)


def _corrects(desk: Desk, version: int) -> commands.WriteEntry:
    return commands.WriteEntry(at=desk.now, entry="feit", text="Het waren er vijf", corrects=version)


async def test_one_corrects_an_entry_of_the_own_organisation() -> None:
    desk = Desk()
    incident = await desk.reports()
    after = await desk.acts(incident, _corrects(desk, 2), by=an_actor(Function.BURGEMEESTER))
    assert after.version == incident.version + 1


async def test_one_does_not_correct_what_another_organisation_wrote() -> None:
    desk = Desk()
    incident = await desk.reports()
    await desk.starts_playbook(incident)
    police = an_actor(Function.POLITIE, "politie:RE03")
    with pytest.raises(refusals.NotYoursToCorrectError):
        await desk.acts(incident, _corrects(desk, 2), by=police)
    entry = commands.WriteEntry(at=desk.now, entry="bericht", text="Wij zijn er")
    theirs = (await desk.acts(incident, entry, by=police)).version
    with pytest.raises(refusals.NotYoursToCorrectError):
        await desk.acts(incident, _corrects(desk, theirs))
    await desk.acts(incident, _corrects(desk, theirs), by=police)


async def test_one_does_not_correct_what_the_machine_wrote() -> None:
    desk = Desk()
    incident = await desk.alerted()
    with pytest.raises(refusals.NotYoursToCorrectError):
        await desk.acts(incident, _corrects(desk, 1))
