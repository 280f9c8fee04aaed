"""Signs of life of the processes, and alarms about each other, in one table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from adapters.store.connections import translated

ALARM = "alarm:"
"""Names that begin so are alarms: they stand there while something is wrong."""


@dataclass(frozen=True)
class Heartbeat:
    """When somebody was last heard of, by the clock of the database, and how long ago that is."""

    name: str
    at: datetime
    age_seconds: float
    detail: Mapping[str, Any]


class Heartbeats:
    """Written by each process, read by health and metrics."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def beat(self, name: str, detail: Mapping[str, Any] | None = None) -> None:
        """This one is alive now."""
        with translated():
            await self._pool.execute(
                "INSERT INTO heartbeat (name, at, detail) VALUES ($1, now(), $2::jsonb)"
                " ON CONFLICT (name) DO UPDATE SET at = now(), detail = $2::jsonb",
                name,
                json.dumps(dict(detail or {})),
            )

    async def parked(self, name: str, reference: Mapping[str, str | int]) -> None:
        """Something was left out: count it under this name, with a reference to the newest, never its content."""
        with translated():
            await self._pool.execute(
                "INSERT INTO heartbeat (name, at, detail)"
                " VALUES ($1, now(), jsonb_build_object('count', 1, 'newest', $2::jsonb))"
                " ON CONFLICT (name) DO UPDATE SET at = now(), detail = jsonb_build_object("
                "'count', (heartbeat.detail ->> 'count')::bigint + 1, 'newest', $2::jsonb)",
                name,
                json.dumps(dict(reference)),
            )

    async def clear(self, name: str) -> None:
        """Forget a name: an alarm that is over, a process that stopped."""
        with translated():
            await self._pool.execute("DELETE FROM heartbeat WHERE name = $1", name)

    async def read(self) -> Mapping[str, Heartbeat]:
        """All of them by name."""
        with translated():
            rows = await self._pool.fetch(
                "SELECT name, at, extract(epoch FROM now() - at)::float8 AS age, detail FROM heartbeat ORDER BY name"
            )
        return {
            row["name"]: Heartbeat(row["name"], row["at"], max(row["age"], 0.0), json.loads(row["detail"]))
            for row in rows
        }
