"""Atlassian Statuspage: webhooks about an incident, a maintenance or a component, and the lists of its public API.

There is no type field: the name at the top tells what it is. One signal for each component that an incident names, all
of the same disturbance, so that each service is found in the register; one signal when it names none.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.severity import Severity
from signals.formats.fields import (
    each_row,
    id_in,
    kept,
    list_in,
    marked_title,
    name_in,
    object_in,
    objects_in,
    text_in,
)
from signals.formats.html import text_of_html
from signals.formats.reading import Reading, Received, Rows, UnreadableError, fingerprint, moment_of, read_json, text_of
from signals.formats.vocabulary_suppliers import (
    OUTAGE,
    STATUSPAGE_COMPONENT,
    STATUSPAGE_IMPACT,
    STATUSPAGE_STATE,
)
from signals.normal import Certainty, NormalSignal, State

FORMAT = "statuspage"
LISTS = ("incidents", "scheduled_maintenances")
MOST_COMPONENTS = 500
READ_OF_INCIDENT = frozenset(
    ("id", "name", "status", "impact", "impact_override", "incident_updates", "components", "created_at", "updated_at")
)


def recognises(value: object) -> bool:
    """Whether this JSON comes from a status page: told by the names at the top, as there is no type."""
    if not isinstance(value, dict):
        return False
    has_page = isinstance(value.get("page"), dict)
    if "component_update" in value:
        return has_page or "component" in value
    if "incident" in value:
        incident = value["incident"]
        return has_page or (isinstance(incident, dict) and "incident_updates" in incident)
    return has_page and any(name in value for name in LISTS)


def parse(received: Received) -> Reading:
    """Read one message. Raises UnreadableError when it tells of no incident and of no component."""
    value = read_json(received.body)
    if not isinstance(value, dict):
        raise UnreadableError("geen bericht van een statuspagina: het is geen object")
    page = object_in(value, "page")
    rows = Rows()
    if "component_update" in value:
        rows.signals.append(_component(value, page, received))
    elif "incident" in value:
        rows.signals.extend(_incident(object_in(value, "incident"), page, received, 1))
    elif any(name in value for name in LISTS):
        told = [each for name in LISTS for each in list_in(value, name)]
        each_row(rows, told, lambda each, _: _incident(each, page, received, len(rows.signals) + 1))
    else:
        raise UnreadableError("geen bericht van een statuspagina: `incident` en `component_update` ontbreken")
    return rows.reading(FORMAT)


def _incident(
    incident: Mapping[str, Any], page: Mapping[str, Any], received: Received, first: int
) -> list[NormalSignal]:
    """One signal for each component, or one without. Raises UnreadableError when it says nothing."""
    name, status = name_in(incident, "name"), name_in(incident, "status")
    if not name and not status:
        raise UnreadableError("in `incident` ontbreken `name` en `status`")
    newest = _newest(objects_in(incident, "incident_updates"), received.received_at)
    components = objects_in(incident, "components", MOST_COMPONENTS) or [{}]
    told = [_told(incident, each, page=page, newest=newest, received=received) for each in components]
    return [replace(each, raw_pointer=place) for place, each in enumerate(told, start=first)]


def _told(
    incident: Mapping[str, Any],
    component: Mapping[str, Any],
    *,
    page: Mapping[str, Any],
    newest: Mapping[str, Any],
    received: Received,
) -> NormalSignal:
    name, status = name_in(incident, "name") or "", (name_in(incident, "status") or "").lower()
    service, state = name_in(component, "name"), _state(incident, status, name)
    at, original = _moment(incident, newest, received.received_at)
    identity = id_in(incident, "id") or fingerprint(name, text_in(incident, "created_at"))
    disturbance = f"{received.source_id}|{id_in(page, 'id') or ''}|{identity}"
    severity = _severity(incident, component)
    text = text_of_html(text_in(newest, "body") or "")
    return NormalSignal(
        format=FORMAT,
        source_key=disturbance,
        signal_key=f"{disturbance}|{id_in(component, 'id') or service or ''}|{status}|{original or ''}",
        content_hash=fingerprint(disturbance, service, name, state.value, severity.value, text),
        group_key=identity,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        service=service,
        supplier=name_in(page, "name"),
        rsit=OUTAGE,
        severity=severity,
        certainty=Certainty.BEVESTIGD,
        is_update=len(list_in(incident, "incident_updates")) > 1,
        title=name,
        text=text,
        state=state,
        unknown={**kept(incident, READ_OF_INCIDENT), "status": status},
    )


def _newest(updates: list[dict[str, Any]], otherwise: datetime) -> Mapping[str, Any]:
    """The newest update by its own moment; the first of those without one, as the newest is sent first."""
    if not updates:
        return {}
    moments = [moment_of(_when(each), otherwise) for each in updates]
    dated = [(at, -number) for number, (at, written) in enumerate(moments) if written and at != otherwise]
    return updates[-max(dated)[1]] if dated else updates[0]


def _when(update: Mapping[str, Any]) -> str | None:
    return text_of(update.get("display_at")) or text_of(update.get("created_at"))


def _moment(incident: Mapping[str, Any], newest: Mapping[str, Any], otherwise: datetime) -> tuple[datetime, str | None]:
    """When this was said: the last change, else the newest update, else the beginning."""
    for written in (incident.get("updated_at"), _when(newest), incident.get("created_at")):
        if text_of(written):
            return moment_of(written, otherwise)
    return otherwise, None


def _state(incident: Mapping[str, Any], status: str, name: str) -> State:
    """A maintenance is an incident that was scheduled; it ends like any other."""
    mark = marked_title(name)
    if mark:
        return mark
    state = STATUSPAGE_STATE.get(status, State.NIEUW)
    planned = text_of(incident.get("scheduled_for")) is not None
    over = text_of(incident.get("resolved_at")) is not None
    if state is State.NIEUW and over:
        return State.OPGELOST
    return State.ONDERHOUD if planned and state is State.NIEUW else state


def _severity(incident: Mapping[str, Any], component: Mapping[str, Any]) -> Severity:
    """As the incident says; when it does not, as the component does."""
    impact = name_in(incident, "impact_override") or name_in(incident, "impact") or ""
    given = STATUSPAGE_IMPACT.get(impact.lower())
    status = (name_in(component, "status") or "").lower()
    other = STATUSPAGE_COMPONENT.get(status, Severity.ONBEKEND)
    return given or (Severity.ONBEKEND if other is Severity.NORMAAL else other)


def _component(value: Mapping[str, Any], page: Mapping[str, Any], received: Received) -> NormalSignal:
    """One component changed. Raises UnreadableError when nothing says to what."""
    update, component = object_in(value, "component_update"), object_in(value, "component")
    status = (name_in(update, "new_status") or name_in(component, "status") or "").lower()
    if not status:
        raise UnreadableError("in `component_update` ontbreekt `new_status`")
    service = name_in(component, "name")
    identity = id_in(update, "component_id") or id_in(component, "id") or service
    if not identity:
        raise UnreadableError("het bericht zegt niet om welke component het gaat")
    at, original = moment_of(update.get("created_at"), received.received_at)
    before = (name_in(update, "old_status") or "operational").lower()
    disturbance = f"{received.source_id}|{id_in(page, 'id') or ''}|component|{identity}"
    return NormalSignal(
        format=FORMAT,
        source_key=disturbance,
        signal_key=f"{disturbance}|{id_in(update, 'id') or original or ''}|{status}",
        content_hash=fingerprint(disturbance, status),
        group_key=identity,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        service=service,
        supplier=name_in(page, "name"),
        rsit=OUTAGE,
        severity=STATUSPAGE_COMPONENT.get(status, Severity.ONBEKEND),
        certainty=Certainty.BEVESTIGD,
        is_update=before != "operational",
        title=f"{service or identity}: {status.replace('_', ' ')}"[:300],
        text=text_of_html(text_in(page, "status_description") or ""),
        state=marked_title(service) or STATUSPAGE_STATE.get(status, State.NIEUW),
        unknown=kept(component, ("id", "name", "status")),
    )
