"""Objects of STIX 2.1 that tell of something, and what the rest of their bundle says about them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.severity import Severity
from domain.tlp import Tlp, strictest
from signals.formats.fields import (
    LONGEST_TITLE,
    kept,
    list_in,
    marked_label,
    marked_title,
    name_in,
    observables,
    text_in,
)
from signals.formats.fields import identity_of as identity
from signals.formats.reading import Received, UnreadableError, fingerprint, moment_of, text_of
from signals.formats.vocabulary import SEVERITY, TLP
from signals.formats.vocabulary_sharing import (
    CAMPAIGNS,
    CONFIDENCE_FROM,
    STIX_HARMLESS,
    STIX_INDICATOR_TYPES,
    STIX_OBSERVABLES,
    STIX_TLP,
    STIX_TLP_EXTENSION,
)
from signals.normal import Certainty, NormalSignal, State

FORMAT = "stix21"
LONGEST_PATTERN = 100_000
TOKEN = re.compile(
    r"(?P<path>[a-z0-9-]{1,60}:[\w.-]{1,200}(?:'[\w-]{1,20}')?)|(?P<not>!=|\bNOT\b)"
    r"|'(?P<value>(?:[^'\\]|\\.)*+)(?P<end>'|\\?\Z)",
    re.DOTALL,
)
"""A comparison in a pattern: a path, an operator that turns it round, a text. A text without an end is read once."""
READ = frozenset(
    {
        *("type", "id", "spec_version", "created", "modified", "name", "description", "pattern", "labels", "revoked"),
        *("object_marking_refs", "granular_markings", "indicator_types", "valid_until", "first_seen", "last_seen"),
    }
)


class Bundle:
    """The objects that came together, and the questions that one of them asks about another."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self.by_id: dict[str, Mapping[str, Any]] = {str(each["id"]): each for each in objects}
        self.markings = {**_markings(objects), **STIX_TLP}
        self.observed = {
            str(ref) for each in objects if each["type"] == "sighting" for ref in _refs(each, "observed_data_refs")
        }
        self._campaigns = dict(self._related(objects))

    def tlp(self, *objects: Mapping[str, Any]) -> Tlp:
        """The strictest label on these objects; without any: AMBER, so that nothing is shared by accident."""
        found = [self.markings[ref] for each in objects for ref in _marked_by(each) if ref in self.markings]
        return strictest(*found) if found else Tlp.AMBER

    def campaign(self, *ids: str) -> str | None:
        """The campaign that a relation names for one of these."""
        return next((self._campaigns[each] for each in ids if each in self._campaigns), None)

    def observables_of(self, each: Mapping[str, Any]) -> Iterator[str]:
        """What can be compared in an object: its pattern, its value, its hashes, or what it refers to or holds."""
        if each.get("type") == "indicator":
            yield from pattern_values(text_of(each.get("pattern")) or "")
        elif each.get("type") in STIX_OBSERVABLES:
            yield text_of(each.get("value")) or ""
        elif each.get("type") == "file":
            hashes = each.get("hashes")
            yield from (text_of(value) or "" for value in (hashes if isinstance(hashes, dict) else {}).values())
        elif each.get("type") == "observed-data":
            held = each.get("objects")
            parts = list(held.values()) if isinstance(held, dict) else []
            parts += [self.by_id[ref] for ref in _refs(each, "object_refs") if ref in self.by_id]
            for part in parts:
                if isinstance(part, dict) and part.get("type") != "observed-data":
                    yield from self.observables_of(part)

    def _related(self, objects: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
        for each in objects:
            ends = (text_of(each.get("source_ref")) or "", text_of(each.get("target_ref")) or "")
            for own, other in (ends, ends[::-1]):
                found = self.by_id.get(other, {})
                if each["type"] == "relationship" and found.get("type") in CAMPAIGNS and text_of(found.get("name")):
                    yield own, str(found["name"])[:200]


def _markings(objects: Iterable[Mapping[str, Any]]) -> dict[str, Tlp]:
    """Marking definitions of TLP that stand in the bundle, whatever their id."""
    found = {}
    for each in objects:
        if each["type"] == "marking-definition":
            definition, extensions = each.get("definition"), each.get("extensions")
            inside = extensions.get(STIX_TLP_EXTENSION) if isinstance(extensions, dict) else None
            for holder, name in ((definition, "tlp"), (inside, "tlp_2_0"), (each, "name")):
                written = text_of(holder.get(name)) if isinstance(holder, dict) else None
                label = TLP.get((written or "").lower().removeprefix("tlp:"))
                if label:
                    found[str(each["id"])] = label
                    break
    return found


def _refs(each: Mapping[str, Any], name: str) -> list[str]:
    given = each.get(name)
    return [ref for ref in given if isinstance(ref, str)] if isinstance(given, list) else []


def _marked_by(each: Mapping[str, Any]) -> list[str]:
    """Markings of the whole object and of parts of it: what may not be shared in part is not shared."""
    parts = each.get("granular_markings")
    refs = [part.get("marking_ref") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return [*_refs(each, "object_marking_refs"), *(ref for ref in refs if isinstance(ref, str))]


def pattern_values(pattern: str) -> Iterator[str]:
    """Domains, addresses, urls and hashes that a pattern looks for; not those that it looks away from."""
    path, turned = "", False
    for token in TOKEN.finditer(pattern[:LONGEST_PATTERN]):
        if token["path"]:
            path, turned = token["path"], False
        elif token["not"]:
            turned = True
        elif (
            token["end"] == "'"
            and not turned
            and (path.partition(":")[0] in STIX_OBSERVABLES or path.startswith("file:hashes"))
        ):
            yield token["value"].replace("\\'", "'").replace("\\\\", "\\")


def told(each: Mapping[str, Any], bundle: Bundle, received: Received, place: int) -> NormalSignal:
    """The signal of one object. Raises UnreadableError when it lacks what its type is about."""
    made = TOLD[str(each["type"])](each, bundle)
    at, original = _moment(each, made.moments, received)
    own = identity(each["id"]) or ""
    version = text_of(each.get("modified")) or text_of(each.get("created")) or ""
    labels = [text_of(label) for label in list_in(each, "labels")]
    title = (name_in(each, "name") or made.title)[:LONGEST_TITLE]
    text = text_in(each, "description") or ""
    found = observables(value for one in made.about for value in bundle.observables_of(one))
    revoked = each.get("revoked") is True
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{made.disturbance or own}",
        signal_key=f"{received.source_id}|{own}|{version[:60]}|{revoked}",
        content_hash=fingerprint(each["type"], title, text, found, text_of(each.get("pattern")), revoked),
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        observables=found,
        rsit=made.rsit,
        severity=made.severity or SEVERITY.get((name_in(each, "severity") or "").lower(), Severity.ONBEKEND),
        certainty=_certainty(each) or made.certainty,
        tlp=bundle.tlp(*made.about),
        campaign=bundle.campaign(*(str(one.get("id")) for one in made.about)),
        references=made.references,
        is_update=_is_update(each, received) or revoked,
        is_advisory=made.is_advisory,
        title=title,
        text=text,
        state=marked_label(labels) or marked_title(title) or _state(each, received, revoked=revoked),
        unknown={**kept(each, READ), "labels": [label for label in labels if label]},
        raw_pointer=place,
    )


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What the type of an object adds to the signal."""

    about: Sequence[Mapping[str, Any]]
    moments: tuple[str, ...]
    title: str
    certainty: Certainty = Certainty.WAARSCHIJNLIJK
    severity: Severity | None = None
    rsit: str | None = None
    references: tuple[str, ...] = ()
    is_advisory: bool = False
    disturbance: str | None = None


def _indicator(each: Mapping[str, Any], bundle: Bundle) -> _Made:
    """What to look for; also when it was seen, as the sighting tells that by itself."""
    del bundle
    pattern = text_in(each, "pattern")
    if not pattern:
        raise UnreadableError("`pattern` ontbreekt")
    kinds = [text_of(kind) or "" for kind in list_in(each, "indicator_types")]
    return _Made(
        about=(each,),
        moments=("valid_from", "modified", "created"),
        title=pattern,
        certainty=Certainty.ONBEKEND,
        severity=Severity.NORMAAL if kinds == [STIX_HARMLESS] else None,
        rsit=next((STIX_INDICATOR_TYPES[kind] for kind in kinds if kind in STIX_INDICATOR_TYPES), None),
        is_advisory=True,
    )


def _sighting(each: Mapping[str, Any], bundle: Bundle) -> _Made:
    of = text_in(each, "sighting_of_ref")
    if not of:
        raise UnreadableError("`sighting_of_ref` ontbreekt")
    seen = bundle.by_id.get(of, {})
    held = [bundle.by_id[ref] for ref in _refs(each, "observed_data_refs") if ref in bundle.by_id]
    made = _indicator(seen, bundle) if seen.get("type") == "indicator" and text_of(seen.get("pattern")) else None
    return _Made(
        about=(each, seen, *held),
        moments=("last_seen", "first_seen", "modified", "created"),
        title=f"Waargenomen: {text_of(seen.get('name')) or of}",
        severity=Severity.NORMAAL if text_of(each.get("count")) == "0" else None,
        rsit=made.rsit if made else None,
        references=(of[:200],),
        disturbance=f"gezien|{identity(of)}",
    )


def _incident(each: Mapping[str, Any], bundle: Bundle) -> _Made:
    del bundle
    if not name_in(each, "name"):
        raise UnreadableError("`name` ontbreekt")
    return _Made(about=(each,), moments=("modified", "created"), title="")


def _observed(each: Mapping[str, Any], bundle: Bundle) -> _Made:
    return _Made(
        about=(each,),
        moments=("last_observed", "first_observed", "modified", "created"),
        title="Waargenomen gegevens",
        is_advisory=str(each["id"]) in bundle.observed,
    )


TOLD: Mapping[str, Callable[[Mapping[str, Any], Bundle], _Made]] = {
    "indicator": _indicator,
    "sighting": _sighting,
    "incident": _incident,
    "observed-data": _observed,
}
"""Types of objects that tell of something."""


def _moment(each: Mapping[str, Any], fields: tuple[str, ...], received: Received) -> tuple[datetime, str | None]:
    written = next((each[name] for name in fields if text_of(each.get(name))), None)
    return moment_of(written, received.received_at)


def _certainty(each: Mapping[str, Any]) -> Certainty | None:
    given = text_of(each.get("confidence")) or ""
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= 3 else None  # noqa: PLR2004 -- 0 to 100
    if number is None:
        return None
    return next((certainty for least, certainty in CONFIDENCE_FROM if number >= least), Certainty.ONBEKEND)


def _is_update(each: Mapping[str, Any], received: Received) -> bool:
    """Whether this is a later version: made at another moment than the first."""
    made, first = (moment_of(each.get(name), received.received_at) for name in ("modified", "created"))
    return bool(made[1] and first[1]) and made[0] > first[0]


def _state(each: Mapping[str, Any], received: Received, *, revoked: bool) -> State:
    """Withdrawn, or no longer valid at the moment of receipt."""
    until, written = moment_of(each.get("valid_until"), received.received_at)
    return State.OPGELOST if revoked or (written is not None and until < received.received_at) else State.NIEUW
