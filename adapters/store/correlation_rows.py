"""Which incident a correlation key leads to, and the signals that joined and no fact mentions yet. Cheap rows."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.events.core import RuleUsed
from signals.correlation import CorrelationKey, Known
from usecases.ports import Membership

KEYS_LOCK = 724003


def joined_digest(old: str | None, new: str) -> str:
    """Digest of two counts together."""
    return new if not old else hashlib.sha256(f"{old}{new}".encode()).hexdigest()


class CorrelationRows:
    """One query per batch, whatever the number of open incidents or related signals."""

    _sql: asyncpg.Connection

    async def hold_keys(self, municipalities: Collection[str]) -> None:
        """Be the only one who decides about keys of these municipalities, until commit; locks in one order for all."""
        await self._sql.execute(
            "SELECT pg_advisory_xact_lock($1, place) FROM"
            " (SELECT DISTINCT hashtext(code) AS place FROM unnest($2::text[]) AS code ORDER BY place) AS ordered",
            KEYS_LOCK,
            list(municipalities),
        )

    async def open_keys(self, keys: Collection[CorrelationKey]) -> Mapping[CorrelationKey, Known]:
        """Open incidents by correlation key."""
        rows = await self._sql.fetch(
            "SELECT rule, key, incident_id, last_at FROM correlation_key"
            " JOIN unnest($1::text[], $2::text[]) AS asked (rule, key) USING (rule, key)",
            [key.rule for key in keys],
            [key.key for key in keys],
        )
        return {
            CorrelationKey(rule=row["rule"], key=row["key"]): Known(
                incident_id=row["incident_id"], last_at=row["last_at"]
            )
            for row in rows
        }

    async def bind_keys(self, bindings: Mapping[CorrelationKey, Known]) -> None:
        """Remember which incident a key leads to; rows are taken in sorted order, so that batches do not deadlock."""
        ordered = sorted(bindings.items(), key=lambda pair: (pair[0].rule, pair[0].key))
        await self._sql.execute(
            "INSERT INTO correlation_key (rule, key, incident_id, last_at)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[])"
            " ON CONFLICT (rule, key) DO UPDATE SET incident_id = excluded.incident_id,"
            " last_at = CASE WHEN correlation_key.incident_id = excluded.incident_id"
            " THEN greatest(correlation_key.last_at, excluded.last_at) ELSE excluded.last_at END",
            [key.rule for key, _ in ordered],
            [key.key for key, _ in ordered],
            [known.incident_id for _, known in ordered],
            [known.last_at for _, known in ordered],
        )

    async def release_keys(self, incident_id: UUID, into: UUID | None) -> None:
        """Forget the keys of a closed incident, or hand them to the one it goes on in."""
        if into is None:
            await self._sql.execute("DELETE FROM correlation_key WHERE incident_id = $1", incident_id)
        else:
            await self._sql.execute(
                "UPDATE correlation_key SET incident_id = $2 WHERE incident_id = $1", incident_id, into
            )

    async def count_members(self, memberships: Sequence[Membership]) -> None:
        """Add to the pending counts per incident, in sorted order."""
        for member in sorted(memberships, key=lambda each: each.incident_id):
            old = await self._sql.fetchrow(
                "INSERT INTO membership (incident_id, count) VALUES ($1, 0) ON CONFLICT (incident_id)"
                " DO UPDATE SET count = membership.count RETURNING count, digest",
                member.incident_id,
            )
            kept = old["digest"] if old and old["count"] else None
            await self._sql.execute(
                "UPDATE membership SET first_at = CASE WHEN count = 0 THEN $3 ELSE least(first_at, $3) END,"
                " last_at = CASE WHEN count = 0 THEN $4 ELSE greatest(last_at, $4) END,"
                " count = count + $2, digest = $5, rule = $6::jsonb WHERE incident_id = $1",
                member.incident_id,
                member.count,
                member.first_at,
                member.last_at,
                joined_digest(kept, member.digest),
                member.rule.model_dump_json(),
            )

    async def pending_members(self, incident_id: UUID, at: datetime) -> Membership | None:
        """Take the pending count of an incident."""
        row = await self._sql.fetchrow(
            "SELECT * FROM membership WHERE incident_id = $1 AND count > 0 FOR NO KEY UPDATE", incident_id
        )
        if row is None:
            return None
        await self._sql.execute(
            "UPDATE membership SET count = 0, digest = NULL, mentioned_at = $2 WHERE incident_id = $1", incident_id, at
        )
        return Membership(
            incident_id=incident_id,
            count=row["count"],
            first_at=row["first_at"],
            last_at=row["last_at"],
            digest=row["digest"],
            rule=RuleUsed.model_validate_json(row["rule"]),
        )

    async def hand_over_signals(self, incident_id: UUID, into: UUID) -> None:
        """Move signal rows and pending count of a merged incident to the one it goes on in."""
        await self._sql.execute("UPDATE signal SET incident_id = $2 WHERE incident_id = $1", incident_id, into)
        row = await self._sql.fetchrow("DELETE FROM membership WHERE incident_id = $1 RETURNING *", incident_id)
        if row and row["count"]:
            moved = Membership(
                incident_id=into,
                count=row["count"],
                first_at=row["first_at"],
                last_at=row["last_at"],
                digest=row["digest"],
                rule=RuleUsed.model_validate_json(row["rule"]),
            )
            await self.count_members([moved])
