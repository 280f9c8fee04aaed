"""The two ways of reading JSON are one way to whoever asks, and the same content always has the same fingerprint."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.formats.reading import DEEPEST, UnreadableError, fingerprint, read_json, text_of

BOM = b"\xef\xbb\xbf"
"""The quick reader refuses it: what begins so is read carefully."""
NUMBERS = "-0 -0.0 1E5 1e999 -1e999 1.5e300 01 9223372036854775807 9223372036854775808 18446744073709551615 1e-400"
MORE = "-9223372036854775808 123456789012345678901234567890 100000000000000000000.5 NaN Infinity [1,] {} [] null tru"
BODIES = (
    *NUMBERS.split(),
    *MORE.split(),
    '"a\tb"',
    '"\x7f"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\ude00 \\u00e9"',
    '"\\\\u0000"',
    '{"\\u0000a": ["\\udc00"]}',
    '{"a": 1, "a": 2}',
    '{"a": 1} {"b": 2}',
    "",
    " \r\n[1]\t",
    "[" * DEEPEST + "]" * DEEPEST,
    "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "[" * 5000,
    '"' + "[" * 100 + '"',
)


def outcome(body: bytes) -> tuple[str, str]:
    """The value with its kind, or the reason."""
    try:
        return ("value", repr(read_json(body)))
    except UnreadableError as error:
        return ("reason", str(error))


@pytest.mark.parametrize("text", BODIES)
def test_both_ways_read_the_same(text: str) -> None:
    assert outcome(text.encode()) == outcome(BOM + text.encode())


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0d8eE+-.19 \n', max_size=60).map(str.encode))
def test_both_ways_read_the_same_of_anything(body: bytes) -> None:
    if not body.startswith(BOM):
        assert outcome(body) == outcome(BOM + body)


@given(st.text() | st.integers() | st.floats() | st.none() | st.booleans())
def test_a_text_is_storable_and_tidy(value: Any) -> None:
    text = text_of(value)
    assert text is None or (text and text == text.strip() and "\x00" not in text and text.encode())


def test_a_fingerprint_is_of_content_not_of_order() -> None:
    assert fingerprint({"a": 1, "b": [2]}, "c") == fingerprint({"b": [2], "a": 1}, "c")
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert fingerprint("\ud800", 2**70) == fingerprint("\ud800", 2**70) != fingerprint("\ud800", 2**71)
