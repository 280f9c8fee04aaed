"""What the intake writes per batch: positions, outcomes, normal forms, evidence. A fixed number of queries."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError
from zstandard import ZstdCompressor

from domain.events.core import Mode
from signals.normal import NormalSignal
from usecases.announcing import cloud_event
from usecases.cloudevents import HEADERS
from usecases.intake_rows import Announcement, ReceiptOutcome, SignalRow

NORMAL = TypeAdapter(NormalSignal)
ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class IntakeRows:
    """Outcomes are written in the transaction that moves the position: both or neither."""

    _sql: asyncpg.Connection
    _mode: Mode

    async def claim_position(self, topic: str, partition: int, expected: int) -> bool:
        """Lock the position row; False when somebody else has moved it: then the batch is dropped."""
        found: int | None = await self._sql.fetchval(
            "SELECT read_to FROM intake_position WHERE topic = $1 AND partition = $2 FOR UPDATE", topic, partition
        )
        return found == expected

    async def move_position(self, topic: str, partition: int, read_to: int) -> None:
        """Write how far was read, together with the outcomes."""
        await self._sql.execute(
            "UPDATE intake_position SET read_to = $3 WHERE topic = $1 AND partition = $2", topic, partition, read_to
        )

    async def known_signals(self, keys: Collection[str]) -> Mapping[str, UUID | None]:
        """Which dedupe keys were seen, with the incident of the signal that had them while it is open."""
        rows = await self._sql.fetch(
            "SELECT dedupe_key, incident.incident_id FROM seen"
            " LEFT JOIN signal ON signal.signal_id = seen.signal_id::uuid"
            " LEFT JOIN incident ON incident.incident_id = signal.incident_id AND is_open"
            " WHERE dedupe_key = ANY($1::text[])",
            list(keys),
        )
        return {row["dedupe_key"]: row["incident_id"] for row in rows}

    async def known_receipts(self, receipts: Collection[tuple[UUID, int]]) -> frozenset[tuple[UUID, int]]:
        """Which (door, number) have an outcome already."""
        rows = await self._sql.fetch(
            "SELECT door, number FROM receipt JOIN unnest($1::uuid[], $2::bigint[]) AS asked (door, number)"
            " USING (door, number)",
            [door for door, _ in receipts],
            [number for _, number in receipts],
        )
        return frozenset((row["door"], row["number"]) for row in rows)

    async def new_receipts(self, outcomes: Sequence[ReceiptOutcome]) -> frozenset[tuple[UUID, int]]:
        """Write outcomes of receipts, with quarantine and evidence; those that are new.

        Others are counted as redelivered. Of two outcomes of one receipt the first counts.
        """
        first = {(each.door, each.number): each for each in reversed(outcomes)}
        ordered = sorted(first.values(), key=lambda each: (each.door, each.number))
        proofs = {each.receipt_id: sha256(each.raw).hexdigest() for each in ordered if _is_evidence(each) and each.raw}
        rows = await self._sql.fetch(
            "INSERT INTO receipt (door, number, receipt_id, source_id, organisation, received_at, outcome, format,"
            " signals, reasons, evidence) SELECT a, b, c, d, e, f, g, h, i, string_to_array(j, E'\\n'), k"
            " FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],"
            " $7::text[], $8::text[], $9::integer[], $10::text[], $11::text[])"
            " AS given (a, b, c, d, e, f, g, h, i, j, k) ON CONFLICT DO NOTHING RETURNING door, number",
            [each.door for each in ordered],
            [each.number for each in ordered],
            [each.receipt_id for each in ordered],
            [each.source_id for each in ordered],
            [each.organisation for each in ordered],
            [each.received_at for each in ordered],
            [each.outcome for each in ordered],
            [each.format for each in ordered],
            [each.signals for each in ordered],
            ["\n".join(reason.replace("\n", " ") for reason in each.reasons) for each in ordered],
            [proofs.get(each.receipt_id) for each in ordered],
        )
        new = frozenset((row["door"], row["number"]) for row in rows)
        written = [each for each in ordered if (each.door, each.number) in new]
        await self._keep_evidence([each.raw for each in written if _is_evidence(each) and each.raw])
        await self._put_quarantine([each for each in written if each.outcome == "quarantined"])
        await self._count(written, redelivered=len(outcomes) - len(new))
        return new

    async def _count(self, new: Sequence[ReceiptOutcome], *, redelivered: int) -> None:
        """Add to the numbers of the ledger; rows are locked in one order for all."""
        counts = {
            "duplicates": sum(each.duplicates for each in new),
            "in_incidents": sum(each.in_incidents for each in new),
            "noted": sum(each.noted for each in new),
            "quarantined": sum(each.outcome == "quarantined" for each in new),
            "read": sum(each.outcome == "read" for each in new),
            "redelivered": redelivered,
            "refused_rows": sum(each.refused_rows for each in new),
            "signals": sum(each.signals for each in new),
        }
        await self._sql.execute(
            "WITH held AS (SELECT name FROM tally WHERE name = ANY($1::text[]) ORDER BY name FOR NO KEY UPDATE)"
            " UPDATE tally SET value = tally.value + added.value FROM unnest($1::text[], $2::bigint[])"
            " AS added (name, value), held WHERE tally.name = added.name AND held.name = added.name",
            list(counts),
            list(counts.values()),
        )

    async def put_signals(self, rows: Sequence[SignalRow]) -> None:
        """Write the normal forms with their verdict, and the keys by which a repeat is recognised.

        A key that was seen before leads to its newest signal: the older one is in an incident that is closed.
        """
        if not rows:
            return
        await self._sql.execute(
            "INSERT INTO signal (signal_id, receipt_id, place, municipality, verdict, incident_id, observed_at,"
            " explanation, normal) SELECT a, b, c, d, e, f, g, h, i::jsonb FROM unnest($1::uuid[], $2::uuid[],"
            " $3::integer[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[], $8::text[], $9::text[])"
            " AS given (a, b, c, d, e, f, g, h, i)",
            [row.signal_id for row in rows],
            [row.receipt_id for row in rows],
            [row.row for row in rows],
            [row.municipality for row in rows],
            [row.verdict.value for row in rows],
            [row.incident_id for row in rows],
            [row.normal.observed_at for row in rows],
            [row.explanation for row in rows],
            [_json(row.normal) for row in rows],
        )
        newest = {key: str(row.signal_id) for row in rows for key in row.dedupe_keys}
        keys = sorted(newest.items())
        await self._sql.execute(
            "INSERT INTO seen (dedupe_key, signal_id) SELECT * FROM unnest($1::text[], $2::text[])"
            " ON CONFLICT (dedupe_key) DO UPDATE SET signal_id = EXCLUDED.signal_id, at = EXCLUDED.at",
            [key for key, _ in keys],
            [signal for _, signal in keys],
        )

    async def mentioned_before(self, incidents: Collection[UUID], moment: datetime) -> frozenset[UUID]:
        """Those whose signals were last mentioned in a fact before this moment, or never."""
        rows = await self._sql.fetch(
            "SELECT incident_id FROM membership WHERE incident_id = ANY($1::uuid[])"
            " AND (mentioned_at IS NULL OR mentioned_at < $2)",
            list(incidents),
            moment,
        )
        return frozenset(row["incident_id"] for row in rows)

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Put what subscribers hear in the outbox; the relay sends it when nothing for people waits."""
        if not announcements:
            return
        await self._sql.execute(
            "INSERT INTO outbox (topic, key, headers, value) SELECT a, b, $4::jsonb, c"
            " FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS given (a, b, c)",
            [each.topic for each in announcements],
            [each.key.encode() for each in announcements],
            [cloud_event(each, self._mode) for each in announcements],
            json.dumps(dict(HEADERS)),
        )
        await self._sql.execute("NOTIFY outbox")

    async def _put_quarantine(self, outcomes: Sequence[ReceiptOutcome]) -> None:
        if not outcomes:
            return
        await self._sql.executemany(
            "INSERT INTO quarantine (receipt_id, source_id, organisation, received_at, reasons, headers, raw)"
            " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7) ON CONFLICT DO NOTHING",
            [
                (
                    each.receipt_id,
                    each.source_id,
                    each.organisation,
                    each.received_at,
                    list(each.reasons),
                    storable(json.dumps(dict(each.headers))),
                    each.raw or b"",
                )
                for each in outcomes
            ],
        )

    async def _keep_evidence(self, bodies: Sequence[bytes]) -> None:
        """Keep bytes as evidence, compressed, once per content."""
        if not bodies:
            return
        compressor = ZstdCompressor()
        await self._sql.executemany(
            "INSERT INTO evidence (content_hash, raw, kept_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING",
            sorted({sha256(body).hexdigest(): compressor.compress(body) for body in bodies}.items()),
        )


def _is_evidence(outcome: ReceiptOutcome) -> bool:
    """Bytes in quarantine stand there; the other bytes that are kept are evidence."""
    return outcome.raw is not None and outcome.outcome == "read"


def storable(text: str) -> str:
    """JSON that PostgreSQL takes: it has no place for the character U+0000."""
    return ZERO.sub(r"\1", text) if "\\u0000" in text else text


def _json(normal: NormalSignal) -> str:
    """A normal form as JSON. What a sender wrote besides may hold halves of characters; those become a mark."""
    try:
        text = NORMAL.dump_json(normal).decode()
    except PydanticSerializationError:
        plain = json.loads(json.dumps(asdict(normal), default=str).encode("utf-8"))
        text = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace").decode()
    return storable(text)
