"""STIX 2.1: a bundle, a list of objects or a lone object. Indicators, sightings, incidents and observed data are told.

An indicator that nobody says to have seen may concern nobody here: it is an advisory. Of several versions of one object
the newest counts. Other objects (identities, malware, relations) explain; by themselves they tell of nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from signals.formats.fields import MOST_ROWS, list_in
from signals.formats.reading import Reading, Received, Refused, Rows, UnreadableError, moment_of, read_json, text_of
from signals.formats.stix_objects import TOLD, Bundle, told
from signals.formats.vocabulary_sharing import STIX_TYPES

FORMAT = "stix21"
MEDIA_TYPE = "application/stix+json"
VERSIONS = ("2.0", "2.1")
NEVER = datetime.min.replace(tzinfo=UTC)


def recognises(value: object) -> bool:
    """Whether this JSON is a bundle of STIX, one of its objects, or a list of them."""
    if isinstance(value, list):
        return bool(value) and all(_is_object(each) for each in value)
    return _is_bundle(value) or _is_object(value)


def _is_bundle(value: object) -> bool:
    return isinstance(value, dict) and value.get("type") == "bundle" and ("objects" in value or _names_itself(value))


def _is_object(value: object) -> bool:
    """An object has a type, and an id that begins with it; other standards do so too, but not with these types."""
    if not isinstance(value, dict) or not _names_itself(value):
        return False
    given = value.get("spec_version", VERSIONS[-1])
    return given in VERSIONS and (value["type"] in STIX_TYPES or ("spec_version" in value and _is_custom(value)))


def _is_custom(value: Mapping[str, Any]) -> bool:
    return str(value["type"]).startswith("x-") or "extensions" in value


def _names_itself(value: Mapping[str, Any]) -> bool:
    kind, name = value.get("type"), value.get("id")
    return isinstance(kind, str) and isinstance(name, str) and name.startswith(f"{kind}--")


def parse(received: Received) -> Reading:
    """Read what a bundle tells. Raises UnreadableError when it is no STIX, or when none of it can be read."""
    given = _objects(read_json(received.body))
    rows = Rows()
    good: list[tuple[int, dict[str, Any]]] = []
    for place, each in enumerate(given, start=1):
        if isinstance(each, dict) and text_of(each.get("type")) and text_of(each.get("id")):
            good.append((place, each))
        else:
            rows.refused.append(Refused(place, "dit object heeft geen `type` en `id`"))
    newest = _newest(good, received.received_at, rows)
    bundle = Bundle([each for _, each in newest])
    for place, each in newest:
        if each["type"] in TOLD:
            try:
                rows.signals.append(told(each, bundle, received, place))
            except UnreadableError as error:
                rows.refused.append(Refused(place, f"{each['type']}: {error}"[:300]))
    if not rows.signals and not rows.refused:
        rows.findings.append("hierin staat geen indicator, waarneming of incident; er is niets te melden")
    return rows.reading(FORMAT)


def _objects(value: object) -> list[object]:
    if isinstance(value, list):
        found: list[object] = value
    elif isinstance(value, dict) and value.get("type") == "bundle":
        found = list_in(value, "objects")
    elif isinstance(value, dict) and "type" in value:
        found = [value]
    else:
        raise UnreadableError("geen STIX: het is geen bundel, geen object en geen lijst van objecten")
    if len(found) > MOST_ROWS:
        raise UnreadableError(f"meer dan {MOST_ROWS} objecten in één bundel")
    return found


def _newest(
    given: list[tuple[int, dict[str, Any]]], otherwise: datetime, rows: Rows
) -> list[tuple[int, dict[str, Any]]]:
    """Without older versions of what stands here in a newer one; the same version twice is left to who compares."""
    versions = [_version(each, otherwise) for _, each in given]
    newest: dict[str, datetime] = {}
    for version, (_, each) in zip(versions, given, strict=True):
        newest[str(each["id"])] = max(newest.get(str(each["id"]), version), version)
    left = [row for version, row in zip(versions, given, strict=True) if version == newest[str(row[1]["id"])]]
    if len(left) < len(given):
        rows.findings.append(f"{len(given) - len(left)} oudere versies van objecten zijn overgeslagen")
    return left


def _version(each: Mapping[str, Any], otherwise: datetime) -> datetime:
    """When this version was made; one that does not say is older than any other."""
    at, _ = moment_of(each.get("modified") or each.get("created"), otherwise)
    return at if at != otherwise else NEVER
