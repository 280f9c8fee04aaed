"""CSAF: version and status, TLP, which products it is about, how bad it is, and what is over or not real."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

PRODUCT = {"name": "Citrix NetScaler ADC 13.1", "product_id": "P1"}
TREE: dict[str, Any] = {
    "branches": [
        {
            "category": "vendor",
            "name": "Citrix",
            "branches": [
                {
                    "category": "product_name",
                    "name": "NetScaler ADC",
                    "branches": [{"category": "product_version", "name": "13.1", "product": PRODUCT}],
                }
            ],
        }
    ],
    "full_product_names": [{"name": "Los pakket 2", "product_id": "P2"}],
}
SCORE = {"cvss_v3": {"baseScore": 9.8, "baseSeverity": "CRITICAL"}, "products": ["P1"]}
VULNERABILITY: dict[str, Any] = {"cve": "CVE-2026-1", "product_status": {"known_affected": ["P1"]}, "scores": [SCORE]}
DOCUMENT: dict[str, Any] = {
    "category": "csaf_security_advisory",
    "csaf_version": "2.0",
    "title": "Lek in NetScaler",
    "distribution": {"tlp": {"label": "GREEN"}},
    "publisher": {"category": "coordinator", "name": "CERT", "namespace": "https://cert.example"},
    "notes": [{"category": "legal_disclaimer", "text": "x"}, {"category": "summary", "text": "Werk bij."}],
    "tracking": {
        "id": "CERT-2026-1",
        "version": "1",
        "status": "final",
        "initial_release_date": "2026-11-20T09:00:00Z",
        "current_release_date": "2026-11-23T09:00:00+01:00",
        "revision_history": [{"number": "1"}],
    },
}
ADVISORY: dict[str, Any] = {"document": DOCUMENT, "product_tree": TREE, "vulnerabilities": [VULNERABILITY]}


def about(**changes: Any) -> dict[str, Any]:
    return {**ADVISORY, "document": {**DOCUMENT, **changes}}


def tracked(**changes: Any) -> dict[str, Any]:
    return about(tracking={**DOCUMENT["tracking"], **changes})


def with_vulnerability(**changes: Any) -> dict[str, Any]:
    return {**ADVISORY, "vulnerabilities": [{**VULNERABILITY, **changes}]}


def test_an_advisory() -> None:
    one = signal(ADVISORY)
    assert (one.format, one.title, one.text) == ("csaf", "Lek in NetScaler", "Werk bij.")
    assert (one.is_advisory, one.is_update, one.state, one.tlp) == (True, False, State.NIEUW, Tlp.GREEN)
    assert (one.severity, one.certainty) == (Severity.ERNSTIG, Certainty.BEVESTIGD)
    assert (one.observed_at.isoformat(), one.rsit) == ("2026-11-23T08:00:00+00:00", "vulnerable/vulnerable-system")
    assert one.products == ("Citrix", "Citrix NetScaler ADC", "Citrix NetScaler ADC 13.1", "NetScaler ADC")
    assert (one.supplier, one.unknown["cve"]) == ("Citrix", ["CVE-2026-1"])


def test_a_later_version_is_an_update_of_the_same() -> None:
    later = signal(tracked(version="2", revision_history=[{"number": "1"}, {"number": "2"}]))
    assert (later.is_update, later.source_key) == (True, signal(ADVISORY).source_key)
    assert later.signal_key != signal(ADVISORY).signal_key
    assert [signal(tracked(version=each)).is_update for each in ("1.0.0", "0.3", "1.1.0", 2)] == [
        False,
        False,
        True,
        True,
    ]
    assert signal(about(publisher={"namespace": "https://ander.example"})).source_key != later.source_key


@pytest.mark.parametrize(
    ("status", "certainty"),
    [("draft", Certainty.ONBEKEND), ("interim", Certainty.WAARSCHIJNLIJK), ("Final", Certainty.BEVESTIGD)],
)
def test_the_status_is_how_sure_it_is(status: str, certainty: Certainty) -> None:
    assert signal(tracked(status=status)).certainty is certainty


@pytest.mark.parametrize(
    ("distribution", "tlp"),
    [
        ({"tlp": {"label": "WHITE"}}, Tlp.CLEAR),
        ({"tlp": {"label": "AMBER+STRICT"}}, Tlp.AMBER_STRICT),
        ({"tlp": {"label": "RED"}, "text": "x"}, Tlp.RED),
        ({"text": "x"}, Tlp.AMBER),
        (None, Tlp.AMBER),
    ],
)
def test_the_tlp_stands_under_distribution(distribution: object, tlp: Tlp) -> None:
    assert signal(about(distribution=distribution)).tlp is tlp


@pytest.mark.parametrize(
    ("category", "status", "is_about"),
    [
        ("csaf_security_advisory", {"known_affected": ["P1"]}, "Citrix"),
        ("csaf_security_advisory", {"fixed": ["P1"]}, "Citrix"),
        ("csaf_security_advisory", {"known_not_affected": ["P1"]}, None),
        ("csaf_security_advisory", {"known_affected": ["P2"], "known_not_affected": ["P1"]}, "Los pakket 2"),
        ("csaf_vex", {"under_investigation": ["P1"]}, "Citrix"),
        ("csaf_vex", {"fixed": ["P1"]}, None),
        ("csaf_informational_advisory", None, "Citrix"),
    ],
)
def test_which_products_it_is_about(category: str, status: Any, is_about: str | None) -> None:
    body = {**about(category=category), "vulnerabilities": [{**VULNERABILITY, "product_status": status}]}
    assert next(iter(signal(body).products), None) == is_about


def test_a_product_inside_another_is_found_by_their_relation() -> None:
    both = {"name": "NetScaler op platform X", "product_id": "P9"}
    relation = {"category": "default_component_of", "full_product_name": both, "product_reference": "P1"}
    body = {
        **with_vulnerability(product_status={"known_affected": ["P9"]}),
        "product_tree": {**TREE, "relationships": [relation]},
    }
    assert "NetScaler ADC" in signal(body).products


@pytest.mark.parametrize(
    ("said", "scores", "severity"),
    [
        ("Moderate", [SCORE], Severity.WAAKZAAM),
        ("Important", [], Severity.VERSTOORD),
        ("iets anders", [SCORE], Severity.ERNSTIG),
        (None, [{"cvss_v3": {"baseScore": "7.0"}}], Severity.VERSTOORD),
        (None, [{"cvss_v2": {"baseScore": 4}}, {"cvss_v3": {"baseScore": 0.0}}], Severity.WAAKZAAM),
        (None, [{"cvss_v3": {"baseSeverity": "HIGH"}}], Severity.VERSTOORD),
        (None, [{"cvss_v3": {"baseScore": "veel"}}], Severity.ONBEKEND),
        (None, None, Severity.ONBEKEND),
    ],
)
def test_how_bad_it_is(said: str | None, scores: Any, severity: Severity) -> None:
    body = {**about(aggregate_severity={"text": said}), "vulnerabilities": [{**VULNERABILITY, "scores": scores}]}
    assert signal(body).severity is severity


def test_scores_of_the_next_version_and_a_vendor_who_publishes() -> None:
    metric = {"content": {"cvss_v4": {"baseScore": 9.1}}}
    assert signal(with_vulnerability(scores=None, metrics=[metric])).severity is Severity.ERNSTIG
    assert signal(about(publisher={"category": "vendor", "name": "Centric"})).supplier == "Centric"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"title": "[OEFENING] Lek"}, State.OEFENING),
        ({"title": "EXERCISE EXERCISE - Lek"}, State.OEFENING),
        ({"title": "TEST: Lek"}, State.TEST),
        ({"title": "Test Manager kwetsbaar"}, State.NIEUW),
        ({"distribution": {"text": "EXERCISE: deel dit niet"}}, State.OEFENING),
        ({"category": "csaf_exercise"}, State.OEFENING),
        ({"category": "csaf_withdrawn"}, State.OPGELOST),
        ({"category": "csaf_superseded"}, State.OPGELOST),
    ],
)
def test_what_is_not_real_and_what_is_over(changes: dict[str, Any], state: State) -> None:
    assert signal(about(**changes)).state is state


def test_what_is_missing_gets_the_same_substitute_and_is_told() -> None:
    bare = {"document": {"csaf_version": "2.0", "title": "Lek"}}
    found = reading(bare)
    assert found.verdict == "accepted"
    assert "category, publisher, tracking" in found.findings[0]
    assert (found.signals[0].observed_at, found.signals[0].products) == (NOON, ())
    assert found == reading(bare)
    assert signal(tracked(current_release_date="9999-01-01T00:00:00Z")).observed_at == NOON
    assert signal(tracked(current_release_date=None)).observed_original == "2026-11-20T09:00:00Z"
    assert signal(tracked(aliases=["A-1", "CERT-2026-1", None])).references == ("A-1",)
    assert signal(about(eigen={"a": 1})).unknown["eigen"] == {"a": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"document": {"csaf_version": "1.2", "title": "x"}}, "niet 2.0"),
        ({"document": {"csaf_version": "2.0"}}, "ontbreekt `document.title`"),
        ({"document": [], "vulnerabilities": []}, "`document` is geen object"),
        (about(tracking="x"), "`tracking` is geen object"),
        (about(title={"en": "x"}), "`title` is geen tekst"),
        ({**ADVISORY, "vulnerabilities": {}}, "`vulnerabilities` is geen lijst"),
        ({**ADVISORY, "product_tree": []}, "`product_tree` is geen object"),
        ({**ADVISORY, "product_tree": {"branches": ["x"]}}, "geen object"),
        (with_vulnerability(scores="9.8"), "`scores` is geen lijst"),
    ],
)
def test_the_wrong_type_behind_the_right_name_is_told(body: object, reason: str) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", "csaf")
    assert reason in found.reasons[0]


def test_a_tree_of_many_branches_stays_bounded() -> None:
    wide = {"category": "vendor", "name": "V", "product": PRODUCT}
    one = signal({**ADVISORY, "product_tree": {"branches": [{**wide, "name": f"V{each}"} for each in range(3_000)]}})
    assert len(one.products) == 500


@pytest.mark.shared
def test_the_published_examples() -> None:
    folder = SHARED / "samples" / "signals" / "csaf"
    vex = signal((folder / "2022-evd-uc-01-f-001.json").read_bytes())
    assert (vex.products, vex.supplier, vex.tlp) == ((), "Example Company ProductCERT", Tlp.AMBER)
    bsi = signal((folder / "bsi-2022-0001.json").read_bytes())
    assert (bsi.supplier, bsi.tlp, bsi.severity, bsi.is_update) == ("CSAF Tools", Tlp.CLEAR, Severity.WAAKZAAM, False)
    assert "CSAF Tools CVRF-CSAF-Converter" in bsi.products
