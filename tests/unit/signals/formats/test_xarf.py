"""XARF: every category and type has a kind in RSIT, what is required, and the version that we refuse."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.kinds import RSIT, XARF
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import reading, signal

PARTY = {"org": "Melder", "contact": "abuse@melder.example", "domain": "melder.example"}
REPORT: dict[str, Any] = {
    "xarf_version": "4.2.0",
    "report_id": "9ac39cd1-85f3-4c31-ae87-a0a95f3ebc83",
    "timestamp": "2026-11-24T09:21:23-0100",
    "reporter": PARTY,
    "sender": PARTY,
    "source_identifier": "2001:DB8::1",
    "category": "connection",
    "type": "login_attack",
}


def test_a_report_becomes_one_signal() -> None:
    found = signal(
        {**REPORT, "confidence": 0.95, "tags": ["tlp:green", "severity:high", "campaign:x"], "nieuw": {"a": 1}}
    )
    assert (found.format, found.rsit) == ("xarf", "intrusion-attempts/brute-force")
    assert (found.observables, found.observed_at.hour) == (("2001:db8::1",), 10)
    assert (found.tlp, found.severity, found.certainty) == (Tlp.GREEN, Severity.VERSTOORD, Certainty.BEVESTIGD)
    assert (found.campaign, found.unknown["nieuw"]) == ("x", {"a": 1})
    assert found.signal_key == f"bron|{REPORT['report_id']}"


@pytest.mark.parametrize(("category", "kind"), [(name, each) for name, kinds in XARF.items() for each in kinds])
def test_every_type_has_a_kind_of_rsit(category: str, kind: str) -> None:
    found = reading({**REPORT, "category": category, "type": kind})
    assert found.signals[0].rsit in RSIT.values()
    assert found.findings == ()


def test_a_type_that_is_new_is_read_and_told_and_a_new_category_is_refused() -> None:
    found = reading({**REPORT, "type": "morgen"})
    assert (found.signals[0].rsit, len(found.findings)) == ("other/other", 1)
    assert "`category`" in reading({**REPORT, "category": "morgen"}).reasons[0]


@pytest.mark.parametrize(
    "name", ["report_id", "timestamp", "reporter", "sender", "source_identifier", "category", "type"]
)
@pytest.mark.parametrize("value", [None, "", 5, [], {}])
def test_what_xarf_requires_and_wrong_types(name: str, value: object) -> None:
    found = reading({**REPORT, name: value})
    assert (found.verdict, found.format, name in found.reasons[0]) == ("quarantined", "xarf", True)


@pytest.mark.parametrize(
    "report",
    [
        {"Version": "3", "ReporterInfo": {}, "Report": {}},
        {**REPORT, "xarf_version": "3.0.0"},
        {**REPORT, "xarf_version": 4},
    ],
)
def test_other_versions_are_refused_with_the_way_out(report: dict[str, Any]) -> None:
    found = reading(report)
    assert (found.format, "versie 4" in found.reasons[0]) == ("xarf", True)


def test_a_list_keeps_what_can_be_read() -> None:
    found = reading([REPORT, {**REPORT, "type": ""}])
    assert (len(found.signals), [each.row for each in found.refused_rows]) == (1, [2])


def test_a_test_is_noted() -> None:
    assert signal({**REPORT, "test": True}).state is State.TEST


def test_the_same_abuse_reported_again_is_the_same_disturbance() -> None:
    again = {**REPORT, "report_id": "dbc8007a-2acf-4d8f-9b9d-760b5b31c59e", "timestamp": "2026-11-24T11:00:00Z"}
    assert signal(REPORT).source_key == signal(again).source_key
    assert signal(REPORT).content_hash == signal(again).content_hash
    assert signal(REPORT).signal_key != signal(again).signal_key


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rsit", "severity", "mark"),
    [
        ("connection-ddos", "availability/ddos", Severity.ONBEKEND, "192.0.2.155"),
        ("connection-infected-host", "malicious-code/infected-system", Severity.ONBEKEND, "evil-command.example.com"),
        ("content-exposed-data", "information-content-security/data-leak", Severity.VERSTOORD, "198.51.100.99"),
    ],
)
def test_the_samples(name: str, rsit: str, severity: Severity, mark: str) -> None:
    found = signal((SHARED / "samples" / "signals" / "xarf" / f"{name}.json").read_bytes())
    assert (found.format, found.rsit, found.severity, found.state) == ("xarf", rsit, severity, State.NIEUW)
    assert mark in found.observables
    assert found.observed_at.year == 2025
