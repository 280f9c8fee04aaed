"""CAP: languages, updates and cancels, exercises, encodings, signatures, and what is required."""

from typing import Any

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty, NormalSignal, State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

HEAD: dict[str, str] = {
    "identifier": "nl-1",
    "sender": "waarschuwing@voorbeeld.nl",
    "sent": "2026-11-24T10:00:00+01:00",
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
}
INFO: dict[str, str] = {
    "language": "en-GB",
    "category": "Infra",
    "event": "Power failure",
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "headline": "Power is out",
    "description": "No power in the centre.",
}


def tags(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value != "-")


def alert(*infos: dict[str, str], extra: str = "", version: str = "1.2", **head: str) -> str:
    blocks = "".join(f"<info>{tags(info)}</info>" for info in infos)
    return f'<alert xmlns="urn:oasis:names:tc:emergency:cap:{version}">{tags({**HEAD, **head})}{blocks}{extra}</alert>'


def one(*infos: dict[str, str], **given: Any) -> NormalSignal:
    return signal(alert(*(infos or (INFO,)), **given))


def test_an_alert_becomes_one_signal() -> None:
    found = one()
    assert (found.format, found.title, found.text) == ("cap", "Power is out", "No power in the centre.")
    assert (found.severity, found.certainty, found.tlp) == (Severity.ERNSTIG, Certainty.BEVESTIGD, Tlp.CLEAR)
    assert (found.observed_at.hour, found.observed_original) == (9, HEAD["sent"])
    assert (found.state, found.is_update, found.municipality) == (State.NIEUW, False, "GM0344")


def test_dutch_goes_before_english_before_the_rest_and_the_worst_severity_counts() -> None:
    french = {**INFO, "language": "fr-BE", "headline": "Panne"}
    dutch = {**INFO, "language": "nl-NL", "headline": "Stroom uit", "severity": "Minor"}
    assert one(french, INFO, dutch).title == "Stroom uit"
    assert one(french, INFO).title == "Power is out"
    assert one(french, {**french, "language": "-", "headline": "Standaard"}).title == "Standaard"
    assert one(french).title == "Panne"
    assert one(dutch, INFO).severity is Severity.ERNSTIG


def test_updates_and_cancels_are_of_the_disturbance_they_point_back_to() -> None:
    first = one()
    named = f"{HEAD['sender']},nl-2,2026-11-24T11:00:00+01:00 {HEAD['sender']},nl-1,{HEAD['sent']}"
    update = one(identifier="nl-3", msgType="Update", references=named)
    cancel = one(identifier="nl-4", msgType="Cancel", references=named)
    assert first.source_key == update.source_key == cancel.source_key
    assert (update.is_update, update.state, cancel.is_update, cancel.state) == (True, State.NIEUW, True, State.OPGELOST)
    assert update.references == (f"{HEAD['sender']},nl-1", f"{HEAD['sender']},nl-2")
    assert len({first.signal_key, update.signal_key, cancel.signal_key}) == 3


def test_empty_references_are_valid_and_broken_ones_are_told() -> None:
    assert one(msgType="Update", references="").references == ()
    found = reading(alert(INFO, references="zomaar"))
    assert found.verdict == "accepted"
    assert "sender,identifier,sent" in found.findings[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [("Exercise", State.OEFENING), ("Test", State.TEST), ("System", State.TEST), ("Draft", State.TEST)],
)
def test_what_is_not_actual_never_raises_anything(status: str, state: State) -> None:
    for message in ("Alert", "Update", "Cancel"):
        found = one(status=status, msgType=message)
        assert (found.state, found.is_noted) == (state, True)


def test_all_clear_and_past_have_ended_but_only_when_every_block_says_so() -> None:
    clear = {**INFO, "responseType": "AllClear"}
    assert one(clear).state is State.OPGELOST
    assert one({**INFO, "urgency": "Past"}).state is State.OPGELOST
    assert one(clear, INFO).state is State.NIEUW


def test_acknowledgements_and_errors_are_noted() -> None:
    assert all(signal(alert(msgType=message, note="gezien")).is_noted for message in ("Ack", "Error"))


def test_an_alert_that_has_expired_or_never_expires_is_read() -> None:
    assert one({**INFO, "expires": "2001-01-01T00:00:00+00:00"}).state is State.NIEUW
    assert one({**INFO, "expires": "-"}).state is State.NIEUW


@pytest.mark.parametrize("name", HEAD)
def test_what_cap_requires_of_an_alert(name: str) -> None:
    for value in ("-", "", " "):
        found = reading(alert(INFO, **{name: value}))
        assert (found.verdict, found.format) == ("quarantined", "cap")
        assert f"`{name}`" in found.reasons[0]


@pytest.mark.parametrize("name", ["category", "event", "urgency", "severity", "certainty"])
def test_what_cap_requires_of_an_info_block(name: str) -> None:
    assert f"`{name}`" in reading(alert({**INFO, name: "-"})).reasons[0]


@pytest.mark.parametrize(("name", "value"), [("status", "Echt"), ("msgType", "alert"), ("scope", "Iedereen")])
def test_words_that_cap_does_not_know_are_told(name: str, value: str) -> None:
    assert f"`{name}`" in reading(alert(INFO, **{name: value})).reasons[0]
    assert "`severity`" in reading(alert({**INFO, "severity": "High"})).reasons[0]


def test_moments_that_are_none_become_the_moment_of_receipt() -> None:
    for sent in ("{timestamp}", "9999-12-31T00:00:00+00:00", "1969-01-01T00:00:00+00:00", "0001-01-01T00:00:00Z"):
        found = reading(alert(INFO, sent=sent))
        assert (found.signals[0].observed_at, found.signals[0].observed_original) == (NOON, sent)
        assert "`sent`" in found.findings[0]


def test_a_signature_is_left_alone_also_with_an_illegal_id() -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="9 bad id"><status>Test</status></Signature>'
    found = one(extra=signature)
    assert found.state is State.NIEUW
    assert "Signature" not in found.unknown


def test_other_encodings_and_html_in_a_text() -> None:
    text = alert(
        {**INFO, "headline": "Storing in het café", "description": "A&lt;br /&gt;B &amp;amp; C &lt;b&gt;D&lt;/b&gt;"}
    )
    body = f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("iso-8859-1")
    found = signal(body)
    assert (found.title, found.text) == ("Storing in het café", "A\nB & C D")


def test_the_version_before_is_read_and_told_and_older_is_refused() -> None:
    found = reading(alert(INFO, version="1.1"))
    assert (found.verdict, "CAP 1.1" in found.findings[0]) == ("accepted", True)
    assert "1.2" in reading(alert(INFO, version="1.0")).reasons[0]


def test_the_json_of_warning_services_is_read_too() -> None:
    found = signal({**HEAD, "info": [{**INFO, "category": ["Infra"], "language": "DE"}], "code": ["x"]})
    assert (found.format, found.title, found.unknown["code"]) == ("cap", "Power is out", ["x"])


@pytest.mark.parametrize("info", [5, ["x"], [[]], [{}], None])
def test_wrong_types_in_the_json(info: object) -> None:
    assert reading({**HEAD, "info": info}, hint="cap").verdict in ("accepted", "quarantined")
    assert reading({**HEAD, "sender": {"a": 1}, "info": []}).verdict == "quarantined"


def test_the_municipality_of_an_area_when_there_is_one() -> None:
    def area(*codes: str) -> dict[str, str]:
        pairs = "".join(f"<geocode><valueName>CBS</valueName><value>{code}</value></geocode>" for code in codes)
        return {**INFO, "area": f"<areaDesc>x</areaDesc>{pairs}"}

    assert one(area("GM0363")).municipality == "GM0363"
    assert one(area("GM0363", "GM0518")).municipality == "GM0344"
    assert one(area("0363")).municipality == "GM0344"


def sample(name: str) -> bytes:
    return (SHARED / "samples" / "signals" / "cap" / name).read_bytes()


@pytest.mark.shared
def test_the_sample_of_australia() -> None:
    found = signal(sample("australia.cap"))
    assert (found.format, found.severity, found.certainty) == ("cap", Severity.WAAKZAAM, Certainty.BEVESTIGD)
    assert found.title == "Yerong Creek Structure Fire"
    assert "<br" not in found.text
    assert found.observed_at.isoformat() == "2011-10-05T13:04:00+00:00"
    assert (found.unknown["infos"], found.state) == (2, State.NIEUW)


@pytest.mark.shared
def test_the_sample_of_canada() -> None:
    found = signal(sample("canada.cap"))
    assert (found.title, found.state, found.is_update) == ("severe thunderstorm watch", State.OPGELOST, True)
    assert found.source_key == "bron|cap@ec.gc.ca,2.49.0.1.124.a3f342a4.2012"
    assert len(found.references) == 2


@pytest.mark.shared
def test_the_invalid_sample_says_what_is_missing() -> None:
    found = reading(sample("invalid.cap"))
    assert (found.verdict, found.format, "`scope`" in found.reasons[0]) == ("quarantined", "cap", True)
