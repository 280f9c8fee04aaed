"""The whole table: no file of one format is taken for another, junk is never accepted, nothing raises or grows."""

import json
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.signals.asking import reading
from tests.unit.signals.formats.test_cap import INFO, alert
from tests.unit.signals.formats.test_formats import EVENT as CLOUD_EVENT
from tests.unit.signals.formats.test_formats import GROUP, OURS
from tests.unit.signals.formats.test_intelmq import EVENT, lines
from tests.unit.signals.formats.test_iodef import FLOW, document, incident
from tests.unit.signals.formats.test_mail import attach, mail
from tests.unit.signals.formats.test_mapped import EVENTS, HEADER, TABLE
from tests.unit.signals.formats.test_mapped import ROW as MAPPED_ROW
from tests.unit.signals.formats.test_shadowserver import NEW, ROW, report
from tests.unit.signals.formats.test_xarf import REPORT

GOOD: dict[str, bytes] = {
    "driehoek": json.dumps(OURS).encode(),
    "cloudevents": json.dumps(CLOUD_EVENT).encode(),
    "alertmanager": json.dumps(GROUP).encode(),
    "cap": alert(INFO, msgType="Update", references="a,b,c").encode(),
    "iodef": document(incident(FLOW)).encode(),
    "xarf": json.dumps({**REPORT, "tags": ["tlp:red"], "url": "http://x.example/a"}).encode(),
    "intelmq": lines(EVENT, EVENT).encode(),
    "shadowserver": report(NEW, ROW, ROW).encode(),
    "email": bytes(attach(mail(), alert(INFO).encode(), "a.xml", "application/xml")),
}
HINTS = (*GOOD, "csv", "json")
JUNK: tuple[bytes, ...] = (
    b"",
    b" ",
    b"\x00" * 1000,
    bytes(range(256)) * 40,
    b"Beste collega,\n\nhet doet het niet.\n",
    b"<html><body>Storing</body></html>",
    b"<?xml version='1.0'?><rss><channel/></rss>",
    b"<alert><identifier>1</identifier></alert>",
    b"a,b,c\n1,2,3\n",
    b"%PDF-1.7\n",
    b"PK\x03\x04" + b"\0" * 500,
    b"\x1f\x8b\x08" + b"\0" * 500,
    b"{}",
    b"[]",
    b"[[]]",
    b'{"a": 1}',
    b"12",
    b'"tekst"',
    b"key: value\nother: value\n",
    b"---\n- a: 1\n",
    b"2026-11-24T10:00:00Z host app[1]: message\n",
)


@pytest.mark.parametrize("name", GOOD)
def test_each_is_recognised_by_its_content(name: str) -> None:
    found = reading(GOOD[name], media_type="application/octet-stream")
    assert (found.verdict, found.format, bool(found.signals)) == ("accepted", name, True)


@pytest.mark.parametrize(("name", "hint"), [pair for pair in product(GOOD, HINTS) if pair[0] != pair[1]])
def test_none_is_read_as_another(name: str, hint: str) -> None:
    found = reading(GOOD[name], hint=hint)
    assert (found.verdict, found.format, bool(found.reasons)) == ("quarantined", hint, True)


@pytest.mark.parametrize("body", JUNK, ids=lambda body: repr(body[:20]))
def test_junk_is_never_accepted(body: bytes) -> None:
    found = reading(body)
    assert (found.verdict, found.format) == ("quarantined", None)
    for hint in HINTS:
        assert reading(body, hint=hint).signals == ()


def mutations(body: bytes) -> st.SearchStrategy[bytes]:
    """Cut, doubled, shuffled, with bytes put in or changed: what networks and people do to files."""
    places = st.integers(0, len(body))
    bits = st.sampled_from(
        [b"\x00", b"\xff", b"<", b'"', b"\n", b",", b"\xed\xa0\x80", "\u202e".encode(), b"9" * 400, b"[" * 50]
    )
    return st.one_of(
        places.map(lambda at: body[:at]),
        places.map(lambda at: body[at:] + body[:at]),
        st.just(body * 2),
        st.tuples(places, bits).map(lambda given: body[: given[0]] + given[1] + body[given[0] :]),
        st.tuples(places, places, bits).map(lambda given: body[: given[0]] + given[2] + body[given[1] :]),
    )


@pytest.mark.parametrize("name", GOOD)
@settings(deadline=None)  # a busy machine is no fault of the reader
@given(data=st.data())
def test_damaged_files_are_read_or_set_apart_and_always_the_same_way(name: str, data: st.DataObject) -> None:
    body = data.draw(mutations(GOOD[name]))
    hint = data.draw(st.sampled_from([None, name]))
    found = reading(body, hint=hint)
    assert found == reading(body, hint=hint)
    assert found.verdict == "accepted" or found.reasons[0]
    storable(found.signals)


@settings(deadline=None)  # a busy machine is no fault of the reader
@given(data=st.data())
def test_damaged_files_behind_a_mapping(data: st.DataObject) -> None:
    body = data.draw(
        mutations(f"{HEADER}\n{MAPPED_ROW}\n{MAPPED_ROW}\n".encode()) | mutations(b'{"data": {"items": [{"gm": "x"}]}}')
    )
    for mapping in (TABLE, EVENTS):
        found = reading(body, mapping=mapping, hint=data.draw(st.sampled_from([None, mapping.kind])))
        assert found.verdict in ("accepted", "quarantined")
        storable(found.signals)


def storable(signals: object) -> None:
    """What no database takes: NUL, and halves of characters."""
    text = repr(signals)
    assert "\\x00" not in text
    assert "\\ud" not in text


def huge(start: bytes, middle: bytes, end: bytes = b"") -> Callable[[], bytes]:
    return lambda: start + middle * (10_000_000 // len(middle)) + end


@pytest.mark.parametrize(
    "make",
    [
        huge(b"", b"x"),
        huge(b'{"classification.type": "ddos", "x": "', b"x", b'"}'),
        huge(b"", b"["),
        huge(b"", b'{"a":'),
        huge(b"<a>", b"<b>"),
        huge(b"<a ", b'b="c" '),
        huge(b"", b"From: a\n"),
        huge(b"From: a\nDate: b\nSubject: c\nContent-Type: multipart/mixed; boundary=x\n\n", b"--x\n\n"),
        huge(NEW.encode() + b"\n", b'"'),
        huge(NEW.encode() + b"\n", b","),
        huge(b"", b","),
        huge(b"", b"a: b\n"),
        huge(b"timestamp", b",ip"),
    ],
)
def test_ten_megabytes_of_anything_are_read_or_set_apart(make: Callable[[], bytes]) -> None:
    assert reading(make()).verdict in ("accepted", "quarantined")
