"""IntelMQ events: flat JSON with dotted names, one event, a list of them, or one on each line.

The outcomes are those of IntelMQ 3: internationalised names become punycode, moments become UTC, and an event with an
impossible address or a classification type outside the vocabulary is refused. Nested objects, as some of its outputs
write them, are read as their dotted names.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.severity import Severity
from signals.formats.kinds import INTELMQ
from signals.formats.quick import MOST_ROWS, address_of, digest, mark_of, when
from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    read_json,
    read_json_line,
    text_of,
)
from signals.formats.vocabulary import tlp_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "intelmq"
MARK = "classification.type"
FAMILIES = frozenset({"classification", "source", "destination", "time", "feed", "malware", "event_description"})
ADDRESSES = ("source.ip", "destination.ip", "source.local_ip", "destination.local_ip")
OBSERVABLES = (
    "source.fqdn",
    "source.url",
    "malware.hash.md5",
    "malware.hash.sha1",
    "malware.hash.sha256",
    "source.reverse_dns",
)
PRODUCTS = frozenset({"product.full_name", "product.name", "product.vendor"})
TIMES = ("time.source", "time.observation")
HEAD = 65536
CONFIDENT = 75.0
# IntelMQ has no severity of its own; some bots add `extra.severity` with the words of Shadowserver.
SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.ERNSTIG,
    "high": Severity.VERSTOORD,
    "medium": Severity.WAAKZAAM,
    "low": Severity.WAAKZAAM,
    "info": Severity.WAAKZAAM,
}
NOT_SAID = frozenset({"time.source", "time.observation", "raw", "rtir_id", "feed.documentation"})
"""What tells which message this is or who passed it on, not what it says."""
Event = Mapping[str, Any]


def recognises(value: object) -> bool:
    """Whether this JSON is an event of IntelMQ, or a list of them."""
    rows = value if isinstance(value, list) else [value]
    return bool(rows) and all(_is_event(row) for row in rows[:100])


def recognises_bytes(body: bytes) -> bool:
    """Whether the first two lines are events of IntelMQ: JSON lines, which are no one JSON value."""
    first, found, rest = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not found or not rest.strip() or not first.startswith(b"{") or not first.rstrip().endswith(b"}"):
        return False
    try:
        return _is_event(read_json_line(first))
    except UnreadableError:
        return False


def _is_event(row: object) -> bool:
    if not isinstance(row, dict) or "specversion" in row:
        return False
    if MARK in row:
        return True
    nested = row.get("classification")
    if isinstance(nested, dict) and isinstance(nested.get("type"), str):
        return bool(FAMILIES & row.keys() - {"classification"})
    return row.get("__type") == "Event" or ("feed.name" in row and "source.ip" in row)


def parse(received: Received) -> Reading:
    """Read all events. Raises UnreadableError when none can be read; one that can not is a refused row."""
    rows = Rows()
    signal = _builder(received)
    for place, event in enumerate(_events(received.body), start=1):
        if place > MOST_ROWS:
            raise UnreadableError(f"meer dan {MOST_ROWS} gebeurtenissen in één bericht")
        try:
            rows.signals.append(signal(event, place))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def _events(body: bytes) -> Iterator[object]:
    if recognises_bytes(body):
        for line in body.removeprefix(b"\xef\xbb\xbf").splitlines():
            if line.strip():
                yield _line(line)
        return
    value = read_json(body)
    given = value if isinstance(value, list) else [value]
    if not given:
        raise UnreadableError("de lijst is leeg")
    yield from given


def _line(line: bytes) -> object:
    """The value of one line; a text with the reason when it has none."""
    try:
        return read_json_line(line)
    except UnreadableError as error:
        return str(error)


def _builder(received: Received) -> Callable[[object, int], NormalSignal]:
    source, own, now = received.source_id, received.municipality, received.received_at

    def signal(given: object, place: int) -> NormalSignal:
        event = _flat(given)
        kind = _kind(event)
        addresses = [_address(event, name) for name in ADDRESSES if name in event and event[name] not in (None, "")]
        marks = {found for name in OBSERVABLES if name in event and (found := _observable(event[name], name))}
        written = next((each for name in TIMES if (each := event.get(name))), None)
        at, original = when(written, now) if isinstance(written, str) else (now, text_of(written))
        content = digest(*[f"{name}={value}" for name, value in sorted(event.items()) if name not in NOT_SAID])
        campaign = _said(event, "malware.name")
        name = _said(event, "classification.identifier") or campaign or kind
        about = addresses[0] if event.get("source.ip") else _said(event, "source.fqdn")
        return NormalSignal(
            format=FORMAT,
            source_key=f"{source}|{_feed(event)}|{kind}|{name}|{about or content}",
            signal_key=f"{source}|{content}|{original or ''}",
            content_hash=content,
            observed_at=at,
            observed_original=original,
            municipality=own,
            observables=tuple(sorted({*addresses, *marks})),
            rsit=INTELMQ[kind],
            severity=_severity(event),
            certainty=_certainty(event),
            tlp=tlp_of(_said(event, "tlp")),
            products=_products(event),
            campaign=campaign,
            title=f"{name}: {about}" if about else name,
            text=_said(event, "event_description.text") or "",
            state=State.TEST if kind == "test" else State.NIEUW,
            unknown=event,
            raw_pointer=place,
        )

    return signal


def _flat(given: object) -> Event:
    """The event with dotted names. Raises UnreadableError."""
    if isinstance(given, str):
        raise UnreadableError(given)
    if not isinstance(given, dict):
        raise UnreadableError("de gebeurtenis is geen object")
    if dict not in map(type, given.values()):
        return _checked(given)
    flat: dict[str, Any] = {}
    waiting = list(given.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict) and name.partition(".")[0] in FAMILIES:
            waiting += [(f"{name}.{below}", each) for below, each in value.items()]
        else:
            flat[name] = value
    return _checked(flat)


def _checked(event: Event) -> Event:
    """The event, when at least one of its names is of the vocabulary. Raises UnreadableError."""
    if not any("." in name and name.partition(".")[0] in FAMILIES for name in event):
        raise UnreadableError("geen IntelMQ-gebeurtenis: velden zoals `classification.type` en `source.ip` ontbreken")
    return event


def _kind(event: Event) -> str:
    """The type; IntelMQ reads it in lower case, and says `undetermined` when there is none."""
    written = event.get(MARK, "undetermined")
    kind = written.strip().lower() if isinstance(written, str) else ""
    if kind not in INTELMQ:
        raise UnreadableError("`classification.type` staat niet in de woordenlijst van IntelMQ")
    return kind


def _address(event: Event, name: str) -> str:
    written = event[name]
    found = address_of(written) if isinstance(written, str) else None
    if found is None:
        raise UnreadableError(f"`{name}` is geen bestaand IP-adres")
    return found


def _observable(value: object, name: str) -> str | None:
    if not isinstance(value, str):
        return None
    return value.strip() or None if name == "source.url" else mark_of(value)


def _severity(event: Event) -> Severity:
    written = event.get("extra.severity")
    return SEVERITIES.get(written.lower(), Severity.ONBEKEND) if isinstance(written, str) else Severity.ONBEKEND


def _certainty(event: Event) -> Certainty:
    """By the accuracy of the feed, a percentage."""
    accuracy = event.get("feed.accuracy")
    if isinstance(accuracy, bool) or not isinstance(accuracy, int | float):
        return Certainty.ONBEKEND
    return Certainty.WAARSCHIJNLIJK if accuracy >= CONFIDENT else Certainty.ONBEKEND


def _products(event: Event) -> tuple[str, ...]:
    if PRODUCTS.isdisjoint(event):
        return ()
    return tuple(sorted({found for name in PRODUCTS if (found := _said(event, name))}))


def _said(event: Event, name: str) -> str | None:
    return text_of(event[name]) if name in event else None


def _feed(event: Event) -> str:
    return _said(event, "feed.code") or _said(event, "feed.name") or ""
