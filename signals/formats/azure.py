"""Azure Monitor alerts in the common alert schema, and Service Health as it came before that schema.

One signal for each service that Service Health names, all of the same disturbance; one signal for any other alert.
"""

from collections.abc import Mapping
from typing import Any

from domain.severity import Severity
from signals.formats.fields import (
    id_in,
    kept,
    marked_title,
    name_in,
    names,
    object_in,
    text_in,
)
from signals.formats.html import text_of_html
from signals.formats.reading import Reading, Received, Rows, UnreadableError, fingerprint, moment_of, read_json, text_of
from signals.formats.vocabulary import YES, marked
from signals.formats.vocabulary_suppliers import AZURE_ADVISORIES, AZURE_LEVEL, AZURE_SEVERITY, AZURE_STAGE, OUTAGE
from signals.normal import Certainty, NormalSignal, State

FORMAT = "azure"
SCHEMAS = ("azuremonitorcommonalertschema", "microsoft.insights/activitylogs")
SERVICE_HEALTH = "servicehealth"
SUPPLIER = "Microsoft Azure"
TEST_SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
"""The subscription in every alert that `Test action group` sends (Azure Monitor, action groups)."""
MOST_SERVICES = 500
MOST_COMMUNICATION = 50_000
READ_OF_PROPERTIES = frozenset(
    ("title", "communication", "trackingId", "impactedServices", "impactedServicesTableRows", "defaultLanguageTitle")
)


def recognises(value: object) -> bool:
    """Whether this JSON is an alert of Azure Monitor: by the name of its schema, or by its two parts."""
    if not isinstance(value, dict):
        return False
    if (text_of(value.get("schemaId")) or "").lower() in SCHEMAS:
        return True
    data = value.get("data")
    return isinstance(data, dict) and "essentials" in data and "alertContext" in data


def parse(received: Received) -> Reading:
    """Read one alert. Raises UnreadableError when it names no rule, no id and no title."""
    value = read_json(received.body)
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        raise UnreadableError("geen Azure-melding: `data` ontbreekt of is geen object")
    data = value["data"]
    old = object_in(object_in(data, "context"), "activityLog")
    essentials, context = object_in(data, "essentials"), old or object_in(data, "alertContext")
    if not essentials and not old:
        raise UnreadableError("geen Azure-melding: `data.essentials` ontbreekt")
    rows = Rows()
    alert = _Alert(essentials, context, object_in(data, "customProperties"))
    for place, service in enumerate(alert.services(rows) or [None], start=1):
        rows.signals.append(alert.signal(service, received, place))
    return rows.reading(FORMAT)


class _Alert:
    """One alert, with its parts and the questions asked of them."""

    def __init__(self, essentials: Mapping[str, Any], context: Mapping[str, Any], labels: Mapping[str, Any]) -> None:
        self.essentials = essentials
        self.context = context
        self.properties: Mapping[str, Any] = (
            context["properties"] if isinstance(context.get("properties"), dict) else {}
        )
        self.labels = labels
        kind = text_in(essentials, "monitoringService") or text_of(context.get("eventSource")) or ""
        self.is_health = kind.replace(" ", "").lower() == SERVICE_HEALTH
        self.incident_type = (self._property("incidentType") or "").lower()

    def signal(self, service: str | None, received: Received, place: int) -> NormalSignal:
        """One signal about one service. Raises UnreadableError when the alert tells nothing."""
        title = self._property("title") or name_in(self.essentials, "alertRule") or ""
        own = self._identity()
        if not own and not title:
            raise UnreadableError("in de Azure-melding ontbreken `alertId`, `alertRule` en `title`")
        stage, state = self._stage(), self._state(title)
        at, original = moment_of(self._when(state), received.received_at)
        disturbance = f"{received.source_id}|{own or fingerprint(title)}"
        saying = id_in(self.properties, "communicationId") or original or ""
        text = self._text()
        severity = self._severity()
        is_advisory = self.is_health and self.incident_type in AZURE_ADVISORIES
        return NormalSignal(
            format=FORMAT,
            source_key=disturbance,
            signal_key=f"{disturbance}|{service or ''}|{saying}|{stage}|{state.value}",
            content_hash=fingerprint(disturbance, service, title, state.value, severity.value, text),
            group_key=own,
            observed_at=at,
            observed_original=original,
            municipality=received.municipality,
            service=service,
            supplier=SUPPLIER if self.is_health else None,
            products=names([service]) if is_advisory else (),
            rsit=OUTAGE if self.is_health and not is_advisory else None,
            severity=severity,
            certainty=Certainty.BEVESTIGD if self.is_health else Certainty.WAARSCHIJNLIJK,
            is_update=state is State.OPGELOST or stage in ("inprogress", "rescheduled"),
            is_advisory=is_advisory,
            title=title,
            text=text,
            state=state,
            unknown={
                "essentials": kept(self.essentials, ()),
                "properties": kept(self.properties, READ_OF_PROPERTIES),
                **({"customProperties": kept(self.labels, ())} if self.labels else {}),
            },
            raw_pointer=place,
        )

    def services(self, rows: Rows) -> list[str]:
        """Names of the impacted services: JSON inside a string, or the one service that is named besides."""
        given = self.properties.get("impactedServices")
        if isinstance(given, str) and given.strip():
            try:
                given = read_json(given.encode("utf-8", "replace"))
            except UnreadableError:
                rows.findings.append("`impactedServices` is geen leesbare JSON; alleen `service` is gelezen")
                given = None
        listed = given if isinstance(given, list) else []
        found = [name_in(each, "ServiceName") for each in listed[:MOST_SERVICES] if isinstance(each, dict)]
        named = list(dict.fromkeys(name for name in found if name))
        other = self._property("service")
        return named or ([other] if other else [])

    def _property(self, name: str) -> str | None:
        return name_in(self.properties, name)

    def _identity(self) -> str | None:
        """Service Health is one disturbance by its tracking id; any other alert by its own id."""
        tracking = id_in(self.properties, "trackingId") if self.is_health else None
        return tracking or id_in(self.essentials, "alertId") or id_in(self.context, "correlationId")

    def _stage(self) -> str:
        given = self._property("stage") if self.is_health else None
        return (given or name_in(self.essentials, "monitorCondition") or name_in(self.context, "status") or "").lower()

    def _state(self, title: str) -> State:
        """A test is never real; an end is an end; what is planned is maintenance."""
        synthetic = (text_of(self.properties.get("IsSynthetic")) or str(self.properties.get("IsSynthetic"))).lower()
        targets = self.essentials.get("alertTargetIDs")
        aimed = [str(each).lower() for each in targets] if isinstance(targets, list) else []
        if synthetic in YES or (aimed and all(each.startswith(TEST_SUBSCRIPTION) for each in aimed)):
            return State.TEST
        if mark := marked(self.labels) or marked_title(title):
            return mark
        said = (self._stage(), *(str(part).lower() for part in (self.essentials.get("monitorCondition"),)))
        states = [AZURE_STAGE.get(each, State.NIEUW) for each in said]
        if State.OPGELOST in states:
            return State.OPGELOST
        return State.ONDERHOUD if self.is_health and self.incident_type == "maintenance" else State.NIEUW

    def _when(self, state: State) -> object:
        """When the alert was raised or ended; `firedDateTime` has no zone and is UTC."""
        end = self.essentials.get("resolvedDateTime") if state is State.OPGELOST else None
        fired = self.essentials.get("firedDateTime")
        return end or fired or self.context.get("eventTimestamp") or self.properties.get("impactStartTime")

    def _severity(self) -> Severity:
        """Service Health says it in `level` (its `severity` is always Sev4); other alerts in `severity`."""
        if self.is_health and self.incident_type in AZURE_ADVISORIES | {"maintenance"}:
            return Severity.WAAKZAAM
        level = (text_of(self.context.get("level")) or "").lower()
        given = (name_in(self.essentials, "severity") or "").lower()
        found = AZURE_LEVEL.get(level) if self.is_health else AZURE_SEVERITY.get(given)
        return found or Severity.ONBEKEND

    def _text(self) -> str:
        html = text_in(self.properties, "communication", MOST_COMMUNICATION)
        return text_of_html(html)[:10_000] if html else text_in(self.essentials, "description") or ""
