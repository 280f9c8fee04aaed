"""E-mail (RFC 5322, MIME): attachments in any format that we read, otherwise the text of the mail as one report.

What a machine sent back (an absence, a delivery failure, our own mail) is noted and raises nothing: otherwise two
mailboxes would keep each other busy for ever. A weak mark, such as `Precedence: bulk`, counts only in an answer to
us, because warning services send their real reports with it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from itertools import islice

from domain.severity import Severity
from signals.formats.html import text_of_html
from signals.formats.mail_marks import automatic, state_in, tlp_in
from signals.formats.quick import digest
from signals.formats.reading import Reading, Received, Refused, Rows, UnreadableError, moment_of, text_of
from signals.normal import NormalSignal, State

FORMAT = "email"
MOST_PARTS = 200
MOST_CONTAINERS = 50
LONGEST_HEADER = 16_384
LONGEST_TEXT = 100_000
NAME = re.compile(rb"[!-9;-~]+[ \t]*:")
STRUCTURED = re.compile(rb"(?im)^content-(?:type|disposition|id)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*")
BOUNDARY = re.compile(rb'(?i)\bboundary[ \t]*=[ \t]*"?([^"\r\n;]{1,200})')
CONTINUED = b"boundary*"
"""A boundary in pieces (RFC 2231): no mail program writes it, and we could not count its parts."""
TRACES = frozenset({b"date", b"message-id", b"received"})
IDENTITY = re.compile(r"<[^<>\s]{1,500}>")
HEAD = 262_144
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
SILENT = ("image/", "audio/", "video/", "font/", "application/pgp-", "application/pkcs7", "application/x-pkcs7")
"""Logos, signatures and the like: nobody sends a report in these."""
STARTS = ("{", "[", "<?xml")
ReadPart = Callable[[Received], Reading]
DAMAGED = (IndexError, KeyError, AttributeError, TypeError, LookupError, ValueError)
"""What the parser of the standard library raises on headers that are broken in ways it does not know."""


def recognises_bytes(body: bytes) -> bool:
    """Whether these bytes begin with headers of a mail: From, and a date, an id or a trace of its way."""
    names = _header_names(body)
    return b"from" in names and bool(TRACES & names)


def _header_names(body: bytes) -> set[bytes]:
    """Names of the headers at the start; empty when something else stands between them."""
    names: set[bytes] = set()
    lines = body[:HEAD].replace(b"\r\n", b"\n").split(b"\n")
    for place, line in enumerate(lines):
        if not line.strip():
            break
        if place == 0 and line.startswith(b"From "):
            continue
        if NAME.match(line):
            names.add(line.partition(b":")[0].strip().lower())
        elif not line.startswith((b" ", b"\t")) or not names:
            return set()
    return names


def parse(received: Received, read_part: ReadPart) -> Reading:
    """Read one mail. Raises UnreadableError when it is none, or says nothing."""
    if b"from" not in _header_names(received.body):
        raise UnreadableError("dit is geen e-mail: de kopregels met een afzender (From) ontbreken")
    _check_size(received.body)
    try:
        message = message_from_bytes(received.body, policy=default)
        return _read(message, received, read_part)
    except UnreadableError:
        raise
    except DAMAGED as error:
        raise UnreadableError("de kopregels van de e-mail zijn beschadigd") from error


def _check_size(body: bytes) -> None:
    """Bounds before the parser starts: it spends minutes on a million parts. Raises UnreadableError."""
    if any(len(each.group()) > LONGEST_HEADER for each in STRUCTURED.finditer(body)):
        raise UnreadableError("een kopregel van de e-mail is te lang")
    boundaries = {each.group(1).strip() for each in islice(BOUNDARY.finditer(body), MOST_CONTAINERS + 1)}
    parts = sum(body.count(b"\n--" + boundary) for boundary in boundaries)
    if len(boundaries) > MOST_CONTAINERS or parts > 2 * MOST_PARTS or CONTINUED in body:
        raise UnreadableError(f"de e-mail heeft meer dan {MOST_PARTS} delen")


def _read(message: EmailMessage, received: Received, read_part: ReadPart) -> Reading:
    rows = Rows()
    reason = automatic(message)
    parts = list(_parts(message))
    if reason is None:
        for number, part in enumerate((each for each in parts if _is_attached(each)), start=1):
            _take(part, f"bijlage {number}", received, read_part, rows)
        if not rows.signals and not rows.findings:
            _take_inline(parts, received, read_part, rows)
    else:
        rows.findings.append(reason)
    if reason is not None or not (rows.signals or rows.findings):
        rows.signals.append(_report(message, _body(parts), received, place=_next(rows), is_noted=reason is not None))
    return rows.reading(FORMAT)


def _parts(message: Message) -> Iterator[Message]:
    """Everything that is no container, also inside mails that were sent along. Bounded."""
    waiting: list[Message] = [message]
    count = 0
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MOST_PARTS:
            raise UnreadableError(f"de e-mail heeft meer dan {MOST_PARTS} delen")
        if part.is_multipart():
            waiting += reversed([each for each in part.get_payload() if isinstance(each, Message)])
        else:
            yield part


def _is_attached(part: Message) -> bool:
    kind = part.get_content_type()
    if kind.startswith(SILENT):
        return False
    return part.get_content_disposition() == "attachment" or bool(part.get_filename()) or not kind.startswith("text/")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _take(part: Message, name: str, received: Received, read_part: ReadPart, rows: Rows) -> None:
    """Read one attachment into the rows, numbered after what is there."""
    content = _bytes(part)
    if content.startswith(ARCHIVES):
        rows.refused.append(Refused(_next(rows), f"{name} is een ingepakt bestand; stuur het bestand zelf"))
        return
    file_name = text_of(part.get_filename()) or ""
    inner = replace(
        received, body=content, media_type=part.get_content_type(), headers={"content-disposition": file_name}
    )
    try:
        reading = read_part(inner)
    except (UnreadableError, RecursionError) as error:
        rows.refused.append(Refused(_next(rows), f"{name}: {str(error) or 'niet te lezen'}"))
        return
    _add(reading, name, rows)


def _add(reading: Reading, name: str, rows: Rows) -> None:
    before = _next(rows) - 1
    rows.findings.append(f"{name} is gelezen als {reading.format}")
    rows.findings += [f"{name}: {each}" for each in reading.findings]
    rows.signals += [replace(each, raw_pointer=before + each.raw_pointer) for each in reading.signals]
    rows.refused += [Refused(before + each.row, f"{name}: {each.reason}") for each in reading.refused_rows]


def _take_inline(parts: list[Message], received: Received, read_part: ReadPart, rows: Rows) -> None:
    """The text itself, when somebody put the whole report there instead of in an attachment."""
    text = _body(parts)
    if not text.startswith(STARTS):
        return
    try:
        reading = read_part(replace(received, body=text.encode("utf-8", "replace"), media_type="", headers={}))
    except (UnreadableError, RecursionError):
        return
    _add(reading, "de tekst", rows)


def _next(rows: Rows) -> int:
    """The number of the row after all rows that are there."""
    return 1 + max([0, *(each.raw_pointer for each in rows.signals[-1:]), *(each.row for each in rows.refused)])


def _body(parts: list[Message]) -> str:
    """The text for people: plain text before HTML."""
    shown = [each for each in parts if not _is_attached(each) and each.get_content_maintype() == "text"]
    plain = next(
        (text for each in shown if each.get_content_subtype() == "plain" and (text := _text(each).strip())), ""
    )
    return plain or next((text for each in shown if (text := text_of_html(_text(each)))), "")


def _text(part: Message) -> str:
    content = _bytes(part)[: 4 * LONGEST_TEXT]
    try:
        text = content.decode(part.get_content_charset() or "utf-8", "strict")
    except (LookupError, ValueError):
        text = content.decode("windows-1252", "replace")
    return (text_of(text) or "")[:LONGEST_TEXT]


def _report(message: EmailMessage, body: str, received: Received, *, place: int, is_noted: bool) -> NormalSignal:
    """The mail itself as one signal. A thread is one disturbance, named by its first mail."""
    subject = header(message, "Subject")
    if not subject and not body:
        raise UnreadableError("de e-mail heeft geen onderwerp, geen tekst en geen bijlage die wij lezen")
    content = digest(subject.casefold(), body)
    own = next(iter(IDENTITY.findall(header(message, "Message-ID"))), content)
    thread = IDENTITY.findall(f"{header(message, 'References')} {header(message, 'In-Reply-To')}")
    at, original = _sent(message, received.received_at)
    return NormalSignal(
        format=FORMAT,
        source_key=f"{received.source_id}|{thread[0] if thread else own}",
        signal_key=f"{received.source_id}|{own}",
        content_hash=content,
        observed_at=at,
        observed_original=original,
        municipality=received.municipality,
        severity=Severity.NORMAAL if is_noted else Severity.ONBEKEND,
        tlp=tlp_in(f"{subject}\n{body}"),
        references=tuple(sorted(set(thread))),
        is_update=bool(thread),
        title=subject[:300],
        text=body,
        state=State.NIEUW if is_noted else state_in(subject),
        unknown={"from": header(message, "From"), "to": header(message, "To")},
        raw_pointer=place,
    )


def header(message: EmailMessage, name: str) -> str:
    """A header in readable characters; one that is very long or broken as it stood there, cut."""
    raw = next((str(value) for each, value in message.raw_items() if each.lower() == name.lower()), "")
    if len(raw) > LONGEST_HEADER:
        return text_of(raw[:LONGEST_HEADER]) or ""
    try:
        return text_of(str(message[name] or "")) or ""
    except DAMAGED:
        return text_of(raw) or ""


def _sent(message: EmailMessage, received_at: datetime) -> tuple[datetime, str | None]:
    written = header(message, "Date")
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return received_at, written or None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment_of(moment.isoformat(), received_at)[0], written
