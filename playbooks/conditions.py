"""Conditions of CACAO steps: comparisons over variables in the STIX pattern style, with typed values (10 > 3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import InvalidError

LONGEST = 4000
LONGEST_PATTERN = 200


class ConditionError(InvalidError):
    """Deze voorwaarde kunnen wij niet lezen."""


TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>__[A-Za-z][\w-]*__(?::value)?|\w+)"
    r"|(?P<sign><=|>=|!=|==|=|<|>|\(|\)|,|\[|\]))"
)
Value = str | float | bool | None


@dataclass
class _Reader:
    """Recursive descent over the tokens of one condition; the depth is bounded by the length."""

    tokens: list[tuple[str, str]]
    variables: Mapping[str, Any]
    place: int = 0

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
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return float(text)
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
    """A number stays a number, also when it was stored as text; the empty text is not null."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right or (isinstance(left, bool) and isinstance(right, bool) and left == right)
    if isinstance(left, float) != isinstance(right, float):
        return str(left) == str(right)
    return left == right


def _ordered(check: Callable[[Any, Any], bool]) -> Callable[[Value, Value], bool]:
    def compare(left: Value, right: Value) -> bool:
        numbers = isinstance(left, float) and isinstance(right, float)
        texts = isinstance(left, str) and isinstance(right, str)
        return (numbers or texts) and not isinstance(left, bool) and check(left, right)

    return compare


def _like(left: Value, right: Value) -> bool:
    """SQL's LIKE: % is any text, _ is one character."""
    pattern = "".join(".*" if each == "%" else "." if each == "_" else re.escape(each) for each in str(right))
    return left is not None and re.fullmatch(pattern, str(left), re.DOTALL) is not None


def _matches(left: Value, right: Value) -> bool:
    if len(str(right)) > LONGEST_PATTERN or re.search(r"[+*}]\)?[+*{]", str(right)):
        raise ConditionError("Dit patroon is te zwaar.")
    try:
        return left is not None and re.search(str(right), str(left)[:LONGEST]) is not None
    except re.error as error:
        raise ConditionError("Dit patroon klopt niet.") from error


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
