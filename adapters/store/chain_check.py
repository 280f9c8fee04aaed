"""Whether nobody changed a few streams, quick enough for a page: each is walked whole, in one snapshot.

Signed checkpoints and the anchor are not held against it; that is what `driehoek verify` does for the whole log.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

import asyncpg

from adapters.store.connections import transaction
from adapters.store.signing import SigningKey
from adapters.store.verify import FACT, fact_of
from domain.chain.verify import Fault, StreamWalk
from usecases.logbook import ChainCheck
from usecases.ports import Clock

FACTS = f"{FACT} WHERE e.stream_id = ANY($1::text[]) ORDER BY e.stream_id, e.version"
HEADS = "SELECT stream_id, version, hash FROM stream_head WHERE stream_id = ANY($1::text[])"
FRESH = timedelta(minutes=1)
MOST_KEPT = 200
Heads = dict[str, tuple[int, bytes]]


class PgChains:
    """`usecases.logbook.Chains`. While no head moves, an answer counts for a minute and says when it was found."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock, key: SigningKey | None = None) -> None:
        self._pool = pool
        self._clock = clock
        self._key = key
        self._kept: dict[tuple[str, ...], tuple[Heads, ChainCheck]] = {}

    async def check(self, streams: Collection[str]) -> ChainCheck:
        """Walk these streams, in a thread of its own: a long logbook must not hold up the screens of others."""
        now, place = self._clock.now(), tuple(sorted(streams))
        async with transaction(self._pool, snapshot=True) as sql:
            heads = {row["stream_id"]: (row["version"], row["hash"]) for row in await sql.fetch(HEADS, list(place))}
            known = self._kept.get(place)
            if known and known[0] == heads and now - known[1].at < FRESH:
                return known[1]
            rows = await sql.fetch(FACTS, list(place))
        fault = await asyncio.to_thread(self._walked, place, rows, heads)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        answer = ChainCheck(at=now, good=fault is None)
        self._kept[place] = (heads, answer)
        return answer

    def _walked(self, streams: Sequence[str], rows: Sequence[asyncpg.Record], heads: Heads) -> Fault | None:
        walks = {stream: StreamWalk(stream) for stream in streams}
        for row in rows:
            fault = walks[row["stream_id"]].step(fact_of(row, self._key))
            if fault:
                return fault
        ends = (walk.end(heads.get(stream)) for stream, walk in walks.items())
        return next((fault for fault in ends if fault), None)
