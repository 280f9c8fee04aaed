"""What is written per receipt: its counts, and its bytes where they must be kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from usecases.intake_rows import ReceiptOutcome, Verdict
from usecases.judging import Judged
from usecases.receipts import Read, Receipt

MOST_REASONS = 20


def outcomes(reads: Sequence[Read], judged: Sequence[Judged]) -> Sequence[ReceiptOutcome]:
    """The outcome of each receipt. Bytes are kept of what was refused, and of the first signal of a disturbance."""
    verdicts: Mapping[UUID, Counter[Verdict]] = defaultdict(Counter)
    opened: set[UUID] = set()
    for each in judged:
        receipt_id = each.read.receipt.receipt_id
        verdicts[receipt_id][each.row.verdict] += 1
        if each.opens:
            opened.add(receipt_id)
    return [_outcome(read, verdicts[read.receipt.receipt_id], kept=read.receipt.receipt_id in opened) for read in reads]


def copy_of(receipt: Receipt) -> ReceiptOutcome:
    """A copy of a receipt that has an outcome already: it is counted, and nothing else."""
    return ReceiptOutcome(
        door=receipt.door,
        number=receipt.number,
        receipt_id=receipt.receipt_id,
        source_id=receipt.source_id,
        organisation=receipt.organisation,
        received_at=receipt.received_at,
        outcome="read",
        format=None,
        signals=0,
        in_incidents=0,
        noted=0,
        duplicates=0,
        refused_rows=0,
    )


def _outcome(read: Read, verdicts: Mapping[Verdict, int], *, kept: bool) -> ReceiptOutcome:
    receipt = read.receipt
    counted = len(read.signals) + len(read.refused) if read.is_read else 0
    return ReceiptOutcome(
        door=receipt.door,
        number=receipt.number,
        receipt_id=receipt.receipt_id,
        source_id=receipt.source_id,
        organisation=receipt.organisation,
        received_at=receipt.received_at,
        outcome="read" if read.is_read else "quarantined",
        format=read.reading.format,
        signals=counted,
        in_incidents=verdicts.get(Verdict.IN_INCIDENT, 0),
        noted=verdicts.get(Verdict.NOTED, 0),
        duplicates=verdicts.get(Verdict.DUPLICATE, 0),
        refused_rows=len(read.refused) if read.is_read else 0,
        reasons=reasons(read),
        headers={} if read.is_read else _headers(receipt),
        raw=receipt.body if kept or not read.is_read or read.refused else None,
    )


def reasons(read: Read) -> tuple[str, ...]:
    """Each reason once, without content; a file with thousands of bad rows does not give thousands of them."""
    found = (*read.reading.reasons, *(each.reason for each in read.refused))
    return tuple(dict.fromkeys(found))[:MOST_REASONS]


def _headers(receipt: Receipt) -> Mapping[str, str]:
    """What must be known to offer the bytes again."""
    hint = {"driehoek-formaat": receipt.hint} if receipt.hint else {}
    return {**receipt.headers, "content-type": receipt.media_type, **hint}
