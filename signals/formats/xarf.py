"""XARF version 4: abuse reports as JSON, one report or a list of them."""

from collections.abc import Mapping
from typing import Any

from domain.severity import Severity
from signals.formats.kinds import RSIT, XARF
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
from signals.formats.vocabulary import marked, tlp_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "xarf"
VERSION = "4."
REQUIRED = ("report_id", "timestamp", "source_identifier", "category", "type")
PARTIES = ("reporter", "sender")
PARTY = ("org", "contact", "domain")
MOST_REPORTS = 10_000
OBSERVABLES = ("source_identifier", "domain", "c2_server", "destination_ip", "sha256", "file_hash", "hash")
SAID_ELSEWHERE = frozenset({"report_id", "timestamp", "evidence", "_internal", "sender"})
OUTSIDE = "source_identifier"
# XARF v4 tags: `severity:…`; and `severity` of the vulnerability category (CVSS words).
SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.ERNSTIG,
    "high": Severity.VERSTOORD,
    "medium": Severity.WAAKZAAM,
    "low": Severity.WAAKZAAM,
}
SURE = 0.9
LIKELY = 0.5


def recognises(value: object) -> bool:
    """Whether this JSON is a report of XARF, of version 4 or of the version 3 that we refuse."""
    rows = value if isinstance(value, list) else [value]
    return bool(rows) and all(isinstance(row, dict) and ("xarf_version" in row or _is_old(row)) for row in rows)


def _is_old(row: Mapping[str, Any]) -> bool:
    return "ReporterInfo" in row and "Report" in row


def parse(received: Received) -> Reading:
    """Read all reports. Raises UnreadableError when none can be read; one that can not is a refused row."""
    value = read_json(received.body)
    given = value if isinstance(value, list) else [value]
    if not given or len(given) > MOST_REPORTS:
        raise UnreadableError(f"geen XARF-meldingen, of meer dan {MOST_REPORTS} in één bericht")
    rows = Rows()
    for place, report in enumerate(given, start=1):
        try:
            rows.signals.append(_signal(report, received, place, rows))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def _signal(report: object, received: Received, place: int, rows: Rows) -> NormalSignal:
    said = _checked(report)
    category, kind = said["category"], said["type"]
    rsit = XARF[category].get(kind)
    if rsit is None:
        rows.findings.append("een type melding dat wij in deze categorie van XARF niet kennen; gelezen als overig")
    at, original = moment_of(said["timestamp"], received.received_at)
    tags = _tags(said.get("tags"))
    content = fingerprint({name: each for name, each in said.items() if name not in SAID_ELSEWHERE})
    about = f"{category}/{kind}|{said[OUTSIDE].lower()}"
    sender = text_of(said["reporter"].get("domain")) or ""
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{sender}|{about}",
        signal_key=f"{received.source_id}|{said['report_id']}",
        content_hash=content,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        observables=_observables(said),
        rsit=rsit or RSIT["other"],
        severity=SEVERITIES.get((text_of(said.get("severity")) or tags.get("severity", "")).lower(), Severity.ONBEKEND),
        certainty=_certainty(said.get("confidence")),
        tlp=tlp_of(text_of(said.get("tlp")) or tags.get("tlp")),
        products=_products(said),
        campaign=tags.get("campaign") or text_of(said.get("malware_family")),
        title=f"{kind.replace('_', ' ')}: {said[OUTSIDE]}",
        text=text_of(said.get("description")) or "",
        state=marked(tags) or marked(said) or State.NIEUW,
        unknown={name: each for name, each in said.items() if name not in (*REQUIRED, "description")},
        raw_pointer=place,
    )


def _checked(report: object) -> dict[str, Any]:
    """The report, with everything that XARF requires of each. Raises UnreadableError."""
    if not isinstance(report, dict):
        raise UnreadableError("de XARF-melding is geen object")
    if not (text_of(report.get("xarf_version")) or "").startswith(VERSION):
        raise UnreadableError("wij lezen XARF versie 4; vraag de afzender om die versie")
    missing = [name for name in REQUIRED if not isinstance(report.get(name), str) or not report[name].strip()]
    missing += [name for name in PARTIES if not _is_party(report.get(name))]
    if missing:
        raise UnreadableError(f"in de XARF-melding ontbreekt of klopt niet: {', '.join(missing)}")
    if report["category"] not in XARF:
        raise UnreadableError(f"`category` is niet van XARF 4; mogelijk is: {', '.join(XARF)}")
    return report


def _is_party(value: object) -> bool:
    return isinstance(value, dict) and all(text_of(value.get(name)) for name in PARTY)


def _tags(value: object) -> dict[str, str]:
    """Tags `namespace:predicate` by namespace; the first of each counts."""
    found: dict[str, str] = {}
    for each in value if isinstance(value, list) else []:
        name, _, tag = (text_of(each) or "").partition(":")
        found.setdefault(name.lower(), tag)
    return found


def _observables(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = {observable_of(value) for name in OBSERVABLES if (value := text_of(said.get(name)))}
    url = text_of(said.get("url"))
    return tuple(sorted({*(each for each in found if each), *((url,) if url else ())}))


def _certainty(value: object) -> Certainty:
    """`confidence` runs from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Certainty.ONBEKEND
    if value >= SURE:
        return Certainty.BEVESTIGD
    return Certainty.WAARSCHIJNLIJK if value >= LIKELY else Certainty.ONBEKEND


def _products(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = (text_of(said.get(name)) for name in ("product", "vendor", "cve_id", "affected_products"))
    return tuple(sorted({each for each in found if each}))
