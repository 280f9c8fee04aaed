"""Proving that nobody changed the log: a walk over facts in order, and over signed checkpoints. Pure; values in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    event_id: str
    type: str
    recorded_at: datetime
    sealed: bool = True
    """Of a destruction: whether its signature fits; True when there is no key to check it with."""


@dataclass
class StreamWalk:
    """Walks one stream from its first fact to its last. Keeps only what later facts need."""

    stream_id: str
    version: int = 0
    previous: bytes = GENESIS
    number: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    unsigned: int | None = None
    destroyed: int = 0

    def step(self, fact: StoredFact) -> Fault | None:
        """Look at the next fact."""
        if fact.version <= self.version:
            return self._fault(fact.version, "feit hoort hier niet")
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
        back = self._destroyed(fact, envelope)
        if back is not None:
            return self._fault(back, "vernietigde tekst staat er weer")
        self.version, self.previous = fact.version, fact.hash
        return None

    def end(self, head: tuple[int, bytes] | None) -> Fault | None:
        """After the last fact: every missing text must have been destroyed lawfully, and the head must agree."""
        if self.missing:
            return self._fault(min(self.missing.values()), "tekst ontbreekt zonder vernietiging")
        if self.unsigned is not None:
            return self._fault(self.unsigned, "vernietiging is niet ondertekend")
        if head is None:
            return self._fault(self.version, "kop van de stroom ontbreekt")
        if head[0] > self.version:
            return self._fault(self.version + 1, "feit ontbreekt aan het eind")
        if head != (self.version, self.previous):
            return self._fault(self.version, "kop van de stroom past niet")
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
        return None

    def _destroyed(self, fact: StoredFact, envelope: Mapping[str, Any]) -> int | None:
        """Let go of the texts that this fact says were destroyed; the version of one that is not gone."""
        if fact.type != DESTRUCTION:
            return None
        if not fact.sealed:
            self.unsigned = self.unsigned or fact.version
            return None
        for key in envelope["data"]["destroyed"]:
            if self.missing.pop(key, None) is None:
                return int(key.partition("/")[0])
            self.destroyed += 1
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
    """The envelope when it is canonical, stands where it says it stands, and the columns beside it say the same."""
    try:
        envelope: dict[str, Any] = orjson.loads(fact.envelope)
        said = (
            envelope["stream_id"],
            envelope["version"],
            envelope["event_id"],
            envelope["data"]["type"],
            datetime.fromisoformat(envelope["recorded_at"]),
        )
        same = rfc8785.dumps(envelope) == fact.envelope
    except (ValueError, KeyError, TypeError):
        return None
    stands = (fact.stream_id, fact.version, fact.event_id, fact.type, fact.recorded_at)
    return envelope if same and said == stands else None


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
