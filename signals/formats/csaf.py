"""CSAF 2.0: an advisory about products. It raises something only when the register knows one of them.

The document is one signal. Its identity is the tracking id of its publisher, its version makes it an update.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.severity import Severity, worst
from domain.tlp import Tlp
from signals.formats.csaf_products import Products
from signals.formats.fields import (
    id_in,
    kept,
    list_in,
    marked_label,
    marked_title,
    name_in,
    object_in,
    objects_in,
    text_in,
)
from signals.formats.reading import Reading, Received, Rows, UnreadableError, fingerprint, moment_of, read_json, text_of
from signals.formats.vocabulary import tlp_of
from signals.formats.vocabulary_suppliers import (
    ADVISORY_OVER,
    ADVISORY_STATUS,
    AGGREGATE_SEVERITY,
    CVSS_FROM,
    VULNERABLE,
)
from signals.normal import Certainty, NormalSignal, State

FORMAT = "csaf"
VERSIONS = ("2.0", "2.1")
FIRST_VERSIONS = frozenset({"1", "1.0.0"})
NOTES = ("summary", "description", "general", "details")
"""CSAF 2.0 3.1.8.1, categories of notes, in the order in which they tell people most."""
READ_OF_DOCUMENT = frozenset(
    {"csaf_version", "title", "tracking", "notes", "distribution", "publisher", "aggregate_severity", "$schema"}
)


def recognises(value: object) -> bool:
    """Whether this JSON is an advisory: a `document` that names its version of CSAF."""
    if not isinstance(value, dict):
        return False
    document = value.get("document")
    if isinstance(document, dict):
        return "csaf_version" in document
    return "document" in value and ("product_tree" in value or "vulnerabilities" in value)


def parse(received: Received) -> Reading:
    """Read one advisory. Raises UnreadableError when it has no title, or is of a version that we do not read."""
    value = read_json(received.body)
    if not isinstance(value, dict):
        raise UnreadableError("geen CSAF-document: het is geen object")
    document = object_in(value, "document")
    version = text_in(document, "csaf_version")
    if version not in VERSIONS:
        raise UnreadableError("`document.csaf_version` is niet 2.0")
    if not text_in(document, "title"):
        raise UnreadableError("in het CSAF-document ontbreekt `document.title`")
    rows = Rows()
    missing = [name for name in ("category", "publisher", "tracking") if not document.get(name)]
    if missing:
        rows.findings.append(f"verplicht in CSAF, maar ontbreekt: {', '.join(missing)}")
    rows.signals.append(_signal(value, document, received))
    return rows.reading(FORMAT)


def _signal(value: Mapping[str, Any], document: Mapping[str, Any], received: Received) -> NormalSignal:
    tracking, publisher = object_in(document, "tracking"), object_in(document, "publisher")
    vulnerabilities = objects_in(value, "vulnerabilities")
    category = (name_in(document, "category") or "").lower()
    products = Products(object_in(value, "product_tree"), vulnerabilities, category)
    title = (name_in(document, "title") or "").strip()
    own = id_in(tracking, "id") or fingerprint(title, name_in(publisher, "name"))
    version = text_in(tracking, "version", 60) or ""
    disturbance = f"{received.source_id}|{id_in(publisher, 'namespace') or ''}|{own}"
    at, original = _moment(tracking, received)
    text = _text(document, vulnerabilities)
    state = _state(document, title, category)
    return NormalSignal(
        format=FORMAT,
        source_key=disturbance,
        signal_key=f"{disturbance}|{version}|{_status(tracking)}",
        content_hash=fingerprint({**value, "document": {**document, "tracking": {**tracking, "generator": None}}}),
        group_key=own,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        supplier=_supplier(publisher, products),
        rsit=VULNERABLE,
        severity=_severity(document, vulnerabilities),
        certainty=ADVISORY_STATUS.get(_status(tracking), Certainty.ONBEKEND),
        tlp=_tlp(document),
        products=products.names,
        references=_references(document, own),
        is_update=_is_update(tracking, version),
        is_advisory=True,
        title=title,
        text=text,
        state=state,
        unknown={
            **kept(document, READ_OF_DOCUMENT),
            "id": own,
            "version": version,
            "cve": sorted({cve for each in vulnerabilities if (cve := id_in(each, "cve"))})[:200],
        },
    )


def _status(tracking: Mapping[str, Any]) -> str:
    return (name_in(tracking, "status") or "").lower()


def _moment(tracking: Mapping[str, Any], received: Received) -> tuple[Any, str | None]:
    """When this version was released, else when the first was."""
    written = (text_of(tracking.get(name)) for name in ("current_release_date", "initial_release_date"))
    return moment_of(next((each for each in written if each), None), received.received_at)


def _tlp(document: Mapping[str, Any]) -> Tlp:
    """The label under `distribution`; without one: AMBER, so that nothing is shared by accident."""
    return tlp_of(text_in(object_in(object_in(document, "distribution"), "tlp"), "label"))


def _state(document: Mapping[str, Any], title: str, category: str) -> State:
    """A test or an exercise is marked in the title, the distribution or the category; a withdrawn advisory is over."""
    shared = text_in(object_in(document, "distribution"), "text")
    mark = marked_title(title) or marked_title(shared) or marked_label([category.removeprefix("csaf_")])
    return mark or (State.OPGELOST if category in ADVISORY_OVER else State.NIEUW)


def _severity(document: Mapping[str, Any], vulnerabilities: Iterable[Mapping[str, Any]]) -> Severity:
    """As the publisher says in words; when it does not, the worst CVSS score."""
    said = (name_in(object_in(document, "aggregate_severity"), "text") or "").lower()
    if said in AGGREGATE_SEVERITY:
        return AGGREGATE_SEVERITY[said]
    found = [_rated(score) for each in vulnerabilities for score in _scores(each)]
    return worst(Severity.ONBEKEND, *found)


def _scores(vulnerability: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """CVSS in `scores` (2.0) or in `metrics` with `content` (2.1), of whatever version."""
    given = objects_in(vulnerability, "scores")
    given += [object_in(each, "content") for each in objects_in(vulnerability, "metrics")]
    for each in given:
        yield from (part for name, part in each.items() if name.startswith("cvss") and isinstance(part, dict))


def _rated(score: Mapping[str, Any]) -> Severity:
    """A score also when somebody wrote it as a text; otherwise its word."""
    written = text_of(score.get("baseScore")) or ""
    try:
        number = float(written[:10])
    except ValueError:
        return AGGREGATE_SEVERITY.get((text_of(score.get("baseSeverity")) or "").lower(), Severity.ONBEKEND)
    return next((severity for least, severity in CVSS_FROM if number >= least), Severity.ONBEKEND)


def _supplier(publisher: Mapping[str, Any], products: Products) -> str | None:
    """The vendor who publishes, or the one vendor in the tree; a coordinator speaks about the products of others."""
    if (name_in(publisher, "category") or "").lower() == "vendor":
        return name_in(publisher, "name")
    return products.vendors[0] if len(products.vendors) == 1 else None


def _references(document: Mapping[str, Any], own: str) -> tuple[str, ...]:
    """Other ids by which this advisory is known."""
    tracking = object_in(document, "tracking")
    aliases = (text_of(each) for each in list_in(tracking, "aliases"))
    return tuple(sorted({each[:200] for each in aliases if each and each != own})[:100])


def _is_update(tracking: Mapping[str, Any], version: str) -> bool:
    """A later version than the first: by its history, or by its number."""
    return len(objects_in(tracking, "revision_history")) > 1 or (
        bool(version) and version not in FIRST_VERSIONS and not version.startswith("0")
    )


def _text(document: Mapping[str, Any], vulnerabilities: Iterable[Mapping[str, Any]]) -> str:
    """The notes that tell people most, of the document or else of its first vulnerability."""
    for holder in (document, *vulnerabilities):
        notes = {
            (name_in(each, "category") or "").lower(): text_in(each, "text") for each in objects_in(holder, "notes")
        }
        said = [notes[kind] for kind in NOTES if notes.get(kind)]
        if said:
            return str(said[0])
    return ""
