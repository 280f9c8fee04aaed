"""`driehoek verify`: holds the whole log against signed checkpoints and an anchor, walks its chains, then state rows.

In bounded memory: never more than one stream, or one checkpoint, at a time.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg

from adapters.store.connections import translated
from adapters.store.signing import SigningKey
from adapters.store.verify_checkpoints import CheckpointWalk
from adapters.store.verify_states import states
from domain.chain.checkpoint import Exported
from domain.chain.envelope import sealed
from domain.chain.verify import Fault, StoredFact, StreamWalk
from usecases.context import Rules

PREFETCH = 500
FACT = """
SELECT e.*, n.number, d.signature,
    array(SELECT s.field FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version
        ORDER BY s.field) AS fields,
    array(SELECT s.value FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version
        ORDER BY s.field) AS texts,
    array(SELECT s.salt FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version
        ORDER BY s.field) AS salts
FROM event e LEFT JOIN event_number n USING (stream_id, version) LEFT JOIN destruction d USING (stream_id, version)
"""
FACTS = f"{FACT} ORDER BY e.stream_id, e.version"
STRAY = """
SELECT stream_id, version FROM (
    SELECT stream_id, version FROM event_number UNION ALL SELECT stream_id, version FROM event_side
    UNION ALL SELECT stream_id, version FROM unnumbered UNION ALL SELECT stream_id, version FROM destruction
) AS named LEFT JOIN event USING (stream_id, version) WHERE event.hash IS NULL ORDER BY 1, 2 LIMIT 1
"""
NAMELESS = """
SELECT e.stream_id, e.version FROM event e LEFT JOIN event_number n USING (stream_id, version)
LEFT JOIN unnumbered u USING (stream_id, version) WHERE n.number IS NULL AND u.place IS NULL ORDER BY 1, 2 LIMIT 1
"""
GAP = """
SELECT least(number, place) FROM (SELECT number, row_number() OVER (ORDER BY number) AS place FROM event_number) AS n
WHERE number <> place ORDER BY place LIMIT 1
"""
"""The first number that is missing, or too much, in a sequence that should run 1, 2, 3, …"""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was looked at, and the first thing that is wrong."""

    events: int
    streams: int
    checkpoints: int
    destroyed: int
    first_fault: Fault | None

    def as_dict(self) -> dict[str, object]:
        """The shape that `verify --json` prints."""
        fault = self.first_fault
        return {
            "ok": fault is None,
            "events": self.events,
            "streams": self.streams,
            "checkpoints": self.checkpoints,
            "destroyed": self.destroyed,
            "first_fault": None
            if fault is None
            else {"stream": fault.stream, "version": fault.version, "what": fault.what},
        }


class Verifier:
    """One verification on one connection, in one snapshot of the database.

    Without a key no signature is checked; without an anchor nobody notices when checkpoints at the end are gone.
    Without rules state rows are not looked at.
    """

    def __init__(
        self,
        sql: asyncpg.Connection,
        key: SigningKey | None,
        anchor: Sequence[Exported] = (),
        *,
        rules: Rules | None = None,
    ) -> None:
        self._sql = sql
        self._rules = rules
        self._key = key
        self._checkpoints = CheckpointWalk(sql, key, anchor)
        self._events = self._streams = self._destroyed = 0

    async def run(self) -> Verdict:
        """Signed checkpoints first: they name the fact exactly, also when the chain was made again over it."""
        with translated():
            async with self._sql.transaction(isolation="repeatable_read", readonly=True):
                fault = await self._checkpoints.run() or await self._walked() or await self._numbers()
                if fault is None and self._rules:
                    fault = await states(self._sql, self._rules)
        return Verdict(
            events=self._events,
            streams=self._streams,
            checkpoints=self._checkpoints.walked,
            destroyed=self._destroyed,
            first_fault=fault,
        )

    async def _walked(self) -> Fault | None:
        heads = {
            row["stream_id"]: (row["version"], row["hash"])
            for row in await self._sql.fetch("SELECT stream_id, version, hash FROM stream_head WHERE version <> 0")
        }
        walk: StreamWalk | None = None
        async for fact in self._facts():
            if walk is None or walk.stream_id != fact.stream_id:
                fault = self._ended(walk, heads)
                if fault:
                    return fault
                walk, self._streams = StreamWalk(fact.stream_id), self._streams + 1
            self._events += 1
            wrong = walk.step(fact)
            if wrong:
                return wrong
        fault = self._ended(walk, heads)
        if fault is None and heads:
            return Fault(stream=min(heads), version=1, what="stroom is verwijderd")
        return fault

    def _ended(self, walk: StreamWalk | None, heads: dict[str, tuple[int, bytes]]) -> Fault | None:
        if walk is None:
            return None
        self._destroyed += walk.destroyed
        return walk.end(heads.pop(walk.stream_id, None))

    async def _facts(self) -> AsyncIterator[StoredFact]:
        async for row in self._sql.cursor(FACTS, prefetch=PREFETCH):
            yield fact_of(row, self._key)

    async def _numbers(self) -> Fault | None:
        """Numbers run without gaps and every fact has or awaits one; numbers, texts and signatures lead to a fact."""
        for query, what in ((STRAY, "feit is verwijderd"), (NAMELESS, "feit heeft geen nummer")):
            found = await self._sql.fetchrow(query)
            if found:
                return Fault(stream=found["stream_id"], version=found["version"], what=what)
        gap: int | None = await self._sql.fetchval(GAP)
        return None if gap is None else Fault(stream="nummering", version=gap, what="nummer ontbreekt")


def fact_of(row: asyncpg.Record, key: SigningKey | None) -> StoredFact:
    """A row of `FACT` as the walk wants it."""
    return StoredFact(
        stream_id=row["stream_id"],
        version=row["version"],
        envelope=row["envelope"],
        previous=row["previous"],
        hash=row["hash"],
        sides=dict(zip(row["fields"], zip(row["texts"], row["salts"], strict=True), strict=True)),
        number=row["number"],
        event_id=str(row["event_id"]),
        type=row["type"],
        recorded_at=row["recorded_at"],
        sealed=_sealed(row, key),
    )


def _sealed(row: asyncpg.Record, key: SigningKey | None) -> bool:
    """Whether the signature under a destruction fits; asked of every fact, used of destructions only."""
    if key is None:
        return True
    signature = row["signature"]
    return signature is not None and key.fits(sealed(row["previous"], row["envelope"]), signature)
