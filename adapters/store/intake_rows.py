"""What the intake writes per batch: positions, outcomes, normal forms, evidence. A fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter
from zstandard import ZstdCompressor

from signals.normal import NormalSignal
from usecases.intake_rows import ReceiptOutcome, SignalRow

NORMAL = TypeAdapter(NormalSignal)


class IntakeRows:
    """Outcomes are written in the transaction that moves the position: both or neither."""

    _sql: asyncpg.Connection

    async def claim_position(self, topic: str, partition: int, expected: int) -> bool:
        """Lock the position row; False when somebody else has moved it: then the batch is dropped."""
        found = await self._sql.fetchval(
            "SELECT read_to FROM intake_position WHERE topic = $1 AND partition = $2 FOR UPDATE", topic, partition
        )
        return found == expected

    async def move_position(self, topic: str, partition: int, read_to: int) -> None:
        """Write how far was read, together with the outcomes."""
        await self._sql.execute(
            "UPDATE intake_position SET read_to = $3 WHERE topic = $1 AND partition = $2", topic, partition, read_to
        )

    async def known_signals(self, keys: Collection[str]) -> Mapping[str, str]:
        """Which dedupe keys were seen, with the id of the signal that had them."""
        rows = await self._sql.fetch(
            "SELECT dedupe_key, signal_id FROM seen WHERE dedupe_key = ANY($1::text[])", list(keys)
        )
        return {row["dedupe_key"]: row["signal_id"] for row in rows}

    async def new_receipts(self, outcomes: Sequence[ReceiptOutcome]) -> frozenset[tuple[UUID, int]]:
        """Write outcomes of receipts; those that are new. Others are counted as redelivered."""
        ordered = sorted(outcomes, key=lambda each: (each.door, each.number))
        rows = await self._sql.fetch(
            "INSERT INTO receipt (door, number, receipt_id, source_id, organisation, received_at, outcome, format,"
            " signals, reasons) SELECT a, b, c, d, e, f, g, h, i, string_to_array(j, E'\\n') FROM unnest($1::uuid[],"
            " $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[],"
            " $9::integer[], $10::text[]) AS given (a, b, c, d, e, f, g, h, i, j)"
            " ON CONFLICT DO NOTHING RETURNING door, number",
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
        )
        new = frozenset((row["door"], row["number"]) for row in rows)
        await self._count([each for each in ordered if (each.door, each.number) in new], len(ordered) - len(new))
        return new

    async def _count(self, new: Sequence[ReceiptOutcome], redelivered: int) -> None:
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
            "UPDATE tally SET value = tally.value + added.value FROM unnest($1::text[], $2::bigint[])"
            " AS added (name, value) WHERE tally.name = added.name",
            list(counts),
            list(counts.values()),
        )

    async def put_signals(self, rows: Sequence[SignalRow]) -> None:
        """Write the normal forms with their verdict, and the keys by which a repeat is recognised."""
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
            [NORMAL.dump_json(row.normal).decode() for row in rows],
        )
        keys = sorted({(key, str(row.signal_id)) for row in rows for key in row.dedupe_keys})
        await self._sql.execute(
            "INSERT INTO seen (dedupe_key, signal_id) SELECT * FROM unnest($1::text[], $2::text[])"
            " ON CONFLICT DO NOTHING",
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

    async def keep_evidence(self, bodies: Sequence[bytes]) -> None:
        """Keep bytes as evidence, compressed, once per content."""
        compressor = ZstdCompressor()
        await self._sql.executemany(
            "INSERT INTO evidence (content_hash, raw, kept_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING",
            [(sha256(body).hexdigest(), compressor.compress(body)) for body in bodies],
        )
