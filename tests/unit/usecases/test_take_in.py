"""Signals become incidents: what joins, what opens, what is only noted, and what goes to quarantine."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.events.core import Mode
from domain.events.incident import DraaiboekVoorgesteld, IncidentGeopend, SamenvoegingVoorgesteld, SignalenToegevoegd
from domain.incidents import stream_of
from tests.arriving import (
    GEMEENTE_UTRECHT,
    TOPIC,
    a_batch,
    a_context,
    a_post,
    a_receipt,
    an_alert,
    bring,
    incidents,
)
from tests.builders import DINSDAG_0900, minutes
from tests.fakes import FakeClock, FakeStore
from usecases.announcing import cloud_event
from usecases.context import Context
from usecases.intake_rows import Verdict
from usecases.sweep import Sweep
from usecases.take_in import take_in


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def ctx(store: FakeStore) -> Context:
    return a_context(store)


def verdicts(store: FakeStore) -> list[Verdict]:
    return [row.verdict for row in store.rows.signals.values()]


async def test_the_first_signal_opens_an_incident_with_its_rule(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()))

    (incident,) = incidents(store)
    opened = store.events(stream_of(incident.incident_id))[0]
    assert isinstance(opened, IncidentGeopend)
    assert opened.opened_by == "signaal"
    assert opened.rule is not None
    assert opened.rule.rule == "nieuwe-verstoring"
    assert opened.service == "burgerzaken"
    assert opened.supplier == "leverancier-a"


async def test_who_must_know_hears_of_it_and_a_playbook_is_proposed(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()))

    (incident,) = incidents(store)
    assert {notice.organisation for notice in store.rows.notices.values()} == {GEMEENTE_UTRECHT}
    assert any(isinstance(each, DraaiboekVoorgesteld) for each in store.events(stream_of(incident.incident_id)))
    assert store.rows.duties[incident.incident_id]


async def test_another_signal_about_the_same_service_joins_and_is_seen_at_once(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()))
    await bring(ctx, store, a_post(an_alert("BZ-PROD", "Foutmeldingen")))

    (incident,) = incidents(store)
    joined = store.events(stream_of(incident.incident_id))[-1]
    assert isinstance(joined, SignalenToegevoegd)
    assert joined.count == 1
    assert joined.rule.rule == "zelfde-dienst"
    assert incident.signal_count == 2


async def test_within_one_second_the_next_ones_wait_for_the_sweep(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert(name="Tweede")))
    for name in ("Derde", "Vierde"):
        await bring(ctx, store, a_post(an_alert(name=name)))

    (incident,) = incidents(store)
    assert incident.signal_count == 2
    assert store.rows.pending[incident.incident_id].count == 2


async def test_a_head_that_somebody_holds_is_not_waited_for(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()))
    (incident,) = incidents(store)
    store.held.add(stream_of(incident.incident_id))

    await bring(ctx, store, a_post(an_alert(name="Tweede")))

    assert store.rows.pending[incident.incident_id].count == 1
    assert store.rows.positions[TOPIC, 0] == 2


async def test_another_service_of_another_supplier_opens_without_a_proposal(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert("zaaksysteem")))

    assert len(incidents(store)) == 2
    assert all(not incident.merges for incident in incidents(store))


async def test_another_service_of_the_same_supplier_proposes_to_merge(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert("belastingen")))

    first, second = incidents(store)
    (proposal,) = second.merges
    assert proposal.other_incident == first.incident_id
    assert proposal.rule.rule == "zelfde-leverancier"
    assert proposal.accepted is None


async def test_two_incidents_that_turn_out_to_be_one_get_a_proposal(ctx: Context, store: FakeStore) -> None:
    later = DINSDAG_0900 + timedelta(minutes=1)
    await bring(ctx, store, a_post(an_alert(fingerprint="a")), a_post(an_alert("zaaksysteem", "Ander")))
    moved = a_post(an_alert() | {"labels": {**an_alert()["labels"], "service": "zaaksysteem"}, "fingerprint": "x"})
    first = a_post(an_alert("belastingen", "Start") | {"fingerprint": "x"})

    await bring(ctx, store, first)
    await bring(ctx, store, moved.replace(DINSDAG_0900.isoformat().encode(), later.isoformat().encode()))

    proposals = [
        event
        for incident in incidents(store)
        for event in store.events(stream_of(incident.incident_id))
        if isinstance(event, SamenvoegingVoorgesteld) and event.rule.rule == "zelfde-dienst"
    ]
    assert len(proposals) == 1


async def test_the_same_bytes_again_are_a_repeat(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert()))
    await bring(ctx, store, a_post(an_alert()))

    assert verdicts(store) == [Verdict.IN_INCIDENT, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert incidents(store)[0].signal_count == 1


@pytest.mark.parametrize("labels", [{"status": "resolved"}, {"test": "true"}, {"oefening": "true"}])
async def test_what_is_over_or_not_real_is_noted_and_never_opens_or_joins(
    ctx: Context, store: FakeStore, labels: dict[str, Any]
) -> None:
    await bring(ctx, store, a_post(an_alert(**labels)), a_post(an_alert(**labels)))

    assert verdicts(store) == [Verdict.NOTED, Verdict.NOTED]
    assert not incidents(store)
    assert not store.rows.keys


async def test_what_can_not_be_read_goes_to_quarantine_with_bytes_and_reason(ctx: Context, store: FakeStore) -> None:
    taken = await bring(ctx, store, b"\xff\xfe geen json", a_post(an_alert()))

    bad, good = store.rows.receipts.values()
    assert (bad.outcome, good.outcome) == ("quarantined", "read")
    assert bad.raw == b"\xff\xfe geen json"
    assert bad.reasons
    assert taken.parked == 1
    assert len(incidents(store)) == 1


async def test_the_first_signal_of_a_disturbance_is_kept_as_evidence(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert(name="Tweede")))

    first, second = store.rows.receipts.values()
    assert first.raw == a_post(an_alert())
    assert second.raw is None


async def test_two_municipalities_are_never_one_disturbance(store: FakeStore) -> None:
    ctx = a_context(store, "GM0344", "GM0307")
    batch = a_batch(
        [
            a_receipt(1, a_post(an_alert())),
            a_receipt(2, a_post(an_alert()), organisation="gemeente:GM0307", source="bron-2"),
        ]
    )

    await take_in(ctx, batch)

    assert {incident.municipality for incident in incidents(store)} == {"GM0344", "GM0307"}


async def test_a_source_does_not_speak_about_another_municipality(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert(gemeente="GM0307"), an_alert()))

    (outcome,) = store.rows.receipts.values()
    assert (outcome.signals, outcome.in_incidents, outcome.refused_rows) == (2, 1, 1)


async def test_a_copy_of_a_receipt_is_counted_and_not_handled_again(ctx: Context, store: FakeStore) -> None:
    receipt = a_receipt(1, a_post(an_alert()))
    await take_in(ctx, a_batch([receipt, receipt]))
    await take_in(ctx, a_batch([receipt], read_from=2))

    assert len(store.rows.receipts) == 1
    assert len(store.rows.signals) == 1
    assert store.rows.copies == {"redelivered": 2}


async def test_a_batch_whose_position_has_moved_writes_nothing(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()))

    taken = await take_in(ctx, a_batch([a_receipt(9, a_post(an_alert("zaaksysteem")))], read_from=0))

    assert not taken.moved
    assert len(store.rows.receipts) == 1


async def test_subscribers_hear_references_and_codes_only(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert()), a_post(an_alert()), b"{")

    accepted, quarantined = store.rows.announced
    assert accepted.topic == "live.signals.accepted"
    assert accepted.key == "GM0344"
    assert set(accepted.data) == {"signaal", "ontvangst", "gemeente", "oordeel", "incident", "regel"}
    assert quarantined.topic == "live.signals.quarantined"
    assert set(quarantined.data) == {"ontvangst", "redenen"}


async def test_announcements_carry_the_number_of_the_organisation_that_runs_this(
    ctx: Context, store: FakeStore
) -> None:
    await bring(replace(ctx, oin="00000001003214345000"), store, a_post(an_alert()), b"{")

    events = [json.loads(cloud_event(each, Mode.LIVE)) for each in store.rows.announced]
    assert [event["source"] for event in events] == ["urn:nld:oin:00000001003214345000:systeem:driehoek"] * 2


async def test_the_sweep_mentions_what_waited(ctx: Context, store: FakeStore) -> None:
    for name in ("Eerste", "Tweede", "Derde", "Vierde"):
        await bring(ctx, store, a_post(an_alert(name=name)))
    (incident,) = incidents(store)
    assert isinstance(ctx.clock, FakeClock)
    ctx.clock.wait(minutes(1))

    class Due:
        async def due_members(self, _before: object, _limit: int) -> list[object]:
            return list(store.rows.pending)

        async def due_duties(self, _now: object, _limit: int) -> list[object]:
            return []

        due_executions = due_duties

    await Sweep(ctx=ctx, due=Due()).mention()  # type: ignore[arg-type]  # a reader of one table

    assert incidents(store)[0].signal_count == 4
    assert not store.rows.pending.get(incident.incident_id)


async def test_a_clock_that_runs_ahead_does_not_move_our_clocks(ctx: Context, store: FakeStore) -> None:
    await bring(ctx, store, a_post(an_alert(at=DINSDAG_0900 + timedelta(hours=3))))

    assert incidents(store)[0].first_signal_at == DINSDAG_0900 + timedelta(minutes=4)
