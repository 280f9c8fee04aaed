"""The XML reader: what it shuts out, what it bounds, which encodings it reads."""

import pytest

from signals.formats.reading import UnreadableError
from signals.formats.xml import DEEPEST, MOST_ELEMENTS, looks_like_xml, read_xml, root_of

BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]><alert>&b;</alert>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>"""


@pytest.mark.parametrize(
    "body", [BOMB, OUTSIDE, b"<!DOCTYPE a><a/>", b'<!DOCTYPE a SYSTEM "http://x.example/a.dtd"><a/>']
)
def test_a_document_type_ends_the_reading(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="DOCTYPE"):
        read_xml(body)
    with pytest.raises(UnreadableError, match="DOCTYPE"):
        root_of(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<a>" * (DEEPEST + 1), "diep"),
        (b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>", "te veel"),
        (b"<a " + b" ".join(b'x%d="1"' % n for n in range(1001)) + b"/>", "te veel"),
        (b"<a>", "geen geldige XML"),
        (b"<a/><b/>", "geen geldige XML"),
        (b"<a>\x00</a>", "geen geldige XML"),
        (b"<x:a/>", "geen geldige XML"),
        (b"<a>&naam;</a>", "geen geldige XML"),
        (b"", "geen geldige XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "codering"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', "codering"),
    ],
)
def test_what_is_too_much_or_no_xml_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_xml(body)


@pytest.mark.parametrize(
    "body",
    [
        "<a>één ü 日本 🔥</a>".encode(),
        b"\xef\xbb\xbf" + "<a>één ü 日本 🔥</a>".encode(),
        b" \n<?xml version='1.0'?>" + "<a>één ü 日本 🔥</a>".encode(),
        "<?xml version='1.0' encoding='utf-16'?><a>één ü 日本 🔥</a>".encode("utf-16"),
    ],
)
def test_every_usual_encoding_of_unicode(body: bytes) -> None:
    assert looks_like_xml(body)
    assert read_xml(body).text == "één ü 日本 🔥"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "iso-8859-15"])
def test_eight_bit_encodings_that_the_document_names(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><a>één</a>'.encode(encoding)
    assert read_xml(body).text == "één"


def test_namespaces_count_and_foreign_elements_are_left_out() -> None:
    root = read_xml(b'<p:a xmlns:p="urn:x" xmlns:d="urn:d"><p:b>1</p:b><d:b>2</d:b><b>3</b><p:b>4</p:b></p:a>')
    assert (root.name, root.space, [each.text for each in root.all("b")]) == ("a", "urn:x", ["1", "4"])
    assert root.plain() == {"b": ["1", "4"]}
    assert root_of(b'<p:a xmlns:p="urn:x"><broken') == ("a", "urn:x")


def test_one_line_of_ten_megabytes_is_one_text() -> None:
    assert len(read_xml(b"<a>" + b"x" * 10_000_000 + b"</a>").text) == 10_000_000
