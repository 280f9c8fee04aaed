"""Azure: JSON inside a string, HTML as text, moments without a zone, tests that are never real."""

import json
from typing import Any

import pytest

from domain.severity import Severity
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

SERVICES = [
    {"ServiceName": "Azure SQL", "ImpactedRegions": [{"RegionName": "West Europe"}]},
    {"ServiceName": "Storage"},
]
ESSENTIALS = {
    "alertId": "/subscriptions/22222222-0000-0000-0000-000000000000/alerts/a1",
    "alertRule": "gezondheid",
    "severity": "Sev4",
    "monitorCondition": "Fired",
    "monitoringService": "ServiceHealth",
    "alertTargetIDs": ["/subscriptions/22222222-0000-0000-0000-000000000000"],
    "firedDateTime": "2026-11-24T10:00:00.1234567",
}
PROPERTIES = {
    "title": "SQL niet bereikbaar",
    "service": "Azure SQL",
    "region": "West Europe",
    "communication": "<p><strong>Gevolg</strong>:&nbsp;geen verbinding.</p>\n<p><br></p><p>Wij &amp; u wachten.</p>",
    "incidentType": "Incident",
    "trackingId": "ABC1-DEF",
    "impactedServices": json.dumps(SERVICES),
    "stage": "Active",
    "communicationId": "1",
}
CONTEXT = {"level": 2, "eventTimestamp": "2026-11-24T09:59:00+00:00", "status": "Active", "properties": PROPERTIES}
ALERT: dict[str, Any] = {
    "schemaId": "azureMonitorCommonAlertSchema",
    "data": {"essentials": ESSENTIALS, "alertContext": CONTEXT, "customProperties": None},
}


def alert(*, essentials: Any = None, properties: Any = None, labels: Any = None, **context: Any) -> dict[str, Any]:
    told = {**CONTEXT, **context, "properties": {**PROPERTIES, **(properties or {})}}
    return {
        **ALERT,
        "data": {"essentials": {**ESSENTIALS, **(essentials or {})}, "alertContext": told, "customProperties": labels},
    }


ONE = {"impactedServices": json.dumps(SERVICES[:1])}
METRIC = {"monitoringService": "Platform", "severity": "Sev0"}


def test_every_service_inside_the_string_is_a_signal_of_one_disturbance() -> None:
    found = reading(ALERT)
    assert [each.service for each in found.signals] == ["Azure SQL", "Storage"]
    assert len({each.source_key for each in found.signals}) == 1
    assert len({each.signal_key for each in found.signals}) == 2


def test_a_supplier_outage() -> None:
    one = signal(alert(properties=ONE))
    assert (one.supplier, one.severity, one.state, one.certainty) == (
        "Microsoft Azure",
        Severity.VERSTOORD,
        State.NIEUW,
        Certainty.BEVESTIGD,
    )
    assert one.text == "Gevolg: geen verbinding.\n\nWij & u wachten."
    assert (one.title, one.rsit, one.is_advisory) == ("SQL niet bereikbaar", "availability/outage", False)


def test_a_moment_without_a_zone_and_with_seven_digits_is_utc() -> None:
    one = signal(alert(properties=ONE))
    assert one.observed_at.isoformat() == "2026-11-24T10:00:00.123456+00:00"
    assert one.observed_original == "2026-11-24T10:00:00.1234567"
    without = signal(alert(properties=ONE, essentials={"firedDateTime": None}))
    assert without.observed_original == "2026-11-24T09:59:00+00:00"
    assert signal(alert(properties=ONE, essentials={"firedDateTime": "0001-01-01T00:00:00"})).observed_at == NOON


@pytest.mark.parametrize(
    ("properties", "state"),
    [
        ({"IsSynthetic": "True"}, State.TEST),
        ({"IsSynthetic": True}, State.TEST),
        ({"IsSynthetic": "True", "stage": "Resolved"}, State.TEST),
        ({"IsSynthetic": "False"}, State.NIEUW),
        ({"stage": "Resolved"}, State.OPGELOST),
        ({"stage": "RCA"}, State.OPGELOST),
        ({"incidentType": "Maintenance", "stage": "Planned"}, State.ONDERHOUD),
        ({"incidentType": "Maintenance", "stage": "Complete"}, State.OPGELOST),
        ({"stage": "iets nieuws"}, State.NIEUW),
        ({"title": "EXERCISE EXERCISE: SQL"}, State.OEFENING),
    ],
)
def test_the_state(properties: dict[str, Any], state: State) -> None:
    assert signal(alert(properties={**ONE, **properties})).state is state


def test_the_test_of_an_action_group_is_never_real() -> None:
    subscription = "/subscriptions/11111111-1111-1111-1111-111111111111"
    one = signal(alert(properties=ONE, essentials={**METRIC, "alertTargetIDs": [f"{subscription}/resourceGroups/x"]}))
    assert (one.state, one.is_noted) == (State.TEST, True)
    assert signal(alert(properties=ONE, labels={"oefening": "ja"})).state is State.OEFENING


@pytest.mark.parametrize("kind", ["Informational", "ActionRequired", "Security"])
def test_advice_may_concern_nobody_here(kind: str) -> None:
    one = signal(alert(properties={**ONE, "incidentType": kind}))
    assert (one.is_advisory, one.products, one.severity) == (True, ("Azure SQL",), Severity.WAAKZAAM)


@pytest.mark.parametrize(
    ("level", "severity"),
    [("Critical", Severity.ERNSTIG), ("3", Severity.VERSTOORD), (4, Severity.WAAKZAAM), (None, Severity.ONBEKEND)],
)
def test_the_severity_of_service_health_is_its_level(level: object, severity: Severity) -> None:
    assert signal(alert(properties=ONE, level=level)).severity is severity


def test_any_other_alert_is_told_by_its_own_id_and_severity() -> None:
    data = {"essentials": {**ESSENTIALS, **METRIC}, "alertContext": {"properties": None, "condition": {"a": []}}}
    one = signal({"data": data})
    assert (one.severity, one.supplier, one.title) == (Severity.ERNSTIG, None, "gezondheid")
    ended = {**ESSENTIALS, **METRIC, "monitorCondition": "Resolved", "resolvedDateTime": "2026-11-24T11:00:00Z"}
    two = signal({"data": {**data, "essentials": ended}})
    assert (two.state, two.is_update, two.source_key) == (State.OPGELOST, True, one.source_key)
    assert two.observed_at.hour == 11


def test_before_the_common_schema() -> None:
    log = {"eventSource": "ServiceHealth", **{k: v for k, v in CONTEXT.items() if k != "level"}, "level": "Warning"}
    body = {
        "schemaId": "Microsoft.Insights/activityLogs",
        "data": {"status": "Activated", "context": {"activityLog": log}},
    }
    found = reading(body)
    assert [each.service for each in found.signals] == ["Azure SQL", "Storage"]
    assert found.signals[0].severity is Severity.VERSTOORD


@pytest.mark.parametrize("services", ["[{", "[]", "", None, 5, [], "{}", '["x", {"ServiceName": null}]'])
def test_services_that_can_not_be_read_leave_the_one_that_is_named(services: object) -> None:
    found = reading(alert(properties={"impactedServices": services}))
    assert [each.service for each in found.signals] == ["Azure SQL"]
    assert bool(found.findings) == (services == "[{")
    assert reading(alert(properties={"impactedServices": SERVICES})).signals[1].service == "Storage"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**ALERT, "data": []}, "`data` ontbreekt of is geen object"),
        ({**ALERT, "data": {"alertContext": {}}}, "`data.essentials` ontbreekt"),
        ({**ALERT, "data": {"essentials": "x", "alertContext": {}}}, "`essentials` is geen object"),
        ({**ALERT, "data": {"essentials": {"x": 1}, "alertContext": {}}}, "ontbreken `alertId`"),
        (alert(essentials={"severity": {"a": 1}, "monitoringService": "Platform"}), "`severity` is geen tekst"),
        (alert(properties={"title": ["x"]}), "`title` is geen tekst"),
    ],
)
def test_the_wrong_type_behind_the_right_name_is_told(body: object, reason: str) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", "azure")
    assert reason in found.reasons[0]


@pytest.mark.shared
def test_the_published_example_is_a_test() -> None:
    path = SHARED / "samples" / "signals" / "azure" / "servicehealth-common-alert-schema.json"
    one = signal(path.read_bytes())
    assert (one.state, one.is_noted, one.service) == (State.TEST, True, "Azure Service Name")
    assert one.observed_at.isoformat() == "2021-11-17T05:34:48.062317+00:00"
    assert one.text.startswith("Summary of impact: This is the impact summary.")
    assert "<" not in one.text
