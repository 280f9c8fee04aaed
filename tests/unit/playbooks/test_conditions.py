"""Conditions compare values by what they are: 10 is more than 3, the empty text is not null, 007 is a text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.conditions import ConditionError, holds

VALUES = {"__n__": "10", "__t__": "ja", "__e__": "", "__u__": None, "__b__": "true", "__z__": "007"}


@pytest.mark.parametrize(
    "condition",
    [
        "__n__:value > 3",
        "__n__:value > '3'",
        "__n__:value = '10'",
        "__n__:value >= 10.0",
        "__n__:value != 3",
        "__t__:value = 'ja'",
        "__t__:value != 'nee'",
        "__e__:value = ''",
        "__e__:value != null",
        "__u__:value = null",
        "__u__:value != ''",
        "__u__:value != 'nee'",
        "__b__:value = true",
        "__z__:value != 7",
        "__z__:value = '007'",
        "__t__:value IN ('nee', 'ja')",
        "__t__:value NOT IN ('nee', 1)",
        "__t__:value LIKE 'j%'",
        "__t__:value LIKE '_a'",
        "__t__:value NOT LIKE 'n%'",
        "__t__:value MATCHES '^j[a-z]$'",
        "NOT __t__:value = 'nee' AND (__n__:value < 3 OR __n__:value > 9)",
        "[__t__:value = 'ja']",
        "__t__:value < 'jb'",
        "9007199254740993 > 9007199254740992",
    ],
)
def test_what_holds(condition: str) -> None:
    assert holds(condition, VALUES)


@pytest.mark.parametrize(
    "condition",
    [
        "__n__:value < 3",
        "__u__:value > 3",
        "__t__:value > 3",
        "__e__:value = null",
        "__b__:value > false",
        "__u__ LIKE '%'",
    ],
)
def test_what_does_not_hold(condition: str) -> None:
    assert not holds(condition, VALUES)


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "__n__",
        "__n__ ~ 3",
        "__n__ = 3 3",
        "__n__ = ",
        "(__n__ = 3",
        "woord = 3",
        "__n__ IN 3",
        "__t__ MATCHES '(a+)+b'",
        "__t__ MATCHES 'a*a*a*a*b'",
        "__t__ MATCHES '['",
        "(" * 3000,
        "1 = 1 " * 1000,
        "__n__ 'x' 3",
    ],
)
def test_what_cannot_be_read_says_so(condition: str) -> None:
    with pytest.raises(ConditionError):
        holds(condition, VALUES)


def test_a_pattern_of_many_parts_costs_little() -> None:
    assert not holds(f"__x__ LIKE '{'%a' * 100}b'", {"__x__": "a" * 4000})


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_refused_in_words(condition: str) -> None:
    with suppress(ConditionError):
        assert holds(condition, VALUES) in (True, False)
