"""Payloads of our own, with present times: what monitoring systems of a municipality would send."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4


def moment(ago_minutes: float = 0) -> str:
    """RFC 3339, so many minutes ago."""
    now = datetime.now(UTC)  # noqa: TID251 - a machine outside reads its own clock
    return (now - timedelta(minutes=ago_minutes)).isoformat(timespec="seconds").replace("+00:00", "Z")


def alertmanager(service: str, *, name: str = "DienstOnbereikbaar", status: str = "firing") -> dict[str, Any]:
    """One alert in a group, as Alertmanager posts it (webhook version 4)."""
    labels = {"alertname": name, "service": service, "severity": "critical"}
    began = moment(2)
    return {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="{name}", service="{service}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "driehoek",
        "groupLabels": {"alertname": name},
        "commonLabels": labels,
        "commonAnnotations": {"summary": f"{service} reageert niet"},
        "externalURL": "https://meten.example",
        "alerts": [
            {
                "status": status,
                "labels": labels,
                "annotations": {"summary": f"{service} reageert niet"},
                "startsAt": began,
                "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else moment(),
                "generatorURL": "https://meten.example/graph",
                "fingerprint": uuid4().hex[:16],
            }
        ],
    }


def cloudevent(service: str, text: str) -> dict[str, Any]:
    """A structured CloudEvent whose data is our own form."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "urn:nld:oin:00000001234567890000:systeem:servicedesk",
        "type": "nl.storingen.storing-gemeld",
        "time": moment(1),
        "datacontenttype": "application/json",
        "data": {"dienst": service, "titel": text, "ernst": "verstoord"},
    }
