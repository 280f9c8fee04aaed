"""STIX 2.1: bundles, lists and lone objects; markings of TLP 1 and 2; versions, withdrawal, sightings."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.stix_objects import pattern_values
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

UUID = "33fe3b22-0201-47cf-85d0-97c02164528d"
INDICATOR: dict[str, Any] = {
    "type": "indicator",
    "spec_version": "2.1",
    "id": f"indicator--{UUID}",
    "created": "2026-11-20T09:00:00.000Z",
    "modified": "2026-11-20T09:00:00.000Z",
    "name": "C2-adres",
    "pattern": "[ipv4-addr:value = '192.0.2.1' OR domain-name:value = 'EXÄMPLE.nl.']",
    "pattern_type": "stix",
    "valid_from": "2026-11-20T09:00:00Z",
}
SIGHTING: dict[str, Any] = {
    "type": "sighting",
    "spec_version": "2.1",
    "id": f"sighting--{UUID}",
    "created": "2026-11-21T09:00:00.000Z",
    "modified": "2026-11-21T09:00:00.000Z",
    "last_seen": "2026-11-21T08:00:00Z",
    "sighting_of_ref": INDICATOR["id"],
}
IDENTITY = {"type": "identity", "spec_version": "2.1", "id": f"identity--{UUID}", "name": "CERT"}
GREEN_2 = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
RED_1 = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"


def bundle(*objects: Any) -> dict[str, Any]:
    return {"type": "bundle", "id": f"bundle--{UUID}", "objects": list(objects)}


def marked(*refs: str) -> dict[str, Any]:
    return {**INDICATOR, "object_marking_refs": list(refs)}


@pytest.mark.parametrize("body", [bundle(IDENTITY, INDICATOR), INDICATOR, [INDICATOR], [IDENTITY, INDICATOR]])
def test_an_indicator_in_a_bundle_in_a_list_and_alone(body: object) -> None:
    one = signal(body)
    assert (one.format, one.title, one.is_advisory, one.state) == ("stix21", "C2-adres", True, State.NIEUW)
    assert one.observables == ("192.0.2.1", "xn--exmple-cua.nl")
    assert one.observed_at.isoformat() == "2026-11-20T09:00:00+00:00"


def test_a_sighting_is_real_and_carries_what_was_seen() -> None:
    found = reading(bundle({**INDICATOR, "object_marking_refs": [RED_1]}, SIGHTING))
    assert [each.is_advisory for each in found.signals] == [True, False]
    seen = found.signals[1]
    assert (seen.title, seen.observables[0], seen.references) == (
        "Waargenomen: C2-adres",
        "192.0.2.1",
        (INDICATOR["id"],),
    )
    assert seen.tlp is Tlp.RED
    assert seen.observed_original == "2026-11-21T08:00:00Z"
    again = signal(bundle({**SIGHTING, "id": "sighting--2"}))
    assert again.source_key == seen.source_key != found.signals[0].source_key
    assert signal({**SIGHTING, "count": 0}).is_noted


def test_observed_data_tells_unless_a_sighting_does() -> None:
    address = {"type": "ipv6-addr", "spec_version": "2.1", "id": "ipv6-addr--1", "value": "2001:DB8:0::1"}
    file = {"type": "file", "spec_version": "2.1", "id": "file--1", "hashes": {"SHA-256": "AB" * 32, "MD5": None}}
    data = {
        **IDENTITY,
        "type": "observed-data",
        "id": "observed-data--1",
        "object_refs": [address["id"], file["id"], "x"],
    }
    one = signal(bundle(data, address, file))
    assert (one.observables, one.is_advisory) == (("2001:db8::1", "ab" * 32), False)
    old = {**data, "object_refs": None, "objects": {"0": {"type": "url", "value": "http://x.example/A"}, "1": 5}}
    assert signal(old).observables == ("http://x.example/a",)
    both = reading(bundle(data, address, {**SIGHTING, "observed_data_refs": [data["id"]]}))
    assert [each.is_advisory for each in both.signals] == [True, False]
    assert both.signals[1].observables == ("2001:db8::1",)


def test_an_incident() -> None:
    one = signal({**IDENTITY, "type": "incident", "id": "incident--1", "name": "Inbraak", "severity": "critical"})
    assert (one.title, one.severity, one.is_advisory) == ("Inbraak", Severity.ERNSTIG, False)


@pytest.mark.parametrize(
    ("refs", "tlp"),
    [
        ((), Tlp.AMBER),
        ((GREEN_2,), Tlp.GREEN),
        (("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",), Tlp.CLEAR),
        (("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",), Tlp.AMBER_STRICT),
        ((GREEN_2, RED_1), Tlp.RED),
        (("marking-definition--onbekend",), Tlp.AMBER),
    ],
)
def test_the_strictest_marking_counts(refs: tuple[str, ...], tlp: Tlp) -> None:
    assert signal(marked(*refs)).tlp is tlp


def test_a_marking_may_stand_in_the_bundle_or_on_a_part() -> None:
    own: dict[str, Any] = {"type": "marking-definition", "id": "marking-definition--x", "definition": {"tlp": "red"}}
    extension = {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "amber+strict"}}
    assert signal(bundle(marked(own["id"]), own)).tlp is Tlp.RED
    assert (
        signal(bundle(marked(own["id"]), {**own, "definition": None, "extensions": extension})).tlp is Tlp.AMBER_STRICT
    )
    assert signal(bundle(marked(own["id"]), {**own, "definition": {}, "name": "TLP:GREEN"})).tlp is Tlp.GREEN
    part = {**marked(GREEN_2), "granular_markings": [{"marking_ref": RED_1, "selectors": ["name"]}, 5]}
    assert signal(part).tlp is Tlp.RED


def test_the_newest_version_counts_and_the_same_version_twice_is_left() -> None:
    newer = {**INDICATOR, "modified": "2026-11-22T09:00:00Z", "name": "nieuw"}
    found = reading(bundle(INDICATOR, newer))
    assert [each.title for each in found.signals] == ["nieuw"]
    assert "1 oudere versies" in found.findings[0]
    assert found.signals[0].is_update
    assert not signal(INDICATOR).is_update
    assert signal(newer).source_key == signal(INDICATOR).source_key
    assert signal(newer).signal_key != signal(INDICATOR).signal_key
    twice = reading(bundle(INDICATOR, {**INDICATOR, "name": "anders"}))
    assert len({each.signal_key for each in twice.signals}) == 1


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"revoked": True}, State.OPGELOST),
        ({"valid_until": "2026-11-23T00:00:00Z"}, State.OPGELOST),
        ({"valid_until": "2027-11-23T00:00:00Z"}, State.NIEUW),
        ({"valid_until": "9999-12-31T23:59:59Z"}, State.NIEUW),
        ({"labels": ["exercise"]}, State.OEFENING),
        ({"labels": ["Test", "iets"]}, State.TEST),
    ],
)
def test_withdrawn_expired_and_not_real(changes: dict[str, Any], state: State) -> None:
    assert signal({**INDICATOR, **changes}).state is state


def test_confidence_harmless_and_campaign() -> None:
    sure = [signal({**INDICATOR, "confidence": each}).certainty for each in (90, "30", 0, None, "veel")]
    assert sure == [
        Certainty.BEVESTIGD,
        Certainty.WAARSCHIJNLIJK,
        Certainty.ONBEKEND,
        Certainty.ONBEKEND,
        Certainty.ONBEKEND,
    ]
    assert signal({**INDICATOR, "indicator_types": ["benign"]}).is_noted
    assert signal({**INDICATOR, "indicator_types": ["compromised"]}).rsit == "intrusions/system-compromise"
    wave = {**IDENTITY, "type": "campaign", "id": "campaign--1", "name": "Najaarsgolf"}
    link = {
        **IDENTITY,
        "type": "relationship",
        "id": "relationship--1",
        "source_ref": INDICATOR["id"],
        "target_ref": wave["id"],
    }
    assert signal(bundle(INDICATOR, wave, link)).campaign == "Najaarsgolf"


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("[file:hashes.'SHA-256' = 'ab']", ["ab"]),
        ("[file:hashes.MD5 = 'ab' AND file:name = 'x.exe']", ["ab"]),
        ("[domain-name:value IN ('a.nl', 'b.nl')]", ["a.nl", "b.nl"]),
        ("[domain-name:value != 'a.nl'] AND [url:value = 'http://c\\'d']", ["http://c'd"]),
        ("[ipv4-addr:value NOT = '192.0.2.1']", []),
        ("[process:name = 'x']", []),
        ("'" * 50_000, []),
        ("[" * 50_000, []),
        ("a" * 100_000, []),
        ("\\'" * 50_000, []),
    ],
)
def test_what_a_pattern_looks_for(pattern: str, values: list[str]) -> None:
    assert [each for each in pattern_values(pattern) if each] == values


def test_a_bundle_that_tells_nothing_is_read_and_says_so() -> None:
    for body in (bundle(IDENTITY), bundle(), {"type": "bundle", "id": f"bundle--{UUID}"}, IDENTITY):
        found = reading(body)
        assert (found.verdict, found.format, found.signals) == ("accepted", "stix21", ())
        assert "niets te melden" in found.findings[0]


def test_a_row_that_can_not_be_read_is_refused_and_the_rest_goes_on() -> None:
    found = reading(
        bundle(5, {**INDICATOR, "pattern": ""}, {"type": "indicator"}, INDICATOR, {**SIGHTING, "sighting_of_ref": 5})
    )
    assert [each.row for each in found.refused_rows] == [1, 3, 2]
    assert len(found.signals) == 2
    assert "indicator: `pattern` ontbreekt" in [each.reason for each in found.refused_rows]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**bundle(), "objects": {}}, "`objects` is geen lijst"),
        (bundle({**INDICATOR, "pattern": ["x"]}), "`pattern` is geen tekst"),
        ({**INDICATOR, "labels": "x"}, "`labels` is geen lijst"),
        (bundle(*[5] * 10_001), "meer dan 10000"),
    ],
)
def test_the_wrong_type_behind_the_right_name_is_told(body: object, reason: str) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", "stix21")
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "playbook", "spec_version": "cacao-2.0", "id": f"playbook--{UUID}"},
        {"type": "indicator", "id": "x"},
        {"type": "iets", "id": f"iets--{UUID}"},
        {"type": "Feature", "id": "Feature--1"},
        {"objects": [INDICATOR]},
        [INDICATOR, 5],
    ],
)
def test_what_only_looks_like_it_is_not_recognised(body: object) -> None:
    assert reading(body).format != "stix21"


def test_what_is_missing_gets_the_same_substitute_every_time() -> None:
    bare = {"type": "indicator", "id": f"indicator--{UUID}", "pattern": "[url:value = 'http://x.nl']"}
    one = signal(bare)
    assert (one.observed_at, one.title) == (NOON, "[url:value = 'http://x.nl']")
    assert one == signal(bare)
    assert signal({**bare, "x_eigen": [1]}).unknown["x_eigen"] == [1]


@pytest.mark.shared
def test_the_published_examples() -> None:
    folder = SHARED / "samples" / "signals" / "stix21"
    one = signal((folder / "using-marking-definitions.json").read_bytes())
    assert (one.tlp, one.observables) == (Tlp.AMBER, ("10.0.0.0",))
    assert signal((folder / "indicator-for-c2-ip-address.json").read_bytes()).title == "IP Address for known C2 channel"
    found = reading((folder / "sighting-of-an-indicator.json").read_bytes())
    assert [each.title for each in found.signals] == ["Malicious URL", "Waargenomen: Malicious URL"]
    assert found.signals[1].observables == ("http://paypa1.banking.com",)
