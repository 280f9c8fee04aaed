"""Which incident a correlation key leads to, and the signals that joined and no fact mentions yet. Cheap rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.events.core import RuleUsed
from signals.correlation import CorrelationKey, Known
from usecases.ports import Membership

KEYS_LOCK = 724003


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
        """Add to the pending counts per incident, in sorted order: one query. An incident stands in it once."""
        ordered = sorted(memberships, key=lambda each: each.incident_id)
        await self._sql.execute(
            "INSERT INTO membership AS m (incident_id, count, first_at, last_at, digest, rule)"
            " SELECT a, b, c, d, e, f::jsonb FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[],"
            " $4::timestamptz[], $5::text[], $6::text[]) AS given (a, b, c, d, e, f)"
            " ON CONFLICT (incident_id) DO UPDATE SET count = m.count + excluded.count,"
            " first_at = CASE WHEN m.count = 0 THEN excluded.first_at ELSE least(m.first_at, excluded.first_at) END,"
            " last_at = CASE WHEN m.count = 0 THEN excluded.last_at ELSE greatest(m.last_at, excluded.last_at) END,"
            " digest = CASE WHEN m.count = 0 THEN excluded.digest"
            " ELSE encode(sha256(convert_to(m.digest || excluded.digest, 'UTF8')), 'hex') END, rule = excluded.rule",
            [each.incident_id for each in ordered],
            [each.count for each in ordered],
            [each.first_at for each in ordered],
            [each.last_at for each in ordered],
            [each.digest for each in ordered],
            [each.rule.model_dump_json() for each in ordered],
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
