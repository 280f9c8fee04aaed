"""Notices for `deliver`, messages for the relay, and the stored answers of commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
from pydantic import TypeAdapter

from domain.errors import ConflictError
from usecases.deliver import Queued
from usecases.ports import Notice

NOTICE = TypeAdapter(Notice)


class MessageRows:
    """What goes out later, written now."""

    _sql: asyncpg.Connection

    async def notify(self, notices: Sequence[Notice]) -> None:
        """Put messages in the queue of `deliver`. A key that exists already is left as it is."""
        await self._sql.executemany(
            "INSERT INTO notice (key, organisation, function, urgent, state, written_at, due_at)"
            " VALUES ($1, $2, $3, $4, $5::jsonb, now(), now()) ON CONFLICT DO NOTHING",
            [
                (
                    notice.key,
                    notice.organisation,
                    notice.function,
                    notice.urgent,
                    NOTICE.dump_json(notice).decode(),
                )
                for notice in notices
            ],
        )
        if notices:
            await self._sql.execute("NOTIFY notices")

    async def answered(self, key: str) -> str | None:
        """The stored answer of a command, None when it is new. A second caller waits for the first one's commit."""
        claimed = await self._sql.fetchval(
            "INSERT INTO idempotency (key, at) VALUES ($1, now()) ON CONFLICT DO NOTHING RETURNING key", key
        )
        if claimed:
            return None
        answer: str | None = await self._sql.fetchval("SELECT answer FROM idempotency WHERE key = $1", key)
        if answer is None:
            raise ConflictError
        return answer

    async def remember(self, key: str, answer: str) -> None:
        """Store the answer for this idempotency key."""
        await self._sql.execute("UPDATE idempotency SET answer = $2 WHERE key = $1", key, answer)


@dataclass(frozen=True)
class NoticeRows:
    """`usecases.deliver.NoticeQueue` on PostgreSQL."""

    pool: asyncpg.Pool

    async def take(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Queued]:
        """Notices that are due, leased to this caller, urgent ones first."""
        rows = await self.pool.fetch(
            "UPDATE notice SET due_at = $1::timestamptz + $2::interval, attempts = attempts + 1 WHERE key IN"
            " (SELECT key FROM notice WHERE sent_at IS NULL AND due_at <= $1 ORDER BY urgent DESC, due_at LIMIT $3"
            " FOR UPDATE SKIP LOCKED) RETURNING state, attempts",
            now,
            lease,
            limit,
        )
        return [Queued(notice=NOTICE.validate_json(row["state"]), attempts=row["attempts"] - 1) for row in rows]

    async def sent(self, key: str, at: datetime, channel: str) -> None:
        """It was handed to the channel."""
        await self.pool.execute("UPDATE notice SET sent_at = $2, channel = $3 WHERE key = $1", key, at, channel)

    async def failed(self, key: str, retry_at: datetime, why: str) -> None:
        """It was not; it is tried again later."""
        await self.pool.execute("UPDATE notice SET due_at = $2, fault = $3 WHERE key = $1", key, retry_at, why)
