"""Statuspage: told by the names at the top, newest update first, components, maintenance, and what is none."""

from typing import Any

import pytest

from domain.severity import Severity
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

UPDATES = [
    {
        "id": "u2",
        "status": "identified",
        "body": "<p>Gevonden: de <b>opslag</b>.</p>",
        "created_at": "2026-11-24T10:30:00Z",
    },
    {"id": "u1", "status": "investigating", "body": "Wij kijken.", "created_at": "2026-11-24T10:00:00Z"},
]
INCIDENT = {
    "id": "i1",
    "name": "Zaaksysteem traag",
    "status": "identified",
    "impact": "major",
    "created_at": "2026-11-24T10:00:00Z",
    "updated_at": "2026-11-24T11:31:00+01:00",
    "scheduled_for": None,
    "incident_updates": UPDATES,
}
PAGE = {"id": "p1", "name": "Leverancier A", "status_indicator": "major"}
MESSAGE: dict[str, Any] = {"page": PAGE, "incident": INCIDENT, "meta": {"unsubscribe": "https://x.example"}}
COMPONENT = {
    "page": PAGE,
    "component_update": {
        "id": "c1",
        "component_id": "k1",
        "new_status": "major_outage",
        "old_status": "operational",
        "created_at": "2026-11-24T10:00:00Z",
    },
    "component": {"id": "k1", "name": "Zaaksysteem", "status": "major_outage"},
}


def about(**changes: Any) -> dict[str, Any]:
    return {**MESSAGE, "incident": {**INCIDENT, **changes}}


def component(**changes: Any) -> dict[str, Any]:
    return {**COMPONENT, "component_update": {**COMPONENT["component_update"], **changes}}


def test_an_incident_with_its_newest_update() -> None:
    one = signal(MESSAGE)
    assert (one.format, one.title, one.text) == ("statuspage", "Zaaksysteem traag", "Gevonden: de opslag.")
    assert (one.severity, one.state, one.certainty) == (Severity.VERSTOORD, State.NIEUW, Certainty.BEVESTIGD)
    assert (one.supplier, one.service, one.rsit) == ("Leverancier A", None, "availability/outage")
    assert (one.observed_at.isoformat(), one.observed_original) == (
        "2026-11-24T10:31:00+00:00",
        "2026-11-24T11:31:00+01:00",
    )
    assert one.is_update
    assert not signal(about(incident_updates=UPDATES[1:])).is_update


def test_the_newest_update_counts_also_when_it_is_not_the_first() -> None:
    assert signal(about(incident_updates=UPDATES[::-1])).text == "Gevonden: de opslag."
    assert signal(about(incident_updates=[{"body": "eerste"}, {"body": "tweede"}])).text == "eerste"
    assert signal(about(updated_at=None)).observed_original == "2026-11-24T10:30:00Z"
    assert signal(about(updated_at=None, incident_updates=[])).observed_original == "2026-11-24T10:00:00Z"


def test_every_component_is_a_signal_of_the_same_disturbance() -> None:
    named = [{"id": "k1", "name": "Zaken"}, {"id": "k2", "name": "Archief"}, {}, None]
    found = reading(about(components=named))
    assert [each.service for each in found.signals] == ["Zaken", "Archief"]
    assert [each.raw_pointer for each in found.signals] == [1, 2]
    assert len({each.source_key for each in found.signals}) == 1
    assert len({each.signal_key for each in found.signals}) == len({each.content_hash for each in found.signals}) == 2


def test_an_update_is_the_same_disturbance_and_another_signal() -> None:
    later = signal(about(status="resolved", updated_at="2026-11-24T11:00:00Z"))
    assert later.source_key == signal(MESSAGE).source_key
    assert later.signal_key != signal(MESSAGE).signal_key
    assert later.state is State.OPGELOST


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"status": "investigating"}, State.NIEUW),
        ({"status": "monitoring"}, State.NIEUW),
        ({"status": "monitoring", "resolved_at": "2026-11-24T11:00:00Z"}, State.OPGELOST),
        ({"status": "resolved"}, State.OPGELOST),
        ({"status": "postmortem"}, State.OPGELOST),
        ({"status": "scheduled"}, State.ONDERHOUD),
        ({"status": "in_progress", "scheduled_for": "2026-11-25T01:00:00Z"}, State.ONDERHOUD),
        ({"status": "investigating", "scheduled_for": "2026-11-25T01:00:00Z"}, State.ONDERHOUD),
        ({"status": "completed", "scheduled_for": "2026-11-23T01:00:00Z"}, State.OPGELOST),
        ({"status": "iets nieuws"}, State.NIEUW),
        ({"name": "[TEST] Zaaksysteem"}, State.TEST),
        ({"name": "OEFENING: Zaaksysteem"}, State.OEFENING),
        ({"name": "Test-omgeving van het zaaksysteem"}, State.NIEUW),
    ],
)
def test_the_state_of_an_incident(changes: dict[str, Any], state: State) -> None:
    assert signal(about(**changes)).state is state


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"impact": "none"}, Severity.WAAKZAAM),
        ({"impact": "minor"}, Severity.WAAKZAAM),
        ({"impact": "critical"}, Severity.ERNSTIG),
        ({"impact": "high"}, Severity.ERNSTIG),
        ({"impact": "minor", "impact_override": "critical"}, Severity.ERNSTIG),
        ({"impact": "ongekend"}, Severity.ONBEKEND),
        ({"impact": None, "components": [{"name": "Zaken", "status": "partial_outage"}]}, Severity.VERSTOORD),
        ({"impact": None, "components": [{"name": "Zaken", "status": "operational"}]}, Severity.ONBEKEND),
    ],
)
def test_the_severity_is_the_impact(changes: dict[str, Any], severity: Severity) -> None:
    assert signal(about(**changes)).severity is severity


@pytest.mark.parametrize(
    ("status", "severity", "state"),
    [
        ("operational", Severity.NORMAAL, State.OPGELOST),
        ("under_maintenance", Severity.WAAKZAAM, State.ONDERHOUD),
        ("degraded_performance", Severity.WAAKZAAM, State.NIEUW),
        ("partial_outage", Severity.VERSTOORD, State.NIEUW),
        ("major_outage", Severity.ERNSTIG, State.NIEUW),
        ("iets nieuws", Severity.ONBEKEND, State.NIEUW),
    ],
)
def test_a_component_changes(status: str, severity: Severity, state: State) -> None:
    one = signal(component(new_status=status))
    assert (one.service, one.severity, one.state, one.is_update) == ("Zaaksysteem", severity, state, False)
    assert one.source_key == signal(COMPONENT).source_key
    assert signal(component(old_status="partial_outage")).is_update


def test_the_list_of_the_public_api_is_read_row_by_row() -> None:
    found = reading({"page": PAGE, "incidents": [INCIDENT, 5, {}], "scheduled_maintenances": [{**INCIDENT, "id": "m"}]})
    assert (len(found.signals), [each.row for each in found.refused_rows]) == (2, [2, 3])
    assert reading({"page": PAGE, "incidents": []}).verdict == "accepted"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"page": PAGE, "incident": []}, "`incident` is geen object"),
        ({"page": PAGE, "incident": {}}, "ontbreken `name` en `status`"),
        (about(incident_updates={"body": "x"}), "`incident_updates` is geen lijst"),
        (about(incident_updates=["x"]), "geen object"),
        (about(components="alles"), "`components` is geen lijst"),
        (about(name={"nl": "x"}), "`name` is geen tekst"),
        (about(id=["i1"]), "`id` is geen tekst"),
        (about(components=[{"name": "x"}] * 501), "meer dan 500"),
        ({"page": PAGE, "component_update": "x"}, "`component_update` is geen object"),
        ({"page": PAGE, "component_update": {}}, "`new_status`"),
        ({"page": PAGE, "component_update": {"new_status": "operational"}}, "welke component"),
    ],
)
def test_the_wrong_type_behind_the_right_name_is_told(body: object, reason: str) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", "statuspage")
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    "body", [{"page": "1", "incident": {}}, {"incident": {"number": 4}}, {"page": {}}, {"component": {}}]
)
def test_what_only_looks_like_it_is_not_recognised(body: object) -> None:
    assert reading(body).format is None
    assert reading(body, hint="statuspage").verdict == "quarantined"


def test_what_is_missing_gets_the_same_substitute_every_time() -> None:
    bare = {"page": {}, "incident": {"name": "Storing", "incident_updates": None}}
    one = signal(bare)
    assert (one.observed_at, one.observed_original) == (NOON, None)
    assert one == signal(bare)
    assert signal(about(updated_at="9999-12-31T00:00:00Z")).observed_at == NOON
    assert signal(about(updated_at="1969-01-01T00:00:00Z")).observed_at == NOON
    assert signal(about(updated_at="{timestamp}")).observed_original == "{timestamp}"


def test_ids_that_look_the_same_are_the_same_and_a_long_one_is_short() -> None:
    plain = signal(about(id="i1"))
    assert signal(about(id="i\u200b1\u202e")).source_key == signal(about(id="i1\x00")).source_key == plain.source_key
    assert signal(about(id=1)).source_key == signal(about(id="1")).source_key
    assert len(signal(about(id="x" * 1_000_000)).signal_key) < 500


def test_what_we_do_not_know_is_kept_and_stays_small() -> None:
    one = signal(about(nieuw={"a": 1}, groot="x" * 50_000))
    assert one.unknown["nieuw"] == {"a": 1}
    assert "groot" not in one.unknown


@pytest.mark.shared
def test_the_published_examples() -> None:
    folder = SHARED / "samples" / "signals" / "statuspage"
    one = signal((folder / "incident.json").read_bytes())
    assert (one.title, one.severity, one.state) == ("Virginia Is Down", Severity.ERNSTIG, State.NIEUW)
    assert one.text == "A fix has been implemented and we are monitoring the results."
    assert one.observed_at.isoformat() == "2013-05-29T22:30:35+00:00"
    two = signal((folder / "component_update.json").read_bytes())
    assert (two.service, two.state, two.is_noted, two.is_update) == ("Some Component", State.OPGELOST, True, True)
