"""Proving that nobody changed the log: a walk over facts in order, and over signed checkpoints. Pure; values in."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import rfc8785

from domain.chain.checkpoint import Leaf
from domain.chain.envelope import GENESIS, commitment, link
from domain.events.destruction import Vernietigd

DESTRUCTION = Vernietigd.model_fields["type"].default


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first thing that is wrong: in which stream, at which version, and what."""

    stream: str
    version: int
    what: str


@dataclass(frozen=True, kw_only=True)
class StoredFact:
    """A row of the log with the texts beside it: field -> (value, salt)."""

    stream_id: str
    version: int
    envelope: bytes
    previous: bytes
    hash: bytes
    sides: Mapping[str, tuple[str, bytes]]
    number: int | None


@dataclass
class StreamWalk:
    """Walks one stream from its first fact to its last. Keeps only what later facts need."""

    stream_id: str
    version: int = 0
    previous: bytes = GENESIS
    number: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    destroyed: int = 0

    def step(self, fact: StoredFact) -> Fault | None:
        """Look at the next fact."""
        if fact.version != self.version + 1:
            return self._fault(self.version + 1, "feit ontbreekt")
        if fact.previous != self.previous:
            return self._fault(fact.version, "volgt niet op het vorige feit")
        if link(fact.previous, fact.envelope) != fact.hash:
            return self._fault(fact.version, "inhoud past niet bij de keten")
        envelope = _read(fact)
        if envelope is None:
            return self._fault(fact.version, "inhoud hoort niet op deze plaats")
        wrong = self._sides(fact, envelope) or self._numbered(fact)
        if wrong:
            return self._fault(fact.version, wrong)
        self.version, self.previous = fact.version, fact.hash
        return None

    def end(self, head: tuple[int, bytes] | None) -> Fault | None:
        """After the last fact: the head must agree and every missing text must have been destroyed lawfully."""
        if head is not None and head[0] != self.version:
            return self._fault(self.version + 1, "feit ontbreekt aan het eind")
        if head is not None and self.version and head[1] != self.previous:
            return self._fault(self.version, "kop van de stroom past niet")
        if self.missing:
            key = min(self.missing, key=lambda name: self.missing[name])
            return self._fault(self.missing[key], "tekst ontbreekt zonder vernietiging")
        return None

    def _sides(self, fact: StoredFact, envelope: Mapping[str, Any]) -> str | None:
        promised: Mapping[str, str] = envelope.get("beside", {})
        if fact.sides.keys() - promised.keys():
            return "tekst zonder belofte in de keten"
        for name, promise in promised.items():
            if name not in fact.sides:
                self.missing[f"{fact.version}/{name}"] = fact.version
            elif commitment(*fact.sides[name]) != promise:
                return "tekst past niet bij de keten"
        if envelope["type_of"] == DESTRUCTION:
            for key in envelope["data"]["destroyed"]:
                self.destroyed += self.missing.pop(key, None) is not None
        return None

    def _numbered(self, fact: StoredFact) -> str | None:
        if fact.number is None:
            return None
        if fact.number <= self.number:
            return "nummer staat niet in volgorde"
        self.number = fact.number
        return None

    def _fault(self, version: int, what: str) -> Fault:
        return Fault(stream=self.stream_id, version=version, what=what)


def _read(fact: StoredFact) -> dict[str, Any] | None:
    """The envelope when it is canonical and stands where it says it stands."""
    try:
        envelope = orjson.loads(fact.envelope)
        same = rfc8785.dumps(envelope) == fact.envelope
        placed = (envelope["stream_id"], envelope["version"]) == (fact.stream_id, fact.version)
        envelope["type_of"] = envelope["data"]["type"]
    except (ValueError, KeyError, TypeError):
        return None
    return envelope if same and placed else None


def compare_leaves(
    leaves: Collection[Leaf], stored: Mapping[int, tuple[str, int, str]], present: Mapping[tuple[str, int], str]
) -> Fault | None:
    """Facts that a signed checkpoint covers against what stands there now.

    `stored`: number -> (stream, version, hash); `present`: (stream, version) -> hash, also without a number.
    """
    for leaf in sorted(leaves, key=lambda each: (each.stream_id, each.version)):
        now = present.get((leaf.stream_id, leaf.version))
        if now is None:
            return Fault(stream=leaf.stream_id, version=leaf.version, what="feit is verwijderd")
        if now != leaf.hash:
            return Fault(stream=leaf.stream_id, version=leaf.version, what="feit is gewijzigd")
    for leaf in leaves:
        if stored.get(leaf.number) != (leaf.stream_id, leaf.version, leaf.hash):
            return Fault(stream=leaf.stream_id, version=leaf.version, what="nummer is gewijzigd")
    return None


def gaps(numbers: Iterable[int]) -> Iterator[int]:
    """Numbers that are missing in a sequence that should run 1, 2, 3, …"""
    expected = 1
    for number in numbers:
        yield from range(expected, number)
        expected = number + 1
