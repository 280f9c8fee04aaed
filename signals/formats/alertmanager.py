"""Prometheus Alertmanager webhook, version 4: a group of alerts, firing and resolved mixed, one signal each."""

from collections.abc import Mapping
from typing import Any

from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    observable_of,
    read_json,
    text_of,
)
from signals.formats.vocabulary import SEVERITY, STATE, marked, tlp_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "alertmanager"
MOST_ALERTS = 10_000
NOT_ENDED = "0001-01-01"
SERVICE_LABELS = ("service", "dienst")
MUNICIPALITY_LABELS = ("gemeente", "municipality")
OBSERVABLE_LABELS = ("domain", "host", "indicator", "sha256")


def recognises(value: object) -> bool:
    """Whether this JSON is a webhook of Alertmanager: a list of alerts with a group key or a receiver."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("alerts"), list)
        and ("groupKey" in value or "receiver" in value)
    )


def parse(received: Received) -> Reading:
    """Read a group. Raises UnreadableError when it is no group; an alert that can not be read is a refused row."""
    value = read_json(received.body)
    if not isinstance(value, dict) or not isinstance(value.get("alerts"), list):
        raise UnreadableError("geen Alertmanager-bericht: `alerts` ontbreekt")
    alerts = value["alerts"]
    if len(alerts) > MOST_ALERTS:
        raise UnreadableError(f"meer dan {MOST_ALERTS} meldingen in één bericht")
    rows = Rows()
    truncated = value.get("truncatedAlerts")
    if isinstance(truncated, int) and truncated > 0:
        rows.findings.append(f"de afzender liet {truncated} meldingen weg")
    for place, alert in enumerate(alerts, start=1):
        try:
            rows.signals.append(_signal(alert, value, received, place))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def _signal(alert: object, group: Mapping[str, Any], received: Received, place: int) -> NormalSignal:
    if not isinstance(alert, dict):
        raise UnreadableError("melding is geen object")
    labels = {**_texts(group.get("commonLabels")), **_texts(alert.get("labels"))}
    notes = {**_texts(group.get("commonAnnotations")), **_texts(alert.get("annotations"))}
    if not labels:
        raise UnreadableError("melding heeft geen labels")
    at, original = moment_of(alert.get("startsAt"), received.received_at)
    group_key = text_of(group.get("groupKey")) or ""
    identity = f"{group_key}|{text_of(alert.get('fingerprint')) or fingerprint(labels)}"
    state = marked(labels) or _state(alert, group, received)
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{identity}",
        signal_key=f"{received.source_id}|{identity}|{original or ''}|{state.value}",
        content_hash=fingerprint(labels, notes, state.value, original),
        group_key=group_key or None,
        observed_at=at,
        observed_original=original,
        municipality=_first(labels, MUNICIPALITY_LABELS) or received.municipality,
        service=_first(labels, SERVICE_LABELS),
        supplier=_first(labels, ("supplier", "leverancier")),
        observables=tuple(
            sorted({o for name in OBSERVABLE_LABELS if name in labels and (o := observable_of(labels[name]))})
        ),
        rsit=labels.get("rsit"),
        severity=SEVERITY.get(labels.get("severity", "").lower(), SEVERITY["none"]),
        certainty=Certainty.WAARSCHIJNLIJK,
        tlp=tlp_of(labels.get("tlp")),
        title=notes.get("summary") or labels.get("alertname", ""),
        text=notes.get("description", ""),
        state=state,
        unknown={"labels": labels},
        raw_pointer=place,
    )


def _state(alert: Mapping[str, Any], group: Mapping[str, Any], received: Received) -> State:
    """The state of the alert itself; in a group that fires, one without a state has ended when its end has passed."""
    given = STATE.get(str(alert.get("status")))
    state = given or STATE.get(str(group.get("status")), State.NIEUW)
    ends, written = moment_of(alert.get("endsAt"), received.received_at)
    over = written is not None and not written.startswith(NOT_ENDED) and ends < received.received_at
    return State.OPGELOST if given is None and over else state


def _texts(value: object) -> dict[str, str]:
    """A map of texts; whatever is no text is left out."""
    given = value if isinstance(value, dict) else {}
    return {name: text for name, each in given.items() if (text := text_of(each)) is not None}


def _first(labels: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((labels[name] for name in names if name in labels), None)
