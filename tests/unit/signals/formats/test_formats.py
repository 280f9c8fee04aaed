"""What each format becomes, its traps, and that no bytes whatever raise."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.driehoek import json_schema
from signals.formats.table import FORMATS
from signals.normal import State
from tests.conftest import SHARED
from tests.unit.signals.asking import NOON, reading, signal

OURS = {"id": "1", "dienst": "burgerzaken", "ernst": "verstoord", "tijdstip": "2026-11-24T10:00:00+01:00"}
EVENT = {
    "specversion": "1.0",
    "id": "7",
    "source": "urn:nld:oin:1:systeem:x",
    "type": "nl.storing.gemeld",
    "data": {"dienst": "burgerzaken"},
}
ALERT = {
    "status": "firing",
    "labels": {"alertname": "Down", "service": "burgerzaken"},
    "startsAt": "2026-11-24T09:00:00Z",
}
GROUP = {"receiver": "driehoek", "groupKey": "{}:{x}", "status": "firing", "alerts": [ALERT]}


def test_our_own_form() -> None:
    one = signal(OURS)
    assert (one.service, one.severity, one.state, one.tlp) == (
        "burgerzaken",
        Severity.VERSTOORD,
        State.NIEUW,
        Tlp.AMBER,
    )
    assert one.observed_at.hour == 9
    assert one.municipality == "GM0344"


def test_a_list_keeps_what_can_be_read_and_refuses_the_rest_by_row() -> None:
    found = reading([OURS, {"dienst": 5}, {**OURS, "id": "2"}])
    assert [each.raw_pointer for each in found.signals] == [1, 3]
    assert [each.row for each in found.refused_rows] == [2]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"dienst": "a"} {"dienst": "b"}',
        '{"dienst": "a",}',
        '{"dienst": NaN}',
        b"\xff\xfe",
        "<alert/>",
        "[" * 100_000,
        {"titel": " "},
        {"dienst": "a", "gemeente": "Utrecht"},
        [{"dienst": 5}, {"dienst": 6}],
    ],
)
def test_what_cannot_be_read_is_quarantined_with_a_reason(body: object) -> None:
    found = reading(body)
    assert found.verdict == "quarantined"
    assert found.reasons[0]


def test_what_no_database_stores_is_taken_out() -> None:
    one = signal(
        '{"dienst": "a\\u0000b\\ud800", "x\\u0000": ["\\u0000"], "groot": 123456789012345678901234567890, "ver": 1e999}'
    )
    assert one.service == "ab?"
    assert one.unknown == {"x": [""], "groot": 123456789012345678901234567890.0, "ver": "1e999"}


def _fits(schema: dict[str, Any], row: dict[str, Any]) -> bool:
    """As much of JSON Schema as ours uses."""
    for name, value in row.items():
        options = schema["properties"].get(name, {})
        if options and not any(_is(option, value) for option in options.get("anyOf", [options])):
            return False
    return any(
        name in row and _is(options["properties"][name], row[name])
        for options in schema["anyOf"]
        for name in options["required"]
    )


def _is(option: dict[str, Any], value: object) -> bool:
    kinds: dict[str, type | tuple[type, ...]] = {"string": str, "null": type(None), "array": list}
    if not isinstance(value, kinds[option["type"]]):
        return False
    if isinstance(value, list):
        return len(value) >= option.get("minItems", 0) and all(
            _is(option.get("items", {"type": "string"}), v) for v in value
        )
    if not isinstance(value, str):
        return True
    pattern = option.get("pattern", "")
    matches = {
        "": True,
        r"\S": bool(value.strip()),
        "^GM[0-9]{4}$": len(value) == 6 and value[:2] == "GM" and value[2:].isdecimal(),
    }
    return matches[pattern] and len(value) <= option.get("maxLength", 10**6)


@given(
    st.dictionaries(
        st.sampled_from(["dienst", "titel", "tekst", "kenmerken", "gemeente", "tlp", "anders"]),
        st.none()
        | st.integers()
        | st.sampled_from(["", " ", "a", "GM0344", "a" * 500])
        | st.lists(st.sampled_from(["a", ""])),
    )
)
def test_the_published_schema_and_the_parser_agree(row: dict[str, Any]) -> None:
    found = reading(row, hint="driehoek")
    assert (found.verdict == "accepted") == _fits(json_schema(), row)


def test_a_structured_event() -> None:
    one = signal({**EVENT, "time": "2026-11-24T09:00:00Z", "tlp": "red"}, media_type="application/cloudevents+json")
    assert (one.format, one.service, one.tlp, one.observed_at.hour) == ("cloudevents", "burgerzaken", Tlp.RED, 9)
    assert one.signal_key == f"{EVENT['source']}|7"


def test_a_binary_event_with_percent_encoded_attributes() -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "a%20b", "ce-source": "urn:nld:x", "ce-type": "nl.storing.gemeld"}
    one = signal({"dienst": "burgerzaken"}, headers=headers)
    assert (one.signal_key, one.service) == ("urn:nld:x|a b", "burgerzaken")
    plain = signal(b"tekst", headers=headers, media_type="text/plain")
    assert plain.text == "tekst"


def test_a_batch_and_its_refused_rows() -> None:
    found = reading([EVENT, {**EVENT, "id": ""}], media_type="application/cloudevents-batch+json")
    assert (len(found.signals), [each.row for each in found.refused_rows]) == (1, [2])


@pytest.mark.parametrize("name", ["id", "source", "type"])
@pytest.mark.parametrize("value", [None, "", 0.5])
def test_an_event_without_a_required_attribute_is_refused(name: str, value: object) -> None:
    found = reading({**EVENT, name: value})
    assert found.verdict == ("accepted" if value == 0.5 else "quarantined")
    assert reading({**EVENT, "specversion": "0.3"}).verdict == "quarantined"


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"source": "https://x.nl/zaken/1"}, "adres van data"),
        ({"source": "x"}, "urn:nld:"),
        ({"type": "storing"}, "omgekeerde domeinnaam"),
        ({"type": "nl.a.v1.v2"}, "meer dan één versie"),
        ({"sequencetype": "integer"}, "sequencetype"),
        ({"Naam": "x"}, "naam van een attribuut"),
        ({"x": {"a": 1}}, "enkelvoudige waarde"),
        ({"x": 2**31}, "32 bits"),
        ({"x": "a\u0007"}, "stuurteken"),
        ({"data": None, "data_base64": "..."}, "base64"),
    ],
)
def test_what_breaks_a_rule_of_the_profile_is_told_and_read(changes: dict[str, Any], finding: str) -> None:
    found = reading({**EVENT, **changes})
    assert found.verdict == "accepted"
    assert any(finding in each for each in found.findings)


def test_data_behind_base64_is_read_and_null_is_absent() -> None:
    encoded = base64.b64encode(json.dumps({"service": "zaken"}).encode()).decode()
    one = signal({**EVENT, "data": None, "data_base64": encoded, "time": None})
    assert (one.service, one.observed_at, one.observed_original) == ("zaken", NOON, None)


def test_a_subject_may_be_a_citizen_number_and_is_no_title() -> None:
    assert signal({**EVENT, "subject": "999990342"}).title == EVENT["type"]


def test_a_group_of_alerts_mixes_firing_and_resolved() -> None:
    ended = {**ALERT, "status": "resolved", "fingerprint": "f2"}
    found = reading({**GROUP, "alerts": [ALERT, ended, "x"], "truncatedAlerts": 3})
    assert [each.state for each in found.signals] == [State.NIEUW, State.OPGELOST]
    assert [each.row for each in found.refused_rows] == [3]
    assert "3 meldingen weg" in found.findings[0]


def test_the_disturbance_is_the_group_with_the_fingerprint() -> None:
    first = signal({**GROUP, "alerts": [{**ALERT, "fingerprint": "f1"}]})
    ended = signal({**GROUP, "alerts": [{**ALERT, "fingerprint": "f1", "status": "resolved"}]})
    other = signal({**GROUP, "groupKey": "{}:{y}", "alerts": [{**ALERT, "fingerprint": "f1"}]})
    assert first.source_key == ended.source_key != other.source_key
    assert first.signal_key != ended.signal_key


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ("0001-01-01T00:00:00Z", State.NIEUW),
        ("2026-11-24T11:59:59Z", State.OPGELOST),
        ("2026-11-24T12:30:00Z", State.NIEUW),
        (None, State.NIEUW),
    ],
)
def test_an_alert_without_a_state_has_ended_when_its_end_has_passed(ends: str | None, state: State) -> None:
    alert = {**ALERT, "status": None, "endsAt": ends}
    assert signal({**GROUP, "alerts": [alert]}).state is state


@pytest.mark.parametrize(("label", "state"), [("test", State.TEST), ("oefening", State.OEFENING)])
def test_a_test_is_noted_and_never_real(label: str, state: State) -> None:
    one = signal({**GROUP, "alerts": [{**ALERT, "labels": {**ALERT_LABELS, label: "true"}}]})
    assert (one.state, one.is_noted) == (state, True)


ALERT_LABELS: dict[str, str] = {"alertname": "Down"}


BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "x", "ce-type": "y"}


@given(st.binary(max_size=300), st.sampled_from([None, "nergens", *FORMATS]), st.sampled_from([{}, BINARY]))
def test_no_bytes_raise_and_the_same_bytes_give_the_same(
    body: bytes, hint: str | None, headers: dict[str, str]
) -> None:
    assert reading(body, hint=hint, headers=headers) == reading(body, hint=hint, headers=headers)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda kids: st.lists(kids, max_size=4) | st.dictionaries(st.text(max_size=8), kids, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from([OURS, EVENT, GROUP]), st.data())
def test_any_value_in_any_field_is_read_or_refused(good: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*good, "time", "alerts", "kenmerken", "commonLabels", "severitytext"]))
    found = reading({**good, name: data.draw(VALUES)})
    assert found.verdict in ("accepted", "quarantined")


SAMPLES = sorted(
    path for folder in ("signals", "cloudevents") for path in (SHARED / "samples" / folder).rglob("*.json")
)


@pytest.mark.shared
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_real_files_are_read_as_what_they_are_or_set_apart(path: Any) -> None:
    found = reading(path.read_bytes())
    expected = path.parent.name if path.parent.name in FORMATS else None
    assert (found.verdict, found.format) == ("accepted" if expected else "quarantined", expected)
    assert expected or "herkennen wij niet" in found.reasons[0]
