"""Common Alerting Protocol 1.2 (OASIS), as XML or as the JSON that warning services publish: one signal per alert.

Several info blocks are one alert in several languages or areas: Dutch text goes before English, English before the
rest; the worst severity counts. What has expired is still read: a warning that came late is no junk.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.severity import Severity, worst
from domain.tlp import Tlp
from signals.formats.html import text_of_html
from signals.formats.reading import (
    Reading,
    Received,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    observable_of,
    read_json,
    text_of,
)
from signals.formats.xml import looks_like_xml, read_xml, root_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "cap"
NAMESPACE = "urn:oasis:names:tc:emergency:cap:"
READ_VERSIONS = ("1.1", "1.2")
REQUIRED = ("identifier", "sender", "sent", "status", "msgType", "scope")
REQUIRED_INFO = ("category", "event", "urgency", "severity", "certainty")
MOST_INFOS = 500
# CAP 1.2, 3.2.1: only Actual is for action by recipients.
STATES: Mapping[str, State] = {
    "Actual": State.NIEUW,
    "Exercise": State.OEFENING,
    "Test": State.TEST,
    "System": State.TEST,
    "Draft": State.TEST,
}
MESSAGES = ("Alert", "Update", "Cancel", "Ack", "Error")
TALK = frozenset({"Ack", "Error"})
"""Messages about a message: they tell of no disturbance."""
SCOPES: Mapping[str, Tlp] = {"Public": Tlp.CLEAR, "Restricted": Tlp.AMBER, "Private": Tlp.RED}
# CAP 1.2, 3.2.2: Extreme = extraordinary threat, Severe = significant, Moderate = possible, Minor = minimal.
SEVERITIES: Mapping[str, Severity] = {
    "Extreme": Severity.ERNSTIG,
    "Severe": Severity.ERNSTIG,
    "Moderate": Severity.VERSTOORD,
    "Minor": Severity.WAAKZAAM,
    "Unknown": Severity.ONBEKEND,
}
# CAP 1.2, 3.2.2: Observed = has occurred or is ongoing, Likely > ~50 %. CAP 1.0 said Very Likely.
CERTAINTIES: Mapping[str, Certainty] = {
    "Observed": Certainty.BEVESTIGD,
    "Very Likely": Certainty.WAARSCHIJNLIJK,
    "Likely": Certainty.WAARSCHIJNLIJK,
    "Possible": Certainty.ONBEKEND,
    "Unlikely": Certainty.ONBEKEND,
    "Unknown": Certainty.ONBEKEND,
}
URGENCIES = frozenset({"Immediate", "Expected", "Future", "Past", "Unknown"})
OVER = frozenset({"AllClear"})
LANGUAGES = ("nl", "en")
KNOWN = frozenset({*REQUIRED, "references", "info"})


def recognises(value: object) -> bool:
    """Whether this JSON is an alert in the JSON form of CAP."""
    return isinstance(value, dict) and {"identifier", "sender", "sent", "msgType"} <= value.keys()


def recognises_bytes(body: bytes) -> bool:
    """Whether these bytes are XML with an alert as its root, of whatever version of CAP."""
    return looks_like_xml(body) and _is_alert(*root_of(body))


def _is_alert(name: str, space: str) -> bool:
    return name == "alert" and (space.startswith(NAMESPACE) or "/cap/" in space)


def parse(received: Received) -> Reading:
    """Read one alert. Raises UnreadableError when a required element is missing or says what CAP does not know."""
    rows = Rows()
    alert = _from_xml(received.body, rows) if looks_like_xml(received.body) else read_json(received.body)
    if not isinstance(alert, dict):
        raise UnreadableError("geen CAP-bericht: er staat niets in `alert`")
    rows.signals.append(_signal(alert, received, rows))
    return rows.reading(FORMAT)


def _from_xml(body: bytes, rows: Rows) -> Any:
    root = read_xml(body)
    if not _is_alert(root.name, root.space):
        raise UnreadableError("geen CAP-bericht: het begint niet met `alert` in de naamruimte van CAP")
    version = root.space.removeprefix(NAMESPACE)
    if version not in READ_VERSIONS:
        raise UnreadableError("deze versie van CAP lezen wij niet; wij lezen CAP 1.2")
    if version != READ_VERSIONS[-1]:
        rows.findings.append(f"dit is CAP {version}; gevraagd is 1.2")
    return root.plain()


def _signal(alert: Mapping[str, Any], received: Received, rows: Rows) -> NormalSignal:
    said = {name: _required(alert, name) for name in REQUIRED}
    _one_of("status", said["status"], STATES)
    _one_of("msgType", said["msgType"], MESSAGES)
    _one_of("scope", said["scope"], SCOPES)
    infos = _infos(alert)
    chosen = _preferred(infos)
    at, original = _moment(said["sent"], received.received_at, rows)
    known = _references(alert, rows)
    own = f"{said['sender']},{said['identifier']}"
    is_update = said["msgType"] in ("Update", "Cancel")
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{known[0] if known and is_update else own}",
        signal_key=f"{received.source_id}|{own},{said['sent']}",
        content_hash=fingerprint({**alert, "identifier": None, "sent": None}),
        observed_at=at,
        observed_original=original,
        municipality=_municipality(infos) or received.municipality,
        supplier=_supplier(infos),
        observables=_observables(infos),
        severity=_severity(said["msgType"], infos),
        certainty=CERTAINTIES[_required(chosen, "certainty")] if chosen else Certainty.ONBEKEND,
        tlp=SCOPES[said["scope"]],
        references=tuple(sorted(set(known))),
        is_update=is_update,
        title=text_of(chosen.get("headline")) or text_of(chosen.get("event")) or "",
        text=_text(chosen) or text_of(alert.get("note")) or "",
        state=_state(said["status"], said["msgType"], infos),
        unknown={name: value for name, value in alert.items() if name not in KNOWN} | _more(chosen, infos),
    )


def _required(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    found = text_of(value[0] if isinstance(value, list) and value else value)
    if found is None:
        raise UnreadableError(f"in het CAP-bericht ontbreekt het verplichte veld `{name}`")
    return found


def _one_of(name: str, value: str, known: Any) -> None:
    if value not in known:
        raise UnreadableError(f"`{name}` heeft een waarde die CAP niet kent; mogelijk is: {', '.join(known)}")


def _listed(value: object) -> list[Any]:
    """A list, also of what stands alone; nothing and empty texts are no items."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if each not in (None, "", {})]


def _infos(alert: Mapping[str, Any]) -> list[dict[str, Any]]:
    infos = _listed(alert.get("info"))
    if len(infos) > MOST_INFOS:
        raise UnreadableError(f"meer dan {MOST_INFOS} info-blokken in één CAP-bericht")
    for info in infos:
        if not isinstance(info, dict):
            raise UnreadableError("een info-blok van het CAP-bericht is leeg of geen blok")
        said = {name: _required(info, name) for name in REQUIRED_INFO}
        _one_of("urgency", said["urgency"], URGENCIES)
        _one_of("severity", said["severity"], SEVERITIES)
        _one_of("certainty", said["certainty"], CERTAINTIES)
    return infos


def _preferred(infos: list[dict[str, Any]]) -> dict[str, Any]:
    """The info block that people here read best. No language stands for en-US (CAP 1.2, 3.2.2)."""
    spoken = [((text_of(info.get("language")) or "en-US").lower()[:2], info) for info in infos]
    for language in LANGUAGES:
        for each, info in spoken:
            if each == language:
                return info
    return infos[0] if infos else {}


def _moment(sent: str, received_at: datetime, rows: Rows) -> tuple[datetime, str | None]:
    at, original = moment_of(sent, received_at)
    if at == received_at:
        rows.findings.append("`sent` is geen bruikbaar moment; het moment van ontvangst telt")
    return at, original


def _references(alert: Mapping[str, Any], rows: Rows) -> list[str]:
    """`sender,identifier` of each alert that is named, the first of them first: that one began the disturbance."""
    given = text_of(alert.get("references")) or ""
    found = []
    for each in given.split():
        sender, _, rest = each.partition(",")
        identifier, _, sent = rest.partition(",")
        if sender and identifier and sent:
            found.append((sent, f"{sender},{identifier}"))
        else:
            rows.findings.append("een verwijzing in `references` heeft niet de vorm sender,identifier,sent")
    return [name for _, name in sorted(found)]


def _severity(message: str, infos: list[dict[str, Any]]) -> Severity:
    if message in TALK:
        return Severity.NORMAAL
    return worst(*(SEVERITIES[_required(info, "severity")] for info in infos)) if infos else Severity.ONBEKEND


def _state(status: str, message: str, infos: list[dict[str, Any]]) -> State:
    state = STATES[status]
    if state is not State.NIEUW:
        return state
    over = bool(infos) and all(
        OVER & set(_listed(info.get("responseType"))) or _required(info, "urgency") == "Past" for info in infos
    )
    return State.OPGELOST if over or message == "Cancel" else State.NIEUW


def _text(info: Mapping[str, Any]) -> str:
    parts = (text_of(info.get("description")), text_of(info.get("instruction")))
    return "\n\n".join(text_of_html(part) for part in parts if part)


def _supplier(infos: list[dict[str, Any]]) -> str | None:
    """Only what a sender explicitly names as such: the sender of a weather warning is no supplier."""
    return next(
        (value for name, value in _named(infos, "parameter") if name.lower() in ("supplier", "leverancier")), None
    )


def _municipality(infos: list[dict[str, Any]]) -> str | None:
    """The one municipality that the areas name by its code; None when they name none, or several."""
    areas = [area for info in infos for area in _listed(info.get("area")) if isinstance(area, dict)]
    codes = {value for _, value in _named(areas, "geocode") if _is_code(value)}
    return codes.pop() if len(codes) == 1 else None


def _is_code(value: str) -> bool:
    return len(value) == 6 and value[:2] == "GM" and value[2:].isascii() and value[2:].isdigit()  # noqa: PLR2004 -- GM0344


def _named(blocks: list[dict[str, Any]], kind: str) -> list[tuple[str, str]]:
    pairs = [pair for block in blocks for pair in _listed(block.get(kind)) if isinstance(pair, dict)]
    return [(text_of(pair.get("valueName")) or "", value) for pair in pairs if (value := text_of(pair.get("value")))]


def _observables(infos: list[dict[str, Any]]) -> tuple[str, ...]:
    found = (
        observable_of(value) for name, value in _named(infos, "parameter") if name.lower() in ("ip", "domain", "hash")
    )
    return tuple(sorted({each for each in found if each}))


def _more(chosen: Mapping[str, Any], infos: list[dict[str, Any]]) -> dict[str, Any]:
    """What the alert says besides: the chosen block without its texts, and how many blocks there were."""
    said = {name: value for name, value in chosen.items() if name not in ("description", "instruction", "headline")}
    return {"info": said, "infos": len(infos)} if infos else {}
