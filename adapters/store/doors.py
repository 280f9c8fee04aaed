"""Rows of the doors: how far each has answered, voided numbers, large bodies, and what became of a receipt."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from adapters.store.connections import translated
from usecases.receipt_status import ReceiptStatus


@dataclass(frozen=True)
class PgDoors:
    """The ports of the door on PostgreSQL. Each call is a transaction of its own."""

    pool: asyncpg.Pool
    process: str

    async def store(self, door: UUID, answered: int, voided: Collection[int]) -> None:
        """Write how far this door has answered; it never goes back."""
        with translated():
            async with self.pool.acquire() as sql, sql.transaction():
                await sql.execute(
                    "INSERT INTO door (door, process, opened_at, answered) VALUES ($1, $2, now(), $3)"
                    " ON CONFLICT (door) DO UPDATE SET answered = greatest(door.answered, $3)",
                    door,
                    self.process,
                    answered,
                )
                if voided:
                    await sql.execute(
                        "INSERT INTO door_void (door, number) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
                        door,
                        sorted(voided),
                    )

    async def put_aside(self, reference: UUID, body: bytes) -> None:
        """Store a body that is too large for a topic."""
        with translated():
            await self.pool.execute("INSERT INTO raw_body (reference, body) VALUES ($1, $2)", reference, body)

    async def status(self, receipt_id: UUID, organisation: str) -> ReceiptStatus | None:
        """What became of a receipt of this organisation."""
        with translated():
            row = await self.pool.fetchrow(
                "SELECT outcome, format, signals, reasons FROM receipt WHERE receipt_id = $1 AND organisation = $2",
                receipt_id,
                organisation,
            )
            if row is None:
                return None
            verdicts = await self.pool.fetch(
                "SELECT s.verdict, count(*) AS count, array_agg(DISTINCT i.number) FILTER (WHERE i.number IS NOT NULL)"
                " AS numbers FROM signal s LEFT JOIN incident i USING (incident_id) WHERE s.receipt_id = $1"
                " GROUP BY s.verdict",
                receipt_id,
            )
        counts = {each["verdict"]: each["count"] for each in verdicts}
        return ReceiptStatus(
            receipt_id=receipt_id,
            outcome=row["outcome"],
            format=row["format"],
            signals=row["signals"],
            in_incidents=counts.get("in-incident", 0),
            noted=counts.get("noted", 0),
            duplicates=counts.get("duplicate", 0),
            reasons=tuple(row["reasons"]),
            incidents=tuple(sorted({number for each in verdicts for number in each["numbers"] or ()})),
        )
