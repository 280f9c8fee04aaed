"""Registers of services, suppliers and configuration items in PostgreSQL. They are small: read whole, per call."""

from collections.abc import Sequence

import asyncpg

from adapters.store.connections import translated
from domain.register import Item, Register, Service, Supplier
from usecases.edit_register import AnyEntry, EntryKind, kind_of

QUERY = "SELECT entry, state FROM register_entry WHERE municipality = $1 ORDER BY entry, entry_id"


class RegisterRows:
    """The rows of the registers inside somebody's transaction."""

    _sql: asyncpg.Connection

    async def register(self, municipality: str) -> Register:
        """The register of one municipality; empty when it has none."""
        return register_of(municipality, await self._sql.fetch(QUERY, municipality))

    async def put_entry(self, municipality: str, entry: AnyEntry) -> None:
        """Add an entry, or replace the one with the same code."""
        await self._sql.execute(
            "INSERT INTO register_entry (municipality, entry, entry_id, state) VALUES ($1, $2, $3, $4::jsonb)"
            " ON CONFLICT (municipality, entry, entry_id) DO UPDATE SET state = $4::jsonb",
            municipality,
            kind_of(entry),
            entry.code,
            entry.model_dump_json(),
        )

    async def remove_entry(self, municipality: str, kind: EntryKind, code: str) -> None:
        """Remove an entry."""
        await self._sql.execute(
            "DELETE FROM register_entry WHERE municipality = $1 AND entry = $2 AND entry_id = $3",
            municipality,
            kind,
            code,
        )


class PgRegisters:
    """`usecases.ports.Registers` on PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def register(self, municipality: str) -> Register:
        """The register of one municipality; empty when it has none."""
        with translated():
            return register_of(municipality, await self._pool.fetch(QUERY, municipality))


def register_of(municipality: str, rows: Sequence[asyncpg.Record]) -> Register:
    """The register that these rows make."""
    services = [Service.model_validate_json(row["state"]) for row in rows if row["entry"] == "dienst"]
    suppliers = [Supplier.model_validate_json(row["state"]) for row in rows if row["entry"] == "leverancier"]
    items = [Item.model_validate_json(row["state"]) for row in rows if row["entry"] == "configuratie-item"]
    return Register(
        municipality=municipality,
        services={each.code: each for each in services},
        suppliers={each.code: each for each in suppliers},
        items={each.code: each for each in items},
    )
