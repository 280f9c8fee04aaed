"""CloudEvents 1.0 over HTTP: structured, binary and batch, with the rules of the NL GOV profile as findings.

A consumer is tolerant where the profile says so: what breaks a rule is read and reported, not refused, unless a
required attribute is missing. The data is our own form, or any object that names a service.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from signals.formats.driehoek import signal_of
from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    read_json,
    text_of,
)
from signals.formats.vocabulary import SEVERITY, tlp_of
from signals.normal import NormalSignal

FORMAT = "cloudevents"
REQUIRED = ("id", "source", "specversion", "type")
NAME = re.compile(r"^[a-z0-9]{1,20}$")
MOST_EVENTS = 10_000
REVERSE_DNS = re.compile(r"^[a-z0-9_-]+(\.[a-z0-9_-]+)+$")
VERSION = re.compile(r"^v[0-9]+$")
LOCATION = re.compile(r"^(https?|ftp)://", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LARGEST_INTEGER = 2**31
ALIASES: Mapping[str, str] = {
    "service": "dienst",
    "supplier": "leverancier",
    "municipality": "gemeente",
    "summary": "titel",
    "title": "titel",
    "description": "tekst",
    "severity": "ernst",
    "status": "toestand",
}
"""English names in the data of others, and ours."""


def recognises(value: object) -> bool:
    """Whether this JSON is a structured CloudEvent, or a batch of them."""
    rows = value if isinstance(value, list) else [value]
    return bool(rows) and all(isinstance(row, dict) and "specversion" in row for row in rows)


def parse(received: Received) -> Reading:
    """Read one event or a batch. Raises UnreadableError when nothing can be read."""
    rows = Rows()
    media = received.media_type.lower()
    if "ce-specversion" in received.headers and not media.startswith("application/cloudevents"):
        given: list[object] = [_from_headers(received)]
    else:
        value = read_json(received.body)
        given = value if isinstance(value, list) else [value]
    if len(given) > MOST_EVENTS:
        raise UnreadableError(f"meer dan {MOST_EVENTS} gebeurtenissen in één bericht")
    for place, event in enumerate(given, start=1):
        try:
            rows.signals.append(_signal(event, received, place, rows))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def _from_headers(received: Received) -> dict[str, Any]:
    """Binary mode: attributes are percent-encoded headers, the body is the data (HTTP binding 3.1)."""
    event: dict[str, Any] = {
        name.removeprefix("ce-"): unquote(value, errors="replace")
        for name, value in received.headers.items()
        if name.startswith("ce-")
    }
    if received.body.strip():
        event["datacontenttype"] = received.media_type
        event["data"] = read_json(received.body) if "json" in received.media_type else _plain(received.body)
    return event


def _plain(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("de data is geen JSON en geen UTF-8-tekst") from error


def _signal(event: object, received: Received, place: int, rows: Rows) -> NormalSignal:
    if not isinstance(event, dict):
        raise UnreadableError("gebeurtenis is geen object")
    missing = [name for name in REQUIRED if not text_of(event.get(name))]
    if missing:
        raise UnreadableError(f"verplicht attribuut ontbreekt: {', '.join(missing)}")
    if event["specversion"] != "1.0":
        raise UnreadableError("specversion is niet 1.0")
    rows.findings += findings(event)
    data = _data(event, rows)
    at, original = moment_of(event.get("time"), received.received_at)
    fields = {**data, "id": text_of(event["id"])}
    fields.setdefault("titel", text_of(event["type"]))  # not the subject: people put citizen numbers there
    signal = signal_of(fields, received, place, format_id=FORMAT)
    identity = f"{event['source']}|{event['id']}"
    own = data.get("verstoring")
    return replace(
        signal,
        source_key=f"{event['source']}|{own or event['id']}",
        signal_key=identity,
        content_hash=fingerprint(event["source"], event["type"], data),
        observed_at=signal.observed_at if data.get("tijdstip") else at,
        observed_original=signal.observed_original or original,
        severity=SEVERITY.get(str(event.get("severitytext", "")).lower(), signal.severity),
        tlp=tlp_of(text_of(event["tlp"])) if text_of(event.get("tlp")) else signal.tlp,
        unknown={**signal.unknown, "attributes": _kept(event)},
    )


def _data(event: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """The data as an object in our own names; empty when there is none, or none that we can read."""
    data = event.get("data")
    if data is None and event.get("data_base64") is not None:
        data = _opaque(str(event["data_base64"]), rows)
    if isinstance(data, str):
        return {"tekst": data[:10_000]}
    if not isinstance(data, dict):
        return {}
    return {ALIASES.get(name, name) if ALIASES.get(name) not in data else name: value for name, value in data.items()}


def _opaque(encoded: str, rows: Rows) -> object:
    """JSON behind base64; other bytes are allowed (CloudEvents JSON format 3.1) and tell us nothing."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        rows.findings.append("data_base64 is geen base64; de data is niet gelezen")
        return None
    try:
        return read_json(raw)
    except UnreadableError:
        return None


def _kept(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("data", "data_base64")}


def findings(event: Mapping[str, Any]) -> list[str]:
    """Which rules of CloudEvents and the NL GOV profile this event breaks."""
    found = _profile_findings(str(event["source"]), str(event["type"]), event.get("sequencetype"))
    for name, value in event.items():
        if name in ("data", "data_base64"):
            continue
        if not NAME.match(name):
            found.append("naam van een attribuut klopt niet (CloudEvents 3.1)")
        found += _value_findings(value)
    return found


def _profile_findings(source: str, kind: str, sequence_type: object) -> list[str]:
    found = []
    if LOCATION.match(source):
        found.append("source is een adres van data (NL GOV: mag niet)")
    elif not source.startswith("urn:nld:"):
        found.append("source begint niet met urn:nld: (NL GOV: hoort zo)")
    if not REVERSE_DNS.match(kind.lower()):
        found.append("type is geen omgekeerde domeinnaam (NL GOV: moet)")
    if sum(VERSION.match(part) is not None for part in kind.split(".")) > 1:
        found.append("type heeft meer dan één versie (NL GOV: ten hoogste één)")
    if sequence_type not in (None, "Integer"):
        found.append("sequencetype is niet Integer (NL GOV)")
    return found


def _value_findings(value: object) -> list[str]:
    if isinstance(value, (dict, list)):
        return ["waarde van een attribuut is geen enkelvoudige waarde"]
    if isinstance(value, int) and not isinstance(value, bool) and not -LARGEST_INTEGER <= value < LARGEST_INTEGER:
        return ["getal past niet in 32 bits"]
    return ["stuurteken in een attribuut"] if isinstance(value, str) and CONTROL.search(value) else []
