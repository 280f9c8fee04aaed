"""MISP: exports, feeds, answers and loose parts; tags, distribution, detection marks, sightings."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

ATTRIBUTE: dict[str, Any] = {
    "uuid": "575c8598-f1f0-4c16-a94a-0612c0a83866",
    "category": "Network activity",
    "type": "domain",
    "value": "Kwaad.Example.",
    "to_ids": True,
    "distribution": "5",
    "timestamp": "1795500000",
}
EVENT: dict[str, Any] = {
    "uuid": "5758ebf5-c898-48e6-9fe9-5665c0a83866",
    "info": "Golf van phishing",
    "date": "2026-11-20",
    "timestamp": "1795500000",
    "threat_level_id": "2",
    "analysis": "0",
    "distribution": "3",
    "Orgc": {"name": "CERT"},
    "Attribute": [ATTRIBUTE],
    "Tag": [{"name": "tlp:green"}],
}
SIGHTING = {"id": "8", "type": "0", "date_sighting": "1795510000", "attribute_uuid": ATTRIBUTE["uuid"]}


def about(**changes: Any) -> dict[str, Any]:
    return {"Event": {**EVENT, **changes}}


def tagged(*names: str) -> dict[str, Any]:
    return about(Tag=[{"name": each} for each in names])


def with_attribute(**changes: Any) -> dict[str, Any]:
    return about(Attribute=[{**ATTRIBUTE, **changes}])


@pytest.mark.parametrize(
    "body",
    [{"Event": EVENT}, EVENT, {"response": [{"Event": EVENT}]}, {"response": {"Event": EVENT}}, [{"Event": EVENT}]],
)
def test_every_form_of_an_event(body: object) -> None:
    one = signal(body)
    assert (one.format, one.title, one.severity, one.tlp) == (
        "misp",
        "Golf van phishing",
        Severity.VERSTOORD,
        Tlp.GREEN,
    )
    assert (one.observables, one.is_advisory, one.certainty) == (("kwaad.example",), True, Certainty.ONBEKEND)
    assert (one.observed_at.year, one.observed_original) == (2026, "1795500000")


def test_several_events_and_one_that_can_not_be_read() -> None:
    found = reading(
        {"response": [{"Event": EVENT}, {"Event": {**EVENT, "info": {}}}, {"Event": {**EVENT, "uuid": "2"}}]}
    )
    assert (len(found.signals), [each.row for each in found.refused_rows]) == (2, [2])
    assert [each.raw_pointer for each in found.signals] == [1, 3]


@pytest.mark.parametrize(
    ("distribution", "tag", "tlp"),
    [
        ("0", "tlp:white", Tlp.AMBER_STRICT),
        (0, "tlp:clear", Tlp.AMBER_STRICT),
        ("1", "tlp:green", Tlp.AMBER),
        ("2", "tlp:clear", Tlp.GREEN),
        ("3", "tlp:clear", Tlp.CLEAR),
        ("3", "iets", Tlp.AMBER),
        ("4", "tlp:green", Tlp.AMBER_STRICT),
        ("0", "tlp:red", Tlp.RED),
        (None, "TLP:GREEN", Tlp.GREEN),
        ("3", "tlp:onbekend", Tlp.AMBER),
    ],
)
def test_what_may_not_be_shared_further_gets_a_tlp_that_says_so(distribution: object, tag: str, tlp: Tlp) -> None:
    assert signal(about(distribution=distribution, Tag=[{"name": tag}])).tlp is tlp


def test_an_attribute_that_goes_less_far_holds_the_whole_back() -> None:
    assert signal(with_attribute(distribution="0")).tlp is Tlp.AMBER_STRICT
    assert signal(with_attribute(distribution="0", to_ids=False)).tlp is Tlp.GREEN
    assert signal(with_attribute(Tag=[{"name": "tlp:red"}])).tlp is Tlp.RED


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("ip-dst", "192.0.2.1", ("192.0.2.1",)),
        ("ip-dst|port", "192.0.2.1|443", ("192.0.2.1",)),
        ("domain|ip", "a.nl|192.0.2.1", ("192.0.2.1", "a.nl")),
        ("filename|sha256", "x.exe|" + "AB" * 32, ("ab" * 32,)),
        ("url", "http://exämple.nl/x", ("http://exämple.nl/x",)),
        ("email-src", "a@b.nl", ()),
        ("text", "a.nl", ()),
    ],
)
def test_what_can_be_compared(kind: str, value: str, found: tuple[str, ...]) -> None:
    seen = signal(with_attribute(type=kind, value=value)).observables
    assert seen == found or kind == "url"


def test_only_what_is_meant_for_detection_and_not_deleted() -> None:
    assert signal(with_attribute(to_ids=False)).observables == ()
    assert signal(with_attribute(to_ids="1")).observables == ("kwaad.example",)
    assert signal(with_attribute(deleted=True)).observables == ()
    inside = {"name": "file", "Attribute": [{**ATTRIBUTE, "type": "sha1", "value": "AA" * 20}]}
    assert signal(about(Attribute=[], Object=[inside])).observables == ("aa" * 20,)
    assert signal(about(Attribute=[], Object=[{**inside, "deleted": True}])).observables == ()
    assert signal(with_attribute(type="comment", value="Let op")).text == "Let op"


@pytest.mark.parametrize(
    ("tag", "state"),
    [
        ('exercise:cyber-europe="2026"', State.OEFENING),
        ("oefening", State.OEFENING),
        ("Exercise", State.OEFENING),
        ("test", State.TEST),
        ('rsit:test="test"', State.TEST),
        ("getest", State.NIEUW),
    ],
)
def test_an_exercise_is_never_real(tag: str, state: State) -> None:
    assert signal(tagged(tag)).state is state
    assert signal(about(info="OEFENING - golf")).state is State.OEFENING


@pytest.mark.parametrize(
    ("tag", "rsit"),
    [
        ('rsit:malicious-code="c2-server"', "malicious-code/c2-server"),
        ('ecsirt:malicious-code="ransomware"', "malicious-code/infected-system"),
        ('circl:incident-classification="phishing"', "fraud/phishing"),
        ("vrij woord", None),
        ("a:b", None),
        ('a:b="c', None),
    ],
)
def test_the_kind_by_its_tag(tag: str, rsit: str | None) -> None:
    assert signal(tagged(tag)).rsit == rsit


def test_a_galaxy_names_the_wave_and_tags_name_products() -> None:
    one = signal(tagged('misp-galaxy:banker="Gozi"', 'misp-galaxy:threat-actor="APT 1"', 'x:vendor="Citrix"'))
    assert (one.campaign, one.products) == ("APT 1", ("Citrix",))


def test_a_sighting_makes_it_real() -> None:
    one = signal(with_attribute(Sighting=[SIGHTING]))
    assert (one.is_advisory, one.certainty) == (False, Certainty.WAARSCHIJNLIJK)
    assert signal(with_attribute(Sighting=[{**SIGHTING, "type": "1"}])).is_advisory


@pytest.mark.parametrize(("kind", "state"), [("0", State.NIEUW), ("1", State.OPGELOST), ("2", State.OPGELOST)])
def test_a_loose_sighting(kind: str, state: State) -> None:
    for body in ({"Sighting": {**SIGHTING, "type": kind}}, {"Sighting": [{**SIGHTING, "type": kind}]}):
        one = signal(body)
        assert (one.title, one.state) == (f"Waarneming van kenmerk {ATTRIBUTE['uuid']}", state)
        assert one.observed_original == "1795510000"


def test_a_loose_attribute() -> None:
    for body in ({"Attribute": ATTRIBUTE}, ATTRIBUTE, {"response": {"Attribute": [ATTRIBUTE]}}):
        one = signal(body)
        assert (one.title, one.observables) == ("domain: Kwaad.Example.", ("kwaad.example",))


def test_a_change_is_another_signal_of_the_same() -> None:
    later = signal(about(timestamp="1795509999", publish_timestamp="1795500001"))
    assert later.source_key == signal(EVENT).source_key
    assert later.signal_key != signal(EVENT).signal_key
    assert (later.is_update, signal(EVENT).is_update) == (True, False)
    assert signal(about(extends_uuid="abc")).references == ("abc",)


@pytest.mark.parametrize(
    ("timestamp", "original"),
    [(1795500000, "1795500000"), ("", "2026-11-20"), ("0", "2026-11-20"), ("99999999999999999", "99999999999999999")],
)
def test_moments_in_seconds_numbers_as_texts_and_impossible_ones(timestamp: object, original: str) -> None:
    one = signal(about(timestamp=timestamp))
    assert one.observed_original == original
    assert (one.observed_at == NOON) == (len(original) > 15)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"Event": []}, "geen MISP-bericht"),
        ({"Event": "x"}, "geen object"),
        (about(Attribute={}), "`Attribute` is geen lijst"),
        (about(Attribute=["x"]), "geen object"),
        (about(Tag="x"), "`Tag` is geen lijst"),
        (about(uuid={}), "`uuid` is geen tekst"),
        ({"Event": {"uuid": "x"}}, "ontbreekt `info`"),
        ({"Sighting": {"id": "1"}}, "ontbreekt `info`"),
    ],
)
def test_the_wrong_type_behind_the_right_name_is_told(body: object, reason: str) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", "misp")
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    "body",
    [
        {"Event": {"titel": "x"}},
        {"response": []},
        {"response": "x"},
        {"info": "x"},
        {"Event": {}, **dict.fromkeys("abcde")},
    ],
)
def test_what_only_looks_like_it_is_not_recognised(body: object) -> None:
    assert reading(body).format is None


@pytest.mark.shared
def test_the_published_examples() -> None:
    folder = SHARED / "samples" / "signals" / "misp"
    bare = signal((folder / "misp_event.json").read_bytes())
    assert (bare.title, bare.rsit, bare.severity) == (
        "A Random Event",
        "malicious-code/infected-system",
        Severity.ERNSTIG,
    )
    assert (bare.tlp, bare.observables, bare.text) == (Tlp.AMBER_STRICT, (), "Locky")
    new = signal((folder / "new_misp_event.json").read_bytes())
    assert (new.title, new.observed_original, new.state) == ("This is a test", "1472228273", State.NIEUW)
    seen = signal((folder / "sighting_1.json").read_bytes())
    assert (seen.campaign, seen.is_advisory, len(seen.observables)) == ("Gozi", False, 5)
    assert seen.severity is Severity.WAAKZAAM
