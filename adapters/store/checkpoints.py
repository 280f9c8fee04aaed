"""Writing checkpoints: rows, and a message for the witnesses in the outbox, in one transaction."""

import json
import secrets
from datetime import datetime

import asyncpg

from adapters.store.connections import transaction
from adapters.store.signing import SigningKey
from domain.chain.checkpoint import FIRST, Exported, Leaf, body_of, public_part
from domain.chain.envelope import SALT_BYTES

LOCK = 724002
MOST = 5000
"""Facts per checkpoint; more wait for the next one, a second later."""


class Checkpoints:
    """One checkpoint per moment, whatever the number of schedulers: an advisory lock guards the making."""

    def __init__(self, pool: asyncpg.Pool, key: SigningKey, topic: str) -> None:
        self._pool = pool
        self._key = key
        self._topic = topic

    async def make(self, at: datetime) -> Exported | None:
        """Sign what was numbered since the last checkpoint; None when there is nothing new."""
        async with transaction(self._pool) as sql:
            await sql.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            await sql.execute("SELECT assign_numbers()")
            return await self._make(sql, at)

    async def _make(self, sql: asyncpg.Connection, at: datetime) -> Exported | None:
        last = await sql.fetchrow("SELECT number, covers, hash FROM checkpoint ORDER BY number DESC LIMIT 1")
        leaves = await self._leaves(sql, last["covers"] if last else 0)
        if not leaves:
            return None
        body = body_of(
            number=last["number"] + 1 if last else 1,
            at=at,
            key_id=self._key.key_id,
            covers=leaves[-1].number,
            previous=last["hash"].hex() if last else FIRST,
            leaves=leaves,
        )
        unsigned = public_part(body)
        exported = public_part(body, self._key.sign(unsigned.signed()).hex())
        await sql.execute(
            "INSERT INTO checkpoint (number, at, covers, body, signature, previous, hash)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            body.number,
            at,
            body.covers,
            body.canonical(),
            self._key.sign(body.canonical()),
            bytes.fromhex(body.previous),
            bytes.fromhex(exported.hash),
        )
        await sql.execute(
            "INSERT INTO outbox (topic, key, headers, value) VALUES ($1, $2, $3::jsonb, $4)",
            self._topic,
            b"checkpoint",
            json.dumps({"content-type": "application/json"}),
            exported.model_dump_json().encode(),
        )
        await sql.execute("NOTIFY outbox")
        return exported

    async def _leaves(self, sql: asyncpg.Connection, after: int) -> list[Leaf]:
        rows = await sql.fetch(
            "SELECT n.number, n.stream_id, n.version, e.hash FROM event_number n"
            " JOIN event e USING (stream_id, version) WHERE n.number > $1 ORDER BY n.number LIMIT $2",
            after,
            MOST,
        )
        return [
            Leaf(
                number=row["number"],
                stream_id=row["stream_id"],
                version=row["version"],
                hash=row["hash"].hex(),
                salt=secrets.token_hex(SALT_BYTES),
            )
            for row in rows
        ]
