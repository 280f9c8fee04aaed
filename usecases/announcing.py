"""What subscribers hear about signals: references and codes, as CloudEvents 1.0 in the NL GOV profile."""

import json
from collections.abc import Mapping, Sequence

from domain.events.core import Mode
from usecases.cloudevents import source_of
from usecases.intake_rows import Announcement, Verdict
from usecases.judging import Judged
from usecases.outcomes import reasons
from usecases.receipts import Read
from usecases.record import Work
from usecases.topics import Topic, name_of

ACCEPTED = "nl.incidenten.signaal-aanvaard"
QUARANTINED = "nl.incidenten.ontvangst-in-quarantaine"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def announcements(work: Work, reads: Sequence[Read], judged: Sequence[Judged]) -> Sequence[Announcement]:
    """One per signal that is no repeat, one per receipt in quarantine."""
    accepted, quarantined = name_of(Topic.ACCEPTED, work.ctx.mode), name_of(Topic.QUARANTINED, work.ctx.mode)
    signals = [
        Announcement(
            topic=accepted,
            key=each.row.municipality,
            type=ACCEPTED,
            id=each.row.signal_id,
            oin=work.ctx.oin,
            at=work.at,
            data=_said(each),
        )
        for each in judged
        if each.row.verdict is not Verdict.DUPLICATE
    ]
    receipts = [
        Announcement(
            topic=quarantined,
            key=read.receipt.source_id,
            type=QUARANTINED,
            id=work.ctx.ids.new(),
            oin=work.ctx.oin,
            at=work.at,
            data={"ontvangst": str(read.receipt.receipt_id), "redenen": list(reasons(read))},
        )
        for read in reads
        if not read.is_read
    ]
    return [*signals, *receipts]


def cloud_event(said: Announcement, mode: Mode) -> bytes:
    """The structured CloudEvent."""
    event = {
        "specversion": "1.0",
        "id": str(said.id),
        "source": source_of(said.oin),
        "type": said.type,
        "time": said.at.isoformat().replace("+00:00", "Z"),
        "subject": said.key,
        "datacontenttype": "application/json",
        "mode": mode.value,
        "data": said.data,
    }
    return _json(event).encode()


def _said(each: Judged) -> Mapping[str, object]:
    row = each.row
    said: dict[str, object] = {
        "signaal": str(row.signal_id),
        "ontvangst": str(row.receipt_id),
        "gemeente": row.municipality,
        "oordeel": row.verdict.value,
    }
    if each.decision is not None:
        said |= {"incident": str(each.decision.incident_id), "regel": each.decision.rule.rule}
    return said
