"""A source's own CSV or JSON: the mapping, the preview, value tables, and what happens without a mapping."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.mapped import pointed, preview
from signals.formats.mapping import SourceMapping
from signals.formats.reading import Received, UnreadableError
from signals.normal import Certainty, State
from tests.unit.signals.asking import NOON, reading, signal

TABLE = SourceMapping(
    kind="csv",
    delimiter=";",
    fields={
        "id": ("Nr",),
        "tijdstip": ("Wanneer",),
        "dienst": ("Dienst",),
        "ernst": ("Prio",),
        "titel": ("Kop", "Sub"),
        "kenmerken": ("Adres", "Domein"),
        "toestand": ("Status",),
        "type": ("Soort",),
    },
    values={"ernst": {"1": "ernstig-verstoord", "2": "verstoord"}, "toestand": {"Gesloten": "opgelost"}},
    constants={"leverancier": "Centric", "tlp": "green", "zekerheid": "bevestigd"},
)
HEADER = "Nr;Wanneer;Dienst;Prio;Kop;Sub;Adres;Domein;Status;Soort;Extra"
ROW = "7;2026-11-24 10:00;zaken;1;Traag;Zaaksysteem;192.0.2.1;Exämple.NL;gesloten;outage;los"
EVENTS = SourceMapping(
    kind="json",
    rows="/data/items",
    fields={"id": ("/key",), "titel": ("/bron/na~1am",), "kenmerken": ("/ips/0", "/ips/1"), "gemeente": ("/gm",)},
)


def received(body: bytes) -> Received:
    return Received(
        body=body, media_type="", headers={}, received_at=NOON, organisation="gemeente:GM0344", source_id="bron"
    )


def test_a_row_through_its_mapping() -> None:
    found = signal(f"{HEADER}\n{ROW}\n", mapping=TABLE)
    assert (found.format, found.signal_key, found.service, found.supplier) == ("csv", "bron|7", "zaken", "Centric")
    assert (found.severity, found.state, found.tlp) == (Severity.ERNSTIG, State.OPGELOST, Tlp.GREEN)
    assert (found.title, found.rsit, found.certainty) == (
        "Traag Zaaksysteem",
        "availability/outage",
        Certainty.BEVESTIGD,
    )
    assert found.observables == ("192.0.2.1", "xn--exmple-cua.nl")
    assert (found.observed_at.hour, found.observed_original) == (10, "2026-11-24 10:00")
    assert found.unknown == {"Extra": "los"}


def test_json_by_pointers() -> None:
    rows = [{"key": 5, "bron": {"na/am": "Storing"}, "ips": ["192.0.2.1", None], "gm": "GM0363"}, "x", {"key": 6}]
    found = reading({"data": {"items": rows}}, mapping=EVENTS)
    assert [(each.signal_key, each.title, each.municipality) for each in found.signals] == [
        ("bron|5", "Storing", "GM0363")
    ]
    assert [each.row for each in found.refused_rows] == [2, 3]
    assert "geen rijen" in reading({"data": []}, mapping=EVENTS).reasons[0]


@pytest.mark.parametrize("pointer", ["", "/a/0/b", "/a/9", "/a/x", "/a/-1", "/a/0/b/c", "/~0/~1"])
def test_pointers_lead_somewhere_or_nowhere(pointer: str) -> None:
    document = {"a": [{"b": 1}], "~": {"/": 2}}
    expected = {"": document, "/a/0/b": 1, "/~0/~1": 2}
    assert pointed(document, pointer) == expected.get(pointer)


def test_bad_rows_are_refused_one_by_one() -> None:
    found = reading(f"{HEADER}\n{ROW}\n1;2\n{';' * 10}\n\n{ROW}\n", mapping=TABLE)
    assert [each.raw_pointer for each in found.signals] == [1, 4]
    assert [each.row for each in found.refused_rows] == [2, 3]


def test_a_municipality_that_is_no_code_is_refused() -> None:
    rows = {"data": {"items": [{"bron": {"na/am": "x"}, "gm": "Utrecht"}]}}
    assert "GM0344" in reading(rows, mapping=EVENTS).reasons[0]


def test_without_identity_the_content_is_it_and_the_moment_tells_signals_apart() -> None:
    mapping = SourceMapping(kind="csv", fields={"tekst": ("a",), "tijdstip": ("t",)})
    one, two, other = reading("t,a\n2026-11-24,x\n2026-11-23,x\n2026-11-24,y\n", mapping=mapping).signals
    assert one.source_key == two.source_key != other.source_key
    assert one.content_hash == two.content_hash
    assert one.signal_key != two.signal_key


def test_a_file_without_header_and_in_another_encoding() -> None:
    mapping = SourceMapping(
        kind="csv", has_header=False, columns=("wat", "waar"), encoding="iso-8859-1", fields={"tekst": ("wat",)}
    )
    assert signal("café,hier\n".encode("iso-8859-1"), mapping=mapping).text == "café"


@pytest.mark.parametrize(
    ("body", "reason"),
    [("Nr;Wanneer\n1;2\n", "deze kolommen"), (b"\xff;\n", "andere codering"), ("", "deze kolommen")],
)
def test_a_file_that_does_not_fit_its_mapping(body: object, reason: str) -> None:
    assert reason in reading(body, mapping=TABLE, hint="csv").reasons[0]


def test_without_a_mapping_the_reason_names_the_columns() -> None:
    for hint in (None, "csv"):
        found = reading("Naam;Adres\nx;y\n", hint=hint)
        assert (found.verdict, found.format) == ("quarantined", hint)
        assert found.reasons == ("maak eerst een koppeling voor deze bron; gevonden kolommen: Naam, Adres",)
    assert "maak eerst een koppeling" in reading({"naam": 1}, hint="json").reasons[0]
    assert "gevonden kolommen: naam" in reading([{"naam": 1}], hint="json").reasons[0]


def test_a_mapping_does_not_catch_another_kind_of_file() -> None:
    assert reading({"dienst": "zaken"}, mapping=TABLE).format == "driehoek"
    assert reading("<a/>", mapping=TABLE).format is None


def test_the_preview_shows_columns_and_the_first_rows() -> None:
    body = "\n".join([HEADER, "1;2", *[ROW] * 9]).encode()
    shown = preview(TABLE, body, received(body))
    assert shown.columns == tuple(HEADER.split(";"))
    assert (len(shown.reading.signals), len(shown.reading.refused_rows)) == (4, 1)
    assert preview(TABLE, HEADER.encode(), received(b"")).reading.verdict == "quarantined"
    with pytest.raises(UnreadableError):
        preview(TABLE, b"a;b", received(b""))


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {"id": ["Nr"]}, "constants": {}},
        {"has_header": False},
        {"columns": ["Nr"]},
        {"delimiter": "::"},
        {"encoding": "utf-7"},
        {"fields": {"tekst": []}},
        {"kind": "json"},
        {"onbekend": 1},
    ],
)
def test_a_mapping_that_can_not_work_is_refused_before_it_is_stored(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SourceMapping.model_validate({**TABLE.model_dump(mode="json"), **changes})


def test_a_mapping_is_stored_as_data() -> None:
    assert SourceMapping.model_validate(json.loads(TABLE.model_dump_json())) == TABLE
