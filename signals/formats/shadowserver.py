"""Shadowserver reports: CSV with a line of names and a row per address, in the many variants of its reports.

A report with names and no rows is read, with no signals: nothing was found that day. Which kind of incident a row
tells is said by the file name, by the words in its tag, infection or type, or else by the report being about
something reachable that is vulnerable.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.kinds import RSIT, SHADOWSERVER_REPORTS, SHADOWSERVER_TAGS
from signals.formats.mapped import begins_as_json, columns_of
from signals.formats.quick import MOST_ROWS, address_of, digest, mark_of, when
from signals.formats.reading import Reading, Received, Refused, Rows, UnreadableError
from signals.normal import Certainty, NormalSignal, State

FORMAT = "shadowserver"
ADDRESS_NAMES = ("ip", "src_ip")
TIME = "timestamp"
FAMILIAR = frozenset(
    {
        "port", "protocol", "hostname", "tag", "asn", "geo", "region", "city", "naics", "sic", "sector", "severity",
        "infection", "src_port", "src_asn", "src_geo", "dst_ip", "dst_port", "hostname_source", "type", "application",
    }
)  # fmt: skip
ENOUGH_FAMILIAR = 3
SEPARATORS = re.compile(r"[;,\s]+")
FILE_NAME = re.compile(
    r"(?:\d{4}-\d{2}-\d{2}-)?((?:event|scan|compromised|blocklist|malware|phish|sandbox|device)[a-z0-9_]*)"
)
# shadowserver.org, "Severity levels": critical = act at once, high, medium, low, info = for information.
SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.ERNSTIG,
    "high": Severity.VERSTOORD,
    "medium": Severity.WAAKZAAM,
    "low": Severity.WAAKZAAM,
    "info": Severity.WAAKZAAM,
}
KIND_NAMES = ("tag", "infection", "type", "family")
OBSERVABLE_NAMES = ("hostname", "src_hostname", "domain", "md5", "sha256", "sha1", "http_host", "url")
PRODUCT_NAMES = ("device_vendor", "device_model", "vendor", "product", "software")


def recognises_bytes(body: bytes) -> bool:
    """Whether the first line holds the names of a report: a moment, an address, and three that are familiar."""
    return not begins_as_json(body) and _is_header({name.lower() for name in columns_of(body)})


def _is_header(names: set[str]) -> bool:
    return TIME in names and any(each in names for each in ADDRESS_NAMES) and len(FAMILIAR & names) >= ENOUGH_FAMILIAR


def parse(received: Received) -> Reading:
    """Read all rows. Raises UnreadableError when this is no report; a row that can not be read is refused by itself."""
    text = _text(received.body)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [name.strip().lower() for name in next(lines, [])]
    except csv.Error as error:
        raise UnreadableError("de kopregel is geen CSV") from error
    if not _is_header(set(header)):
        raise UnreadableError("geen Shadowserver-rapport: de kopregel heeft geen timestamp, ip en bekende kolommen")
    rows = Rows()
    signal = _builder(header, received)
    for place, row in enumerate(_rows(lines), start=1):
        if place > MOST_ROWS:
            raise UnreadableError(f"meer dan {MOST_ROWS} rijen in één rapport")
        made = "de rij is geen CSV" if row is None else signal(row, place)
        if isinstance(made, str):
            rows.refused.append(Refused(place, made))
        else:
            rows.signals.append(made)
    if not rows.signals and not rows.refused:
        rows.findings.append("het rapport heeft geen rijen")
    return rows.reading(FORMAT)


def _text(body: bytes) -> str:
    """UTF-8, or else Latin: names of organisations in old reports. NUL is taken out."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("windows-1252", "replace")
    return text.replace("\x00", "") if "\x00" in text else text


def _delimiter(text: str) -> str:
    """A comma, unless a spreadsheet saved the report again."""
    first = text[:10_000].partition("\n")[0]
    return max(",;\t|", key=first.count)


def _rows(lines: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Each row that is not empty; None for one that is no CSV."""
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        if row:
            yield row


def _builder(header: Sequence[str], received: Received) -> Callable[[list[str], int], NormalSignal | str]:
    """A function for one row, with the places of all columns worked out before."""
    width, source, own, now = len(header), received.source_id, received.municipality, received.received_at
    at_time = header.index(TIME)
    at_address = next(header.index(name) for name in ADDRESS_NAMES if name in header)
    at_severity = header.index("severity") if "severity" in header else None
    at_kinds = [header.index(name) for name in KIND_NAMES if name in header]
    at_marks = [header.index(name) for name in OBSERVABLE_NAMES if name in header]
    at_products = [header.index(name) for name in PRODUCT_NAMES if name in header]
    report = _report(received.headers)
    kind_of = _kinds(report)

    def signal(row: list[str], place: int) -> NormalSignal | str:
        if len(row) != width:
            return f"de rij heeft {len(row)} kolommen in plaats van {width}"
        address = address_of(row[at_address])
        if address is None:
            return "de rij heeft geen bestaand IP-adres"
        at, original = when(row[at_time], now)
        said = [row[each] for each in at_kinds]
        words = " ".join(each for each in said if each)
        content = digest(*row[:at_time], *row[at_time + 1 :])
        marks = {found for each in at_marks if row[each] and (found := mark_of(row[each]))}
        return NormalSignal(
            format=FORMAT,
            source_key=f"{source}|{report}|{address}|{words}",
            signal_key=f"{source}|{report}|{content}|{original or ''}",
            content_hash=content,
            group_key=report or None,
            observed_at=at,
            observed_original=original,
            municipality=own,
            observables=tuple(sorted({address, *marks})) if marks else (address,),
            rsit=kind_of(words),
            severity=SEVERITIES.get(row[at_severity].lower(), Severity.ONBEKEND)
            if at_severity is not None
            else Severity.ONBEKEND,
            certainty=Certainty.BEVESTIGD,
            tlp=Tlp.AMBER,
            products=tuple(sorted({row[each] for each in at_products if row[each]})),
            title=f"{words or report or 'Shadowserver'}: {address}",
            state=State.NIEUW,
            unknown=dict(zip(header, row, strict=True)),
            raw_pointer=place,
        )

    return signal


def _report(headers: Mapping[str, str]) -> str:
    """The report by the name of its file; empty when that was not given."""
    found = FILE_NAME.search(headers.get("content-disposition", "").lower())
    return found.group(1) if found else ""


def _kinds(report: str) -> Callable[[str], str]:
    """What kind of incident words tell; each wording is looked up once."""
    by_file = next((kind for start, kind in SHADOWSERVER_REPORTS if report.startswith(start)), None) if report else None
    known: dict[str, str] = {}

    def kind(words: str) -> str:
        if by_file:
            return by_file
        if words not in known:
            each = SEPARATORS.split(words.lower())
            known[words] = next(
                (SHADOWSERVER_TAGS[word] for word in each if word in SHADOWSERVER_TAGS), RSIT["vulnerable-system"]
            )
        return known[words]

    return kind
