"""Tags of MISP: machine tags `namespace:predicate="value"`, galaxies, and loose words."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from domain.tlp import Tlp, strictest
from signals.formats.fields import MARKS, marked_label, names, seen
from signals.formats.reading import text_of
from signals.formats.vocabulary import TLP
from signals.formats.vocabulary_sharing import MISP_CAMPAIGNS, MISP_KINDS
from signals.normal import State

MACHINE = re.compile(r'(?P<space>[^:="]{1,100}):(?P<predicate>[^="]{1,200})(?:="(?P<value>[^"]{0,300})")?')
GALAXY = "misp-galaxy"
PRODUCTS = frozenset({"product", "vendor", "software"})
"""Galaxies and predicates that name a product or who makes it."""


class Tags:
    """The tags of one event. A tag that is no text says nothing."""

    def __init__(self, given: Iterable[Mapping[str, Any]]) -> None:
        found = (text_of(each.get("name")) for each in given)
        self.names: tuple[str, ...] = tuple(dict.fromkeys(seen(each)[:500] for each in found if each))
        self._machine = [
            (tag["space"].strip().lower(), tag["predicate"].strip(), tag["value"])
            for each in self.names
            if (tag := MACHINE.fullmatch(each))
        ]

    @property
    def tlp(self) -> Tlp | None:
        """The strictest `tlp:` tag, None when there is none that we know."""
        found = [TLP[label.lower()] for _, label, _ in self._tagged("tlp") if label.lower() in TLP]
        return strictest(*found) if found else None

    @property
    def mark(self) -> State | None:
        """Exercise or test: the taxonomy `exercise`, or the word by itself."""
        spaces = {MARKS[space] for space, _, _ in self._machine if space in MARKS}
        if {predicate.lower() for _, predicate, _ in self._tagged("rsit")} & {"test"}:
            spaces.add(State.TEST)
        return next((state for state in (State.OEFENING, State.TEST) if state in spaces), marked_label(self.names))

    @property
    def rsit(self) -> str | None:
        """The type of RSIT: as it stands there, else as other taxonomies name it."""
        for _, predicate, value in self._tagged("rsit"):
            if value:
                return f"{predicate.lower()}/{value.lower()}"
        for _, predicate, value in self._machine:
            for word in (value, predicate):
                if (word or "").lower() in MISP_KINDS:
                    return MISP_KINDS[str(word).lower()]
        return None

    @property
    def campaign(self) -> str | None:
        """The wave or group that a galaxy names."""
        named = {predicate.lower(): value for _, predicate, value in reversed(self._tagged(GALAXY)) if value}
        return next((named[kind] for kind in MISP_CAMPAIGNS if kind in named), None)

    @property
    def products(self) -> tuple[str, ...]:
        """Products and makers that tags name."""
        return names(value for _, predicate, value in self._machine if predicate.lower() in PRODUCTS)

    def _tagged(self, wanted: str) -> list[tuple[str, str, str | None]]:
        return [each for each in self._machine if each[0] == wanted]
