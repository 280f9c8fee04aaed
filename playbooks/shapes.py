"""Small rules for JSON values: text, number, list, object. A rule names every place where a value breaks it.

They read like JSON Schema, Draft 7: a property that no rule names is allowed, and 3.0 is a whole number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

DEEPEST = 60
"""Deeper than this no playbook is nested; what is deeper breaks its rule."""


class Rule(Protocol):
    """Says where in a value it is broken; the empty path is the value itself."""

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """Paths that break the rule."""
        ...


@dataclass(frozen=True)
class Text:
    """A text: one of these, or with this pattern somewhere in it."""

    among: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    or_null: bool = False

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """The empty path when it is not such a text."""
        del depth
        if value is None and self.or_null:
            return
        fits = isinstance(value, str) and (not self.among or value in self.among)
        if not fits or (self.pattern is not None and self.pattern.search(str(value)) is None):
            yield ""


@dataclass(frozen=True)
class Number:
    """A number within bounds, whole unless said otherwise."""

    least: int | None = None
    most: int | None = None
    whole: bool = True

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """The empty path when it is not such a number."""
        del depth
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not isinstance(value, (int, float)) or not self._fits(value):
            yield ""

    def _fits(self, value: float) -> bool:
        whole = isinstance(value, int) or value.is_integer()
        above = self.least is None or value >= self.least
        return (whole or not self.whole) and above and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Truth:
    """True or false."""

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """The empty path when it is neither."""
        del depth
        if not isinstance(value, bool):
            yield ""


@dataclass(frozen=True)
class Never:
    """What can never be right: two rules of the specification that exclude each other."""

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """Always the empty path."""
        del value, depth
        yield ""


@dataclass(frozen=True)
class Items:
    """A list with at least so many items that all keep a rule."""

    rule: Rule
    least: int = 0

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """Places in the list that break the rule."""
        if not isinstance(value, list) or len(value) < self.least or depth > DEEPEST:
            yield ""
            return
        for place, each in enumerate(value):
            yield from (f"[{place}]{path}" for path in self.rule.broken(each, depth + 1))


@dataclass(frozen=True)
class Entries:
    """An object whose names with a pattern all keep the rule of that pattern; other names are free."""

    rules: Sequence[tuple[re.Pattern[str], Rule]] = ()
    least: int = 0

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """Names whose value breaks the rule of their pattern."""
        if not isinstance(value, dict) or len(value) < self.least or depth > DEEPEST:
            yield ""
            return
        for name, each in value.items():
            for pattern, rule in self.rules:
                if pattern.search(name):
                    yield from (f".{name}{path}" for path in rule.broken(each, depth + 1))


@dataclass(frozen=True)
class Fields:
    """An object with known names, of which some are required and some forbidden."""

    rules: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    inner: dict[str, Rule] = field(default_factory=dict, compare=False)
    """Rules that can only be given later, because they speak of this very rule."""

    def broken(self, value: object, depth: int = 0) -> Iterator[str]:
        """Names that are missing, forbidden, or break their rule."""
        if not isinstance(value, dict) or depth > DEEPEST:
            yield ""
            return
        yield from (f".{name}" for name in self.required if name not in value)
        yield from (f".{name}" for name in self.forbidden if name in value)
        if self.exactly_one_of and sum(name in value for name in self.exactly_one_of) != 1:
            yield f".{self.exactly_one_of[0]}"
        yield from self._inside(value, depth)

    def _inside(self, value: Mapping[str, Any], depth: int) -> Iterator[str]:
        for name, each in value.items():
            rule = self.rules.get(name) or self.inner.get(name)
            if rule is not None:
                yield from (f".{name}{path}" for path in rule.broken(each, depth + 1))
