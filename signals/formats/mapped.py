"""Generic CSV and JSON, read through the mapping of their source; and the preview for whoever makes a mapping."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from domain.severity import Severity
from signals.formats.kinds import RSIT
from signals.formats.mapping import MOST_COLUMNS, SourceMapping, Target
from signals.formats.quick import MOST_ROWS, digest, mark_of, when
from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    read_json,
    text_of,
)
from signals.formats.vocabulary import CERTAINTY, SEVERITY, STATE, tlp_of
from signals.formats.xml import looks_like_xml
from signals.normal import Certainty, NormalSignal, State

MUNICIPALITY = re.compile(r"GM[0-9]{4}")
SHOWN_COLUMNS = 12
SHOWN_LENGTH = 40
BOM = b"\xef\xbb\xbf"
DELIMITERS = ",;\t|"
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a mapping makes of the first rows: the columns that were found, and the reading of those rows."""

    columns: tuple[str, ...]
    reading: Reading


def preview(mapping: SourceMapping, body: bytes, received: Received, rows: int = 5) -> Preview:
    """The first rows through this mapping. Raises UnreadableError when the file can not be opened with it."""
    columns, given = _opened(mapping, body)
    found = _through(mapping, islice(given, rows), received)
    reading = Reading(
        verdict="accepted" if found.signals else "quarantined",
        format=mapping.kind,
        signals=tuple(found.signals),
        refused_rows=tuple(found.refused),
    )
    return Preview(columns=columns, reading=reading)


def parse_mapped(received: Received, kind: str) -> Reading:
    """Read every row through the mapping of the source. Raises UnreadableError: no mapping, or no row can be read."""
    mapping = received.mapping
    if mapping is None or mapping.kind != kind:
        raise UnreadableError(_missing(received.body, kind))
    _, given = _opened(mapping, received.body)
    found = _through(mapping, islice(given, MOST_ROWS + 1), received)
    if len(found.signals) + len(found.refused) > MOST_ROWS:
        raise UnreadableError(f"meer dan {MOST_ROWS} rijen in één bestand")
    return found.reading(kind)


def fits(mapping: SourceMapping, body: bytes) -> bool:
    """Whether a body is of the kind that this mapping reads."""
    is_json = begins_as_json(body)
    return is_json if mapping.kind == "json" else not (is_json or looks_like_xml(body))


def begins_as_json(body: bytes) -> bool:
    """Whether these bytes begin as an object or a list of JSON, which no file with columns does."""
    return body[:64].removeprefix(BOM).lstrip().startswith((b"{", b"["))


def value_of(body: bytes) -> Any:
    """The JSON value of a body of no known format. Raises UnreadableError; for what may be a CSV with its columns."""
    try:
        return read_json(body)
    except UnreadableError as error:
        if columns_of(body) and not begins_as_json(body):
            raise UnreadableError(_missing(body, "csv")) from error
        raise


def _missing(body: bytes, kind: str) -> str:
    columns = columns_of(body) if kind == "csv" else names_of(read_json(body))
    shown = ", ".join(name[:SHOWN_LENGTH] for name in columns[:SHOWN_COLUMNS]) or "geen"
    return f"maak eerst een koppeling voor deze bron; gevonden kolommen: {shown}"


def columns_of(body: bytes) -> tuple[str, ...]:
    """Cells of the first line of what may be a CSV; empty when it is no text with columns."""
    start = body[:65536].removeprefix(BOM)
    first = start.split(b"\n", 1)[0].rstrip(b"\r")
    if b"\0" in first or not first:
        return ()
    try:
        line = first.decode()
    except UnicodeDecodeError:
        line = first.decode("windows-1252", "replace")
    line = line.replace("\t", "|") if "|" not in line else line
    delimiter = max(DELIMITERS, key=line.count)
    if not line.count(delimiter):
        return ()
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in cells) if line.isprintable() and len(cells) <= MOST_COLUMNS else ()


def names_of(value: object) -> tuple[str, ...]:
    """Names in the first object of a JSON document."""
    first = value[0] if isinstance(value, list) and value else value
    return tuple(first) if isinstance(first, dict) else ()


def _opened(mapping: SourceMapping, body: bytes) -> tuple[tuple[str, ...], Iterator[tuple[Cells | str, Any]]]:
    return _opened_csv(mapping, body) if mapping.kind == "csv" else _opened_json(mapping, body)


def _opened_csv(mapping: SourceMapping, body: bytes) -> tuple[tuple[str, ...], Iterator[tuple[Cells | str, Any]]]:
    try:
        text = body.decode("utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"de tekst is geen {mapping.encoding}; kies in de koppeling een andere codering"
        ) from error
    lines = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=mapping.delimiter)
    try:
        header = next(lines, []) if mapping.has_header else []
    except csv.Error as error:
        raise UnreadableError("de kopregel is geen CSV") from error
    columns = mapping.columns or tuple(name.strip() for name in header)
    missing = {name for names in mapping.fields.values() for name in names} - set(columns)
    if missing:
        raise UnreadableError(f"deze kolommen van de koppeling staan niet in het bestand: {', '.join(sorted(missing))}")
    return columns, _cells(lines, columns)


def _cells(lines: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[tuple[Cells | str, Any]]:
    """Each row with its own cells, or the reason why it has none. Empty lines are no rows."""
    width = len(columns)
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield "de rij is geen CSV", None
            continue
        if not row:
            continue
        if len(row) == width:
            yield dict(zip(columns, row, strict=True)), None
        else:
            yield f"de rij heeft {len(row)} kolommen in plaats van {width}", None


def _opened_json(mapping: SourceMapping, body: bytes) -> tuple[tuple[str, ...], Iterator[tuple[Cells | str, Any]]]:
    found = pointed(read_json(body), mapping.rows)
    if found is None:
        raise UnreadableError("op de plaats die de koppeling noemt staan geen rijen")
    given = found if isinstance(found, list) else [found]
    pointers = {name for names in mapping.fields.values() for name in names}
    return names_of(given), (_flat(row, pointers) for row in given)


def _flat(row: object, pointers: set[str]) -> tuple[Cells | str, Any]:
    if not isinstance(row, dict):
        return "de rij is geen object", None
    return {each: text_of(pointed(row, each)) or "" for each in pointers}, row


def pointed(value: object, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; None when there is nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 10:  # noqa: PLR2004 -- a place
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return None
    return value


def _through(mapping: SourceMapping, given: Iterator[tuple[Cells | str, Any]], received: Received) -> Rows:
    rows = Rows()
    signal = _builder(mapping, received)
    for place, (cells, whole) in enumerate(given, start=1):
        made = cells if isinstance(cells, str) else signal(cells, whole, place)
        if isinstance(made, str):
            rows.refused.append(Refused(place, made))
        else:
            rows.signals.append(made)
    return rows


def _builder(mapping: SourceMapping, received: Received) -> Callable[[Cells, Any, int], NormalSignal | str]:
    """A function for one row, with everything that is the same for all rows worked out before."""
    cell = {target: _getter(mapping, target) for target in Target}
    used = frozenset(name for names in mapping.fields.values() for name in names)
    told = _telling(mapping)
    observable_names = mapping.fields.get(Target.KENMERKEN, ())
    product_names = mapping.fields.get(Target.PRODUCT, ())
    source, own = received.source_id, received.municipality

    def signal(cells: Cells, whole: Any, place: int) -> NormalSignal | str:
        observables = _observables(cells, observable_names)
        title, text = cell[Target.TITEL](cells), cell[Target.TEKST](cells)
        service, supplier = cell[Target.DIENST](cells), cell[Target.LEVERANCIER](cells)
        if not (observables or title or text or service or supplier) or not any(cells.values()):
            return "de rij noemt geen dienst, leverancier, kenmerk, titel of tekst"
        municipality = cell[Target.GEMEENTE](cells)
        if municipality and not MUNICIPALITY.fullmatch(municipality):
            return "de gemeentecode is niet geschreven als GM0344"
        at, original = when(cell[Target.TIJDSTIP](cells), received.received_at)
        content = digest(*[value for name, value in cells.items() if name not in told])
        identity = cell[Target.ID](cells)
        return NormalSignal(
            format=mapping.kind,
            source_key=f"{source}|{cell[Target.VERSTORING](cells) or identity or content}",
            signal_key=f"{source}|{identity or content + (original or '')}",
            content_hash=content,
            observed_at=at,
            observed_original=original,
            municipality=municipality or own,
            service=service or None,
            supplier=supplier or None,
            observables=observables,
            rsit=_rsit(cell[Target.TYPE](cells)),
            severity=SEVERITY.get(cell[Target.ERNST](cells).lower(), Severity.ONBEKEND),
            certainty=CERTAINTY.get(cell[Target.ZEKERHEID](cells).lower(), Certainty.ONBEKEND),
            tlp=tlp_of(cell[Target.TLP](cells)),
            products=_products(cells, product_names),
            campaign=cell[Target.CAMPAGNE](cells) or None,
            references=tuple(cell[Target.VERWIJZING](cells).split()),
            title=title,
            text=text,
            state=STATE.get(cell[Target.TOESTAND](cells).lower(), State.NIEUW),
            unknown=whole if whole is not None else {name: value for name, value in cells.items() if name not in used},
            raw_pointer=place,
        )

    return signal


def _getter(mapping: SourceMapping, target: Target) -> Callable[[Cells], str]:
    """How a field is found in a row: its columns, then its value table, then its constant."""
    names = mapping.fields.get(target, ())
    constant = mapping.constants.get(target, "")
    table = {written.strip().lower(): meant for written, meant in mapping.values.get(target, {}).items()}
    if not names:
        return lambda _cells: constant
    if len(names) == 1 and not table:
        only = names[0]
        return lambda cells: cells[only].strip() or constant

    def value(cells: Cells) -> str:
        written = " ".join(part for name in names if (part := cells[name].strip()))
        return table.get(written.lower(), written) or constant

    return value


def _telling(mapping: SourceMapping) -> frozenset[str]:
    """Columns that tell which message this is, not what it says."""
    return frozenset(name for each in (Target.ID, Target.TIJDSTIP) for name in mapping.fields.get(each, ()))


def _rsit(written: str) -> str | None:
    return RSIT.get(written, written) or None


def _observables(cells: Cells, names: Sequence[str]) -> tuple[str, ...]:
    if len(names) == 1:
        one = cells[names[0]].strip()
        found = mark_of(one) if one else None
        return (found,) if found else ()
    several = (mark_of(value) for name in names if (value := cells[name].strip()))
    return tuple(sorted({each for each in several if each}))


def _products(cells: Cells, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({value for name in names if (value := cells[name].strip())})) if names else ()
