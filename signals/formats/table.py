"""The formats there are. A new one is a file beside this one and a line in the table; nothing else asks for names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from signals.formats import (
    alertmanager,
    azure,
    cap,
    cloudevents,
    csaf,
    driehoek,
    generic_csv,
    generic_json,
    intelmq,
    iodef,
    mail,
    misp,
    shadowserver,
    statuspage,
    stix21,
    xarf,
)
from signals.formats.mapped import fits, value_of
from signals.formats.mapping import SourceMapping
from signals.formats.reading import Reading, Received, UnreadableError
from signals.formats.xml import looks_like_xml


def _never(_given: object) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Format:
    """How one format is recognised and read. `media_types`: what only this format uses."""

    id: str
    media_types: tuple[str, ...] = ()
    recognises: Callable[[object], bool] = _never
    """By the JSON value of the body."""
    recognises_bytes: Callable[[bytes], bool] = _never
    """By the bytes themselves; asked before anything is read as JSON."""
    parse: Callable[[Received], Reading]
    webhook: str | None = None
    """What its own door is for, in Dutch; None when it has no door `/v1/signalen/<id>` of its own."""


FORMATS: Mapping[str, Format] = {
    each.id: each
    for each in (
        Format(
            id=cloudevents.FORMAT,
            media_types=("application/cloudevents+json", "application/cloudevents-batch+json"),
            recognises=cloudevents.recognises,
            parse=cloudevents.parse,
        ),
        Format(
            id=alertmanager.FORMAT,
            recognises=alertmanager.recognises,
            parse=alertmanager.parse,
            webhook="Een webhook van Prometheus Alertmanager aanbieden.",
        ),
        Format(
            id=statuspage.FORMAT,
            recognises=statuspage.recognises,
            parse=statuspage.parse,
            webhook="Een webhook van een Atlassian-statuspagina aanbieden.",
        ),
        Format(
            id=azure.FORMAT,
            recognises=azure.recognises,
            parse=azure.parse,
            webhook="Een melding van Azure Monitor of Azure Service Health aanbieden (common alert schema).",
        ),
        Format(id=cap.FORMAT, recognises=cap.recognises, recognises_bytes=cap.recognises_bytes, parse=cap.parse),
        Format(id=iodef.FORMAT, recognises_bytes=iodef.recognises_bytes, parse=iodef.parse),
        Format(id=xarf.FORMAT, recognises=xarf.recognises, parse=xarf.parse),
        Format(
            id=intelmq.FORMAT,
            recognises=intelmq.recognises,
            recognises_bytes=intelmq.recognises_bytes,
            parse=intelmq.parse,
        ),
        Format(id=shadowserver.FORMAT, recognises_bytes=shadowserver.recognises_bytes, parse=shadowserver.parse),
        Format(
            id=mail.FORMAT,
            media_types=("message/rfc822",),
            recognises_bytes=mail.recognises_bytes,
            parse=lambda received: mail.parse(received, _attachment),
        ),
        Format(id=generic_csv.FORMAT, parse=generic_csv.parse),
        Format(id=generic_json.FORMAT, parse=generic_json.parse),
        Format(
            id=stix21.FORMAT,
            media_types=(stix21.MEDIA_TYPE,),
            recognises=stix21.recognises,
            parse=stix21.parse,
        ),
        Format(id=csaf.FORMAT, recognises=csaf.recognises, parse=csaf.parse),
        Format(id=misp.FORMAT, recognises=misp.recognises, parse=misp.parse),
        Format(id=driehoek.FORMAT, recognises=driehoek.recognises, parse=driehoek.parse),
    )
}
"""In the order in which they are tried."""
_BY_MEDIA = {media: each for each in FORMATS.values() for media in each.media_types}
_BY_BYTES = tuple(each for each in FORMATS.values() if each.recognises_bytes is not _never)
_BY_VALUE = tuple(each for each in FORMATS.values() if each.recognises is not _never)


def read(
    body: bytes,
    *,
    media_type: str,
    headers: Mapping[str, str],
    hint: str | None,
    received_at: datetime,
    source_organisation: str,
    source_id: str = "",
    mapping: SourceMapping | None = None,
) -> Reading:
    """Read any bytes. Never raises: what can not be read is quarantined, with the reason.

    `mapping` is how somebody said that this source's own CSV or JSON is read; it goes before what we recognise.
    """
    received = Received(
        body=body,
        media_type=media_type.partition(";")[0].strip(),
        headers=headers,
        received_at=received_at,
        organisation=source_organisation,
        source_id=source_id,
        mapping=mapping,
    )
    chosen = FORMATS.get(hint) if hint else None
    try:
        chosen = chosen or _recognised(received)
        return chosen.parse(received)
    except (UnreadableError, RecursionError) as error:
        reason = str(error) or "niet te lezen"
        return Reading(verdict="quarantined", format=chosen.id if chosen else hint, reasons=(reason,))


def _recognised(received: Received) -> Format:
    found = _by_label(received) or _by_mapping(received) or _by_bytes(received)
    if found is not None:
        return found
    if looks_like_xml(received.body):
        raise UnreadableError(f"deze XML herkennen wij niet; wij lezen {', '.join(FORMATS)}")
    value = value_of(received.body)
    for each in _BY_VALUE:
        if each.recognises(value):
            return each
    raise UnreadableError(f"dit formaat herkennen wij niet; wij lezen {', '.join(FORMATS)}")


def _by_label(received: Received) -> Format | None:
    """What the media type or the headers say, when only one format uses them."""
    media = received.media_type.lower()
    if "ce-specversion" in received.headers and media not in _BY_MEDIA:
        return FORMATS[cloudevents.FORMAT]
    return _BY_MEDIA.get(media)


def _by_mapping(received: Received) -> Format | None:
    """The mapping of this source, for what is of its kind. A mail is opened first, for what it carries."""
    mapping = received.mapping
    if mapping is None or mail.recognises_bytes(received.body) or not fits(mapping, received.body):
        return None
    return FORMATS[mapping.kind]


def _attachment(received: Received) -> Reading:
    """An attachment, by what it is. A mail in a mail was opened with it, so what still looks like one is refused."""
    chosen = _recognised(received)
    if chosen.id == mail.FORMAT:
        raise UnreadableError("een e-mail als bestand in een e-mail lezen wij niet")
    return chosen.parse(received)


def _by_bytes(received: Received) -> Format | None:
    return next((each for each in _BY_BYTES if each.recognises_bytes(received.body)), None)
