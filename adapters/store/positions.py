"""How far each partition was read. A topic or a cluster that was made anew is told by its id, and starts at 0."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import asyncpg

from adapters.store.connections import translated
from usecases.positions import TopicAt


@dataclass(frozen=True)
class PgPositions:
    """`usecases.positions.Positions` on PostgreSQL."""

    pool: asyncpg.Pool

    async def begin(self, topic: TopicAt, partitions: Collection[int]) -> Mapping[int, int]:
        """Where to read on, per partition; rows are made, and set to 0 when the topic is another one."""
        with translated():
            rows = await self.pool.fetch(
                "INSERT INTO intake_position AS p (topic, partition, cluster_id, topic_id, read_to)"
                " SELECT $1, n, $2, $3, 0 FROM unnest($4::integer[]) AS n ORDER BY n"
                " ON CONFLICT (topic, partition) DO UPDATE SET cluster_id = $2, topic_id = $3, read_to ="
                " CASE WHEN p.cluster_id = $2 AND p.topic_id = $3 THEN p.read_to ELSE 0 END"
                " RETURNING partition, read_to",
                topic.name,
                topic.cluster_id,
                topic.topic_id,
                sorted(partitions),
            )
        return {row["partition"]: row["read_to"] for row in rows}

    async def read_to(self, topic: TopicAt) -> Mapping[int, int]:
        """How far this very topic was read, per partition; what was never read is left out."""
        with translated():
            rows = await self.pool.fetch(
                "SELECT partition, read_to FROM intake_position WHERE topic = $1 AND cluster_id = $2 AND topic_id = $3",
                topic.name,
                topic.cluster_id,
                topic.topic_id,
            )
        return {row["partition"]: row["read_to"] for row in rows}

    async def lost(self, topic: str, partition: int, *, read_to: int, earliest: int) -> None:
        """Messages between were gone before we read them: count them and go on after them, once."""
        with translated():
            async with self.pool.acquire() as sql, sql.transaction():
                moved = await sql.fetchval(
                    "UPDATE intake_position SET read_to = $4 WHERE topic = $1 AND partition = $2 AND read_to = $3"
                    " RETURNING partition",
                    topic,
                    partition,
                    read_to,
                    earliest,
                )
                if moved is not None:
                    await sql.execute("UPDATE tally SET value = value + $1 WHERE name = 'lost'", earliest - read_to)
