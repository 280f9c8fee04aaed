"""IODEF version 2 (RFC 7970): one signal per incident; version 1 (RFC 5070) where its incidents say the same."""

from collections.abc import Iterator, Mapping

from domain.severity import Severity, worst
from domain.tlp import Tlp
from signals.formats.html import text_of_html
from signals.formats.kinds import IODEF
from signals.formats.quick import address_of
from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    observable_of,
)
from signals.formats.xml import Element, looks_like_xml, read_xml, root_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "iodef"
NAMESPACE = "urn:ietf:params:xml:ns:iodef-"
VERSIONS: Mapping[str, str] = {f"{NAMESPACE}2.0": "2", f"{NAMESPACE}1.0": "1"}
ROOT = "IODEF-Document"
MOST_INCIDENTS = 10_000
MOST_OBSERVABLES = 500
# RFC 7970, 3.3.1: `restriction`; its last four are TLP. No restriction is private (7970) and so is none known.
RESTRICTIONS: Mapping[str, Tlp] = {
    "public": Tlp.CLEAR,
    "partner": Tlp.GREEN,
    "need-to-know": Tlp.AMBER_STRICT,
    "private": Tlp.RED,
    "default": Tlp.AMBER,
    "white": Tlp.CLEAR,
    "green": Tlp.GREEN,
    "amber": Tlp.AMBER,
    "red": Tlp.RED,
    "ext-value": Tlp.RED,
}
# RFC 7970, 3.2: purpose of an incident, and its status.
PURPOSES = frozenset({"traceback", "mitigation", "reporting", "watch", "other", "ext-value"})
STATUSES: Mapping[str, State] = {"resolved": State.OPGELOST}
# RFC 7970, 3.12: severity of an impact.
SEVERITIES: Mapping[str, Severity] = {
    "low": Severity.WAAKZAAM,
    "medium": Severity.VERSTOORD,
    "high": Severity.ERNSTIG,
    "none": Severity.NORMAAL,
    "unknown": Severity.ONBEKEND,
}
# RFC 7970, 3.12.5: rating of Confidence.
CERTAINTIES: Mapping[str, Certainty] = {"high": Certainty.BEVESTIGD, "medium": Certainty.WAARSCHIJNLIJK}
TIMES = ("DetectTime", "StartTime", "ReportTime", "GenerationTime")
IMPACTS = ("SystemImpact", "BusinessImpact", "Impact")
BULK = frozenset({"ipv4-addr", "ipv6-addr", "fqdn", "domain-name", "hash", "file-hash"})
"""Types of a BulkObservable (RFC 7970, 3.29.3) whose lines are what we compare."""
MARKS: Mapping[str, State] = {"exercise": State.OEFENING, "oefening": State.OEFENING, "test": State.TEST}


def recognises_bytes(body: bytes) -> bool:
    """Whether these bytes are XML with an IODEF document as its root, of whatever version."""
    return looks_like_xml(body) and root_of(body)[0] == ROOT


def parse(received: Received) -> Reading:
    """Read all incidents. Raises UnreadableError when none can be read; one that can not is a refused row."""
    root = read_xml(received.body)
    if root.name != ROOT or root.space not in VERSIONS:
        raise UnreadableError("wij lezen IODEF versie 2 (RFC 7970); dit document zegt dat het iets anders is")
    incidents = root.all("Incident")
    if not incidents:
        raise UnreadableError("het IODEF-document heeft geen Incident")
    if len(incidents) > MOST_INCIDENTS:
        raise UnreadableError(f"meer dan {MOST_INCIDENTS} incidenten in één document")
    rows = Rows()
    if VERSIONS[root.space] == "1":
        rows.findings.append("dit is IODEF versie 1; vraag de afzender om versie 2")
    for place, incident in enumerate(incidents, start=1):
        try:
            rows.signals.append(_signal(incident, received, place))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def _signal(incident: Element, received: Received, place: int) -> NormalSignal:
    name, number = _identity(incident)
    written = next((value for each in TIMES if (value := incident.value(each))), None)
    at, original = moment_of(written, received.received_at)
    texts = [text_of_html(each.text) for each in incident.all("Description") if each.text]
    plain = incident.plain()
    content = fingerprint({each: value for each, value in plain.items() if each not in (*TIMES, "IncidentID")})
    title = next(iter(texts), "").splitlines()
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{name}|{number}",
        signal_key=f"{received.source_id}|{name}|{number}|{content}",
        content_hash=content,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        observables=_observables(incident),
        rsit=_kind(incident),
        severity=worst(Severity.ONBEKEND, *_severities(incident)),
        certainty=_certainty(incident),
        tlp=RESTRICTIONS.get(incident.attributes.get("restriction", "private"), Tlp.RED),
        campaign=_campaign(incident),
        references=_references(incident),
        title=title[0] if title else f"Incident {number} van {name}",
        text="\n\n".join(texts),
        state=_state(incident),
        unknown={**plain, "purpose": incident.attributes["purpose"]},
        raw_pointer=place,
    )


def _identity(incident: Element) -> tuple[str, str]:
    """Name of who numbers, and the number. Raises UnreadableError when the incident lacks what RFC 7970 requires."""
    if incident.attributes.get("purpose") not in PURPOSES:
        raise UnreadableError("het incident heeft geen `purpose` die IODEF kent")
    found = incident.first("IncidentID")
    if found is None or not found.text or not found.attributes.get("name"):
        raise UnreadableError("het incident heeft geen `IncidentID` met een `name`")
    moment = "GenerationTime" if VERSIONS[incident.space] == "2" else "ReportTime"
    if not incident.value(moment):
        raise UnreadableError(f"het incident heeft geen `{moment}`")
    if incident.first("Contact") is None:
        raise UnreadableError("het incident heeft geen `Contact`")
    return found.attributes["name"], found.text


def _impacts(incident: Element) -> Iterator[Element]:
    for assessment in incident.within("Assessment"):
        for name in IMPACTS:
            yield from assessment.all(name)


def _severities(incident: Element) -> list[Severity]:
    return [SEVERITIES.get(each.attributes.get("severity", ""), Severity.ONBEKEND) for each in _impacts(incident)]


def _kind(incident: Element) -> str | None:
    """The kind of the first impact that says one that we know."""
    kinds = (each.attributes.get("type", "") for each in _impacts(incident))
    return next((IODEF[kind] for kind in kinds if kind in IODEF), None)


def _certainty(incident: Element) -> Certainty:
    rating = next((each.attributes.get("rating", "") for each in incident.within("Confidence")), "")
    return CERTAINTIES.get(rating, Certainty.ONBEKEND)


def _observables(incident: Element) -> tuple[str, ...]:
    """Addresses and names in the event data and in the indicators; never those of a contact."""
    found = {_of_address(each) for each in incident.within("Address")}
    found |= {observable_of(each.text) for each in incident.within("NodeName")}
    found |= {observable_of(each.value("Name") or "") for each in incident.within("DomainData")}
    for bulk in incident.within("BulkObservable"):
        if bulk.attributes.get("type") in BULK:
            found |= {observable_of(each) for each in (bulk.value("BulkObservableList") or "").split()}
    found |= {each.text for each in incident.within("URL") if "://" in each.text}
    return tuple(sorted(each for each in found if each)[:MOST_OBSERVABLES])


def _of_address(address: Element) -> str | None:
    """An IP address, a site or a domain; a number of a network or of a card is nothing that others see."""
    category = address.attributes.get("category", "ipv6-addr")
    if category in ("ipv4-addr", "ipv6-addr"):
        return address_of(address.text)
    return (address.text or None) if category == "site-uri" else None


def _campaign(incident: Element) -> str | None:
    return next((value for each in incident.within("Campaign") if (value := each.value("CampaignID"))), None)


def _references(incident: Element) -> tuple[str, ...]:
    """Incidents that are named as the same (AlternativeID) or as related."""
    groups = [*incident.all("AlternativeID"), *incident.all("RelatedActivity")]
    named = {
        f"{each.attributes.get('name', '')}|{each.text}"
        for group in groups
        for each in group.all("IncidentID")
        if each.text
    }
    return tuple(sorted(named))


def _state(incident: Element) -> State:
    """A mark of exercise or test in the document's own additions goes before its status."""
    for extra in incident.within("AdditionalData"):
        mark = MARKS.get((extra.attributes.get("meaning") or extra.attributes.get("name") or "").lower())
        if mark is not None and extra.text.lower() in ("true", "1", "yes", "ja", ""):
            return mark
    return STATUSES.get(incident.attributes.get("status", ""), State.NIEUW)
