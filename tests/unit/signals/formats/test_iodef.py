"""IODEF: what RFC 7970 requires, restriction as TLP, impact, addresses, the version before."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty, NormalSignal, State
from tests.conftest import SHARED
from tests.unit.signals.asking import reading, signal

IDENTITY = '<IncidentID name="csirt.voorbeeld.nl">77</IncidentID>'
MADE = "<GenerationTime>2026-11-24T10:00:00+01:00</GenerationTime>"
CONTACT = '<Contact role="creator" type="organization"><Email><EmailTo>soc@voorbeeld.nl</EmailTo></Email></Contact>'
FLOW = """<EventData><Flow><System category="source"><Node>
<Address category="ipv4-addr">192.0.2.7</Address><Address category="asn">64496</Address>
<DomainData system-status="compromised" domain-status="other"><Name>Evil.Example.NL</Name></DomainData>
</Node></System></Flow></EventData>"""


def incident(body: str = "", *, attributes: str = 'purpose="reporting" restriction="amber"', start: str = "") -> str:
    return f"<Incident {attributes}>{start or IDENTITY}{MADE}{body}{CONTACT}</Incident>"


def document(*incidents: str, version: str = "2") -> str:
    start = f'<IODEF-Document version="{version}.00" xmlns="urn:ietf:params:xml:ns:iodef-{version}.0">'
    return f"{start}{''.join(incidents)}</IODEF-Document>"


def one(body: str = "", **given: Any) -> NormalSignal:
    return signal(document(incident(body, **given)))


def test_an_incident_becomes_one_signal() -> None:
    found = one(
        "<DetectTime>2026-11-24T08:00:00-0400</DetectTime><Description>Inbraak</Description><Assessment>"
        '<SystemImpact severity="medium" type="takeover-system"/><BusinessImpact severity="high"/>'
        f'<Confidence rating="high"/></Assessment>{FLOW}'
    )
    assert (found.format, found.source_key) == ("iodef", "bron|csirt.voorbeeld.nl|77")
    assert (found.severity, found.rsit) == (Severity.ERNSTIG, "intrusions/system-compromise")
    assert (found.certainty, found.tlp, found.title) == (Certainty.BEVESTIGD, Tlp.AMBER, "Inbraak")
    assert found.observables == ("192.0.2.7", "evil.example.nl")
    assert found.observed_at.hour == 12


@pytest.mark.parametrize(
    ("restriction", "tlp"),
    [
        ("public", Tlp.CLEAR),
        ("white", Tlp.CLEAR),
        ("partner", Tlp.GREEN),
        ("green", Tlp.GREEN),
        ("need-to-know", Tlp.AMBER_STRICT),
        ("default", Tlp.AMBER),
        ("private", Tlp.RED),
        ("red", Tlp.RED),
        ("iets anders", Tlp.RED),
    ],
)
def test_the_restriction_is_a_label_and_an_unknown_one_is_the_strictest(restriction: str, tlp: Tlp) -> None:
    assert one(attributes=f'purpose="watch" restriction="{restriction}"').tlp is tlp
    assert one(attributes='purpose="watch"').tlp is Tlp.RED


def test_several_incidents_and_the_refused_one_by_its_row() -> None:
    other = '<IncidentID name="csirt.voorbeeld.nl">78</IncidentID>'
    found = reading(document(incident(), incident(start="<IncidentID>9</IncidentID>"), incident(start=other)))
    assert [each.raw_pointer for each in found.signals] == [1, 3]
    assert [(each.row, "IncidentID" in each.reason) for each in found.refused_rows] == [(2, True)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document(), "geen Incident"),
        (document(incident(attributes="")), "purpose"),
        (document(incident(attributes='purpose="lol"')), "purpose"),
        (document(incident().replace(CONTACT, "")), "Contact"),
        (document(incident().replace(MADE, "")), "GenerationTime"),
        (document(incident(), version="3"), "RFC 7970"),
        ("<IODEF-Document><Incident/></IODEF-Document>", "RFC 7970"),
    ],
)
def test_what_the_standard_requires(text: str, reason: str) -> None:
    found = reading(text)
    assert (found.verdict, found.format) == ("quarantined", "iodef")
    assert reason in found.reasons[0]


def test_the_version_before_is_read_and_told() -> None:
    old = incident('<Assessment><Impact severity="low" type="dos"/></Assessment>').replace(
        "GenerationTime", "ReportTime"
    )
    found = reading(document(old, version="1"))
    assert (found.verdict, "versie 1" in found.findings[0]) == ("accepted", True)
    assert (found.signals[0].rsit, found.signals[0].severity) == ("availability/dos", Severity.WAAKZAAM)


def test_a_list_of_indicators_in_bulk() -> None:
    lines = "<BulkObservableList>\n  a.Example.com\n  b.example.com\n</BulkObservableList>"
    observable = f'<Observable><BulkObservable type="fqdn">{lines}</BulkObservable></Observable>'
    bulk = f"<IndicatorData><Indicator>{observable}</Indicator></IndicatorData>"
    assert one(bulk).observables == ("a.example.com", "b.example.com")
    assert one(bulk.replace("fqdn", "email-subject")).observables == ()


def test_resolved_exercises_and_related_incidents() -> None:
    assert one(attributes='purpose="reporting" status="resolved"').state is State.OPGELOST
    assert one('<AdditionalData dtype="boolean" meaning="exercise">true</AdditionalData>').state is State.OEFENING
    related = '<RelatedActivity><IncidentID name="b.nl">5</IncidentID></RelatedActivity>'
    assert one(related).references == ("b.nl|5",)


@pytest.mark.shared
def test_the_minimal_example_of_the_rfc() -> None:
    found = signal((SHARED / "samples" / "signals" / "iodef" / "rfc7970-minimal.xml").read_bytes())
    assert (found.source_key, found.tlp) == ("bron|csirt.example.com|492382", Tlp.RED)
    assert found.observed_at.isoformat() == "2015-07-18T14:00:00+00:00"
    assert (found.title, found.observables) == ("Incident 492382 van csirt.example.com", ())
