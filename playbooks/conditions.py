"""Conditions of CACAO steps: comparisons over variables in the STIX pattern style, with typed values (10 > 3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.errors import InvalidError

LONGEST = 4000
LONGEST_PATTERN = 200
LONGEST_SUBJECT = 500
"""With at most two repetitions a pattern costs at most the cube of this."""
DEEPEST = 50


class ConditionError(InvalidError):
    """Deze voorwaarde kunnen wij niet lezen."""


TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>__[A-Za-z][\w-]*__(?::value)?|\w+)"
    r"|(?P<sign><=|>=|!=|==|=|<|>|\(|\)|,|\[|\]))"
)
Value = str | Decimal | bool | None
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)


@dataclass
class _Reader:
    """Recursive descent over the tokens of one condition, to a bounded depth."""

    tokens: list[tuple[str, str]]
    variables: Mapping[str, Any]
    place: int = 0
    depth: int = 0

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise ConditionError("De voorwaarde breekt af.")
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, sign: str) -> None:
        if self.take()[1] != sign:
            raise ConditionError(f"Hier hoort {sign} te staan.")

    def either(self) -> bool:
        found = self.both()
        while self.peek().upper() == "OR":
            self.take()
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.one()
        while self.peek().upper() == "AND":
            self.take()
            found = self.one() and found
        return found

    def one(self) -> bool:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ConditionError("De voorwaarde is te diep genest.")
        found = self.part()
        self.depth -= 1
        return found

    def part(self) -> bool:
        if self.peek().upper() == "NOT":
            self.take()
            return not self.one()
        if self.peek() in ("(", "["):
            closing = ")" if self.take()[1] == "(" else "]"
            found = self.either()
            self.expect(closing)
            return found
        return self.comparison()

    def comparison(self) -> bool:
        left = self.value()
        negated = self.peek().upper() == "NOT"
        if negated:
            self.take()
        sign = self.take()[1].upper()
        if sign == "IN":
            found = any(_equal(left, each) for each in self.group())
        elif sign in COMPARISONS:
            found = COMPARISONS[sign](left, self.value())
        else:
            raise ConditionError(f"Vergelijking {sign} kennen wij niet.")
        return found != negated

    def group(self) -> list[Value]:
        self.expect("(")
        found = [self.value()]
        while self.peek() == ",":
            self.take()
            found.append(self.value())
        self.expect(")")
        return found

    def value(self) -> Value:
        kind, text = self.take()
        if kind == "text":
            return _typed(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "number":
            return Decimal(text)
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if text.lower() == "null":
            return None
        if text.startswith("__"):
            return _typed(self.variables.get(text.removesuffix(":value")))
        raise ConditionError(f"{text} is geen waarde.")


def holds(condition: str, variables: Mapping[str, Any]) -> bool:
    """Whether a condition holds for these values. Raises ConditionError."""
    reader = _Reader(_tokens(condition), variables)
    found = reader.either()
    if reader.place != len(reader.tokens):
        raise ConditionError("Na de voorwaarde staat nog iets.")
    return found


def _tokens(condition: str) -> list[tuple[str, str]]:
    if len(condition) > LONGEST:
        raise ConditionError("De voorwaarde is te lang.")
    found, place = [], 0
    while condition[place:].strip():
        match = TOKEN.match(condition, place)
        if match is None or match.lastgroup is None:
            raise ConditionError(f"Teken op plaats {place + 1} kennen wij niet.")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def _typed(value: object) -> Value:
    """A number stays a number, also when it was stored as text; the empty text is not null, and 007 is a text."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value)
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return Decimal(text) if NUMBER.fullmatch(text) else text


def equal_texts(left: str, right: str) -> bool:
    """Whether two stored values are the same value: 1 and 1.0 are, 007 and 7 are not."""
    return left == right or _equal(_typed(left), _typed(right))


def _equal(left: Value, right: Value) -> bool:
    return type(left) is type(right) and left == right


def _ordered(check: Callable[[Any, Any], bool]) -> Callable[[Value, Value], bool]:
    """Numbers by size, texts by letter; anything else has no order and never holds."""

    def compare(left: Value, right: Value) -> bool:
        return type(left) is type(right) and isinstance(left, (Decimal, str)) and check(left, right)

    return compare


def _like(left: Value, right: Value) -> bool:
    """SQL's LIKE: % is any text, _ is one character. No pattern of somebody else becomes a regular expression."""
    if left is None:
        return False
    text, pattern = _shown(left), _shown(right)
    here = at = 0
    star, back = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] == "%":
            star, back = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("_", text[here]):
            here, at = here + 1, at + 1
        elif star >= 0:
            back += 1
            here, at = back, star + 1
        else:
            return False
    return not pattern[at:].strip("%")


def _matches(left: Value, right: Value) -> bool:
    pattern = _shown(right)
    heavy = len(re.findall(r"[+*{]", pattern)) > 2 or re.search(r"\)[+*?{]", pattern)  # noqa: PLR2004 - see LONGEST_SUBJECT
    if len(pattern) > LONGEST_PATTERN or heavy:
        raise ConditionError("Dit patroon is te zwaar.")
    try:
        readable = re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ConditionError("Dit patroon klopt niet.") from error
    return left is not None and readable.search(_shown(left)[:LONGEST_SUBJECT]) is not None


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": _equal,
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    ">": _ordered(lambda left, right: left > right),
    "<": _ordered(lambda left, right: left < right),
    ">=": _ordered(lambda left, right: left >= right),
    "<=": _ordered(lambda left, right: left <= right),
    "LIKE": _like,
    "MATCHES": _matches,
}
