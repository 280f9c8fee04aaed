"""The sweep: warnings once, also after hours of downtime; counts of bursts flushed; a held head is waited for."""

from datetime import timedelta

from domain import commands
from domain.events import incident as facts
from domain.events.incident import SignalenToegevoegd, WaarschuwingGegeven
from domain.incidents import Incident
from domain.parties import Function
from tests.desk import Desk
from tests.fake_readings import FakeDue
from usecases.sweep import MOST_MISSES, Sweep


def _warnings(desk: Desk, incident: Incident) -> list[WaarschuwingGegeven]:
    return [event for event in desk.facts(incident) if isinstance(event, facts.WaarschuwingGegeven)]


async def _decided(desk: Desk) -> Incident:
    """A significant incident of which the organisation has known since now."""
    incident = await desk.reports()
    await desk.acts(incident, commands.RecordAwareness(at=desk.now, regime="cbw", aware_at=desk.now, reason="Nu"))
    decide = commands.DecideSignificance(
        at=desk.now, regime="cbw", outcome="ja", grounds=("dienst-vier-uur",), reason="Ligt stil"
    )
    return await desk.acts(incident, decide)


async def test_nothing_due_costs_no_fact() -> None:
    desk = Desk()
    incident = await _decided(desk)
    before = desk.store.rows.log
    assert await desk.sweeps() == 0
    assert desk.store.rows.log == before
    assert _warnings(desk, incident) == []


async def test_each_rung_is_recorded_once() -> None:
    desk = Desk()
    incident = await _decided(desk)
    for _ in range(3):
        await desk.sweeps(timedelta(hours=12, minutes=1) if not _warnings(desk, incident) else timedelta(0))
    steps = [step for warning in _warnings(desk, incident) for step in warning.steps]
    assert len(steps) == len(set(steps)) > 0


async def test_after_a_night_of_downtime_one_message_says_what_was_missed() -> None:
    desk = Desk()
    incident = await _decided(desk)
    told = len(desk.notices(Function.CISO))
    await desk.sweeps(timedelta(hours=30))
    steps = [step for warning in _warnings(desk, incident) for step in warning.steps if "early_warning" in step]
    assert len(steps) >= 4
    messages = desk.notices(Function.CISO)[told:]
    assert len(messages) == 1
    assert messages[0].urgent


async def test_an_undecided_regime_warns_by_a_ladder_of_its_own() -> None:
    desk = Desk()
    incident = await desk.alerted()
    await desk.sweeps(timedelta(hours=1, minutes=1))
    warned = {warning.obligation.partition(".")[0] for warning in _warnings(desk, incident)}
    assert {"cbw", "gdpr"} <= warned


async def test_a_held_head_is_skipped_and_after_three_misses_waited_for() -> None:
    desk = Desk()
    incident = await _decided(desk)
    sweep = Sweep(ctx=desk.ctx, due=FakeDue(desk.store))
    desk.store.held.add(incident.stream_id)
    desk.clock.wait(timedelta(hours=23))
    for _ in range(MOST_MISSES):
        assert await sweep.warn() == 0
    assert _warnings(desk, incident) == []
    assert await sweep.warn() == 1
    assert _warnings(desk, incident)


async def test_the_last_count_of_a_burst_is_flushed_though_nothing_more_comes() -> None:
    desk = Desk()
    incident = await desk.alerted()
    await desk.alerted()
    await desk.alerted()
    await desk.sweeps(timedelta(seconds=2))
    added = [event for event in desk.facts(incident) if isinstance(event, SignalenToegevoegd)]
    assert sum(event.count for event in added) == 2
    assert desk.incident(incident.incident_id).signal_count == 3
    assert await desk.sweeps(timedelta(seconds=2)) == 0
