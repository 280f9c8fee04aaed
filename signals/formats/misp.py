"""MISP: an event as JSON, in the form of an export or of a feed; loose attributes and sightings.

One signal for each event, with what it marks for detection (`to_ids`) as observables. An event that nobody says to have
seen may concern nobody here: it is an advisory. What may not be shared further gets a TLP that says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.severity import Severity
from domain.tlp import Tlp, strictest
from signals.formats.fields import (
    MOST_ROWS,
    each_row,
    epoch_of,
    id_in,
    kept,
    marked_title,
    name_in,
    object_in,
    objects_in,
    observables,
    text_in,
)
from signals.formats.misp_tags import Tags
from signals.formats.reading import Reading, Received, Rows, UnreadableError, fingerprint, read_json, text_of
from signals.formats.vocabulary import YES
from signals.formats.vocabulary_sharing import (
    MISP_DISTRIBUTION,
    MISP_OBSERVABLES,
    MISP_SIGHTING_FALSE,
    MISP_SIGHTING_SEEN,
    MISP_THREAT_LEVEL,
)
from signals.normal import Certainty, NormalSignal, State

FORMAT = "misp"
MOST_ATTRIBUTES = 100_000
WRAPPED = ("Event", "Attribute", "Sighting")
READ = frozenset(
    {
        *("Attribute", "Object", "ShadowAttribute", "RelatedEvent", "Galaxy", "Tag", "info", "uuid", "timestamp"),
        *("threat_level_id", "distribution", "EventReport", "CryptographicKey"),
    }
)


def recognises(value: object) -> bool:
    """Whether this JSON comes from MISP: events, attributes or sightings, as they are or as an answer (`response`)."""
    if isinstance(value, list):
        return bool(value) and all(recognises(each) for each in value if isinstance(each, dict)) and _any_object(value)
    if not isinstance(value, dict):
        return False
    if "response" in value:
        inside = value["response"]
        return isinstance(inside, (dict, list)) and recognises(inside)
    return any(_is_wrapped(value, name) for name in WRAPPED) or _is_event(value) or _is_attribute(value)


def _any_object(value: list[Any]) -> bool:
    return any(isinstance(each, dict) for each in value)


def _is_wrapped(value: Mapping[str, Any], name: str) -> bool:
    """`{"Event": …}`: what is inside has the names of MISP, or can not be read at all (and is told so)."""
    if name not in value or len(value) > 4:  # noqa: PLR2004 -- a wrapper holds little besides
        return False
    inside = value[name]
    first = inside[0] if isinstance(inside, list) and inside else inside
    marks = {"info", "uuid", "type", "value", "category", "Orgc", "orgc_id", "date_sighting", "attribute_id", "id"}
    return not isinstance(first, dict) or bool(marks & first.keys())


def _is_event(value: Mapping[str, Any]) -> bool:
    return (
        "info" in value
        and bool({"threat_level_id", "analysis", "Orgc", "Attribute"} & value.keys())
        and "date" in value
    )


def _is_attribute(value: Mapping[str, Any]) -> bool:
    return {"category", "type", "value"} <= value.keys() and bool({"to_ids", "event_id"} & value.keys())


def parse(received: Received) -> Reading:
    """Read every event. Raises UnreadableError when there is none, or when none can be read."""
    given = list(_units(read_json(received.body)))
    if len(given) > MOST_ROWS:
        raise UnreadableError(f"meer dan {MOST_ROWS} gebeurtenissen in één bericht")
    if not given:
        raise UnreadableError("geen MISP-bericht: `Event`, `Attribute` en `Sighting` ontbreken")
    rows = Rows()
    each_row(
        rows, [_readable(name, each) for name, each in given], lambda each, place: [_signal(each, received, place)]
    )
    return rows.reading(FORMAT)


def _units(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """What is told: (kind, object), out of lists, answers and wrappers."""
    if isinstance(value, list):
        for each in value:
            if each not in (None, {}, []) and depth < 4:  # noqa: PLR2004 -- list in answer in list
                yield from _units(each, depth + 1)
    elif not isinstance(value, dict):
        yield "Event", value
    elif "response" in value:
        yield from _units(value["response"], depth + 1)
    else:
        yield from _of_object(value)


def _of_object(value: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    if _is_event(value) or "info" in value:
        yield "Event", value
        return
    if _is_attribute(value):
        yield "Attribute", value
        return
    for name in WRAPPED:
        inside = value.get(name)
        for each in inside if isinstance(inside, list) else [inside]:
            if each is not None:
                yield name, each


def _readable(kind: str, given: object) -> object:
    """An attribute or sighting as the event that holds only that, so that there is one way to read."""
    if not isinstance(given, dict) or kind == "Event":
        return given
    if kind == "Attribute":
        return {"kind": kind, "Attribute": [given], **_shared(given)}
    return {"kind": kind, "Sighting": [given], **_shared(given)}


def _shared(given: Mapping[str, Any]) -> dict[str, Any]:
    event = given.get("Event")
    outer = (
        {name: event[name] for name in ("info", "Orgc", "distribution") if name in event}
        if isinstance(event, dict)
        else {}
    )
    own = {name: given[name] for name in ("uuid", "id", "timestamp", "Tag") if given.get(name) is not None}
    return {**outer, **own}


def _signal(event: Mapping[str, Any], received: Received, place: int) -> NormalSignal:
    """One event. Raises UnreadableError when it has no title and tells of nothing."""
    attributes = [each for each in _attributes(event) if each.get("deleted") is not True]
    sightings = _sightings(event, attributes)
    tags = Tags([*objects_in(event, "Tag"), *(tag for each in attributes for tag in objects_in(each, "Tag"))])
    title = name_in(event, "info") or _instead(event, attributes)
    if not title:
        raise UnreadableError("in `Event` ontbreekt `info`")
    marked = [each for each in attributes if _is_for_detection(each)]
    at, original = epoch_of(_when(event, sightings), received.received_at)
    own = id_in(event, "uuid") or id_in(event, "id") or fingerprint(title, text_in(event, "date"))
    found = observables(part for each in marked for part in _parts(each))
    seen = any(text_of(each.get("type")) in (MISP_SIGHTING_SEEN, None) for each in sightings)
    state = tags.mark or marked_title(title) or _state(event, sightings)
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{own}",
        signal_key=f"{received.source_id}|{own}|{(text_in(event, 'timestamp') or original or '')[:60]}",
        content_hash=fingerprint(title, found, sorted(tags.names), state.value, len(attributes), seen),
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        observables=found,
        rsit=tags.rsit,
        severity=MISP_THREAT_LEVEL.get(text_in(event, "threat_level_id") or "", Severity.ONBEKEND),
        certainty=Certainty.WAARSCHIJNLIJK if seen else Certainty.ONBEKEND,
        tlp=_tlp(event, marked, tags),
        products=tags.products,
        campaign=tags.campaign,
        references=tuple(each for each in (id_in(event, "extends_uuid"),) if each),
        is_update=_was_published(event),
        is_advisory=not seen,
        title=title,
        text=_text(attributes),
        state=state,
        unknown={**kept(event, READ), "tags": list(tags.names)[:200], "attributen": len(attributes)},
        raw_pointer=place,
    )


def _attributes(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Attributes of the event and of its objects. Raises UnreadableError when these are no lists."""
    found = objects_in(event, "Attribute", MOST_ATTRIBUTES)
    for each in objects_in(event, "Object", MOST_ATTRIBUTES):
        if each.get("deleted") is not True:
            found += objects_in(each, "Attribute", MOST_ATTRIBUTES)
    return found


def _sightings(event: Mapping[str, Any], attributes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*objects_in(event, "Sighting"), *(each for own in attributes for each in objects_in(own, "Sighting"))]


def _instead(event: Mapping[str, Any], attributes: list[dict[str, Any]]) -> str | None:
    """A title for what is no event: the attribute itself, or that something was seen."""
    kind = event.get("kind")
    if kind == "Attribute" and attributes:
        value = text_in(attributes[0], "value")
        return f"{name_in(attributes[0], 'type') or 'kenmerk'}: {value}"[:300] if value else None
    if kind == "Sighting":
        one = object_in({"Sighting": event["Sighting"][0]}, "Sighting")
        of = id_in(one, "attribute_uuid") or id_in(one, "attribute_id") or id_in(one, "event_id") or id_in(one, "value")
        return f"Waarneming van kenmerk {of}" if of else None
    return None


def _is_for_detection(attribute: Mapping[str, Any]) -> bool:
    return str(attribute.get("to_ids")).strip().lower() in YES and text_of(attribute.get("type")) in MISP_OBSERVABLES


def _parts(attribute: Mapping[str, Any]) -> list[str]:
    """The value, or the parts of `filename|sha256` and `ip-dst|port` that can be compared."""
    kind, value = text_of(attribute.get("type")) or "", text_of(attribute.get("value")) or ""
    if "|" not in kind:
        return [value]
    first, _, second = value.partition("|")
    return {"filename": [second], "domain": [first, second]}.get(kind.partition("|")[0], [first])


def _when(event: Mapping[str, Any], sightings: list[dict[str, Any]]) -> str | None:
    """When this was last said: its last change, its publication, the newest sighting, or its day."""
    given = [text_of(event.get("timestamp")), text_of(event.get("publish_timestamp"))]
    if event.get("kind") == "Sighting":
        given = [text_of(each.get("date_sighting")) for each in sightings]
    return next((each for each in given if each and each != "0"), None) or text_of(event.get("date"))


def _was_published(event: Mapping[str, Any]) -> bool:
    """Changed after it was published: subscribers were told before."""
    published, changed = text_of(event.get("publish_timestamp")) or "", text_of(event.get("timestamp")) or ""
    plain = all(each.isascii() and each.isdigit() and len(each) <= 13 for each in (published, changed))  # noqa: PLR2004 -- digits
    return plain and 0 < int(published) < int(changed)


def _state(event: Mapping[str, Any], sightings: list[dict[str, Any]]) -> State:
    """A loose sighting that takes something back (false positive, expired) is an end."""
    kinds = {text_of(each.get("type")) or MISP_SIGHTING_SEEN for each in sightings}
    over = event.get("kind") == "Sighting" and MISP_SIGHTING_SEEN not in kinds and kinds >= {MISP_SIGHTING_FALSE}
    expired = event.get("kind") == "Sighting" and kinds == {"2"}
    return State.OPGELOST if over or expired else State.NIEUW


def _tlp(event: Mapping[str, Any], marked: list[dict[str, Any]], tags: Tags) -> Tlp:
    """The strictest of the tags and of how far the event and its marked attributes may go."""
    given = [text_of(event.get("distribution")), *(text_of(each.get("distribution")) for each in marked)]
    far = [MISP_DISTRIBUTION[each] for each in given if each and each in MISP_DISTRIBUTION]
    return strictest(*far, tags.tlp or Tlp.AMBER)


def _text(attributes: list[dict[str, Any]]) -> str:
    """What people wrote: attributes that are text and comment."""
    said = [text_of(each.get("value")) for each in attributes if text_of(each.get("type")) in ("text", "comment")]
    return "\n".join(each for each in said if each)[:10_000].strip()
