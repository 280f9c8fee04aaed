"""Real-shaped documents, broken in the ways in which senders break them: read or set apart, never raised, bounded."""

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.formats.reading import Reading
from signals.formats.table import FORMATS
from tests.conftest import SHARED
from tests.unit.signals.asking import reading
from tests.unit.signals.formats.documents import DOCUMENTS

TRICKS = [
    *("", " ", "\x00", "a\x00b", "\u202egm0344", "i\u200bd", "\ud800", "ı", "\U0001f4a5" * 50, "日本語", "x" * 5_000),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59Z", "{timestamp}", "-0400"),
    *("2026-11-24T10:00:00-0400", "2026-11-24T10:00:00", "1e999", "300.1.1.1", "GM9999", "<b>x</b>", "{}", "[{"),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(TRICKS),
    lambda kids: (
        st.lists(kids, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "type", "x"]), kids, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for name, each in inside for place in places(each, (*above, name)))]


def changed(document: Any, place: tuple[Any, ...], value: object, *, remove: bool) -> Any:
    """The document with another value at one place, or without what stood there."""
    if not place:
        return value
    made = copy.deepcopy(document)
    holder = made
    for name in place[:-1]:
        holder = holder[name]
    if remove:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return made


def is_whole(found: Reading) -> bool:
    """Storable and small: what the database is given fits in its indexes and rows."""
    return all(
        len(each.source_key) < 1_000
        and len(each.signal_key) < 1_500
        and "\x00" not in json.dumps([each.title, each.text, each.service, each.source_key, each.signal_key])
        and len(each.title) <= 10_000
        and len(each.text) <= 10_000
        and len(each.observables) <= 500
        for each in found.signals
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_format_is_known_by_its_content_and_taken_for_no_other(name: str) -> None:
    assert reading(DOCUMENTS[name]).format == name
    others = [each.id for each in FORMATS.values() if each.id != name and each.recognises(DOCUMENTS[name])]
    assert others == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_anywhere_is_read_or_set_apart(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = DOCUMENTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(document)))
        document = changed(document, place, data.draw(VALUES), remove=data.draw(st.booleans()))
    for hint in (None, name):
        found = reading(document, hint=hint)
        assert found.verdict in ("accepted", "quarantined")
        assert found == reading(document, hint=hint)
        assert found.verdict == "accepted" or found.reasons[0]
        assert is_whole(found)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_cut_doubled_shuffled_and_wrongly_encoded_bytes(data: st.DataObject) -> None:
    raw = json.dumps(DOCUMENTS[data.draw(st.sampled_from(sorted(DOCUMENTS)))], ensure_ascii=False).encode()
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))]
    for body in (cut, raw + raw, raw + b",", raw[:-1] + b",}", raw.decode().encode("utf-16"), b"\xff" + raw):
        assert reading(body).verdict == "quarantined"
    assert reading(b"\xef\xbb\xbf" + raw).verdict == "accepted"


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("what", ["deep", "long", "wide", "braces"])
def test_bombs_are_bounded_in_time(name: str, what: str) -> None:
    bomb: dict[str, Any] = {
        "deep": "[" * 10_000 + "]" * 10_000,
        "long": json.dumps("x" * 10_000_000),
        "wide": "[" + ",".join(['{"a":1}'] * 300_000) + "]",
        "braces": json.dumps("<" * 100_000 + "'" * 100_000 + "=" * 100_000),
    }
    document = json.dumps(DOCUMENTS[name])
    before = time.process_time()
    for place in ("title", "body", "communication", "pattern", "info", "titel", "summary", "impactedServices"):
        body = document[:-1] + f', "bom": {bomb[what]}' + "}"
        body = body.replace(f'"{place}": "', f'"{place}": {bomb[what]}, "oud-{place}": "', 1)
        found = reading(body)
        assert found.verdict == ("quarantined" if what == "deep" else found.verdict)
        assert is_whole(found)
        if what != "braces":
            break
    assert time.process_time() - before < 20


@pytest.mark.shared
def test_real_files_of_every_kind_are_taken_for_nothing_else() -> None:
    for path in sorted((SHARED / "samples").rglob("*.json")):
        kind = path.parent.name if path.parent.parent.name == "signals" else None
        raw = json.loads(path.read_bytes())
        known = [each.id for each in FORMATS.values() if each.recognises(raw)]
        if kind in DOCUMENTS:
            assert known == [kind], path
        assert not set(known) & {"statuspage", "azure", "stix21", "misp", "csaf"} - {kind}, path
