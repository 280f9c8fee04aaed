"""`driehoek verify`: walks the whole log in constant memory, then holds it against signed checkpoints and an anchor."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg
from pydantic import ValidationError

from adapters.store.connections import translated
from adapters.store.signing import SigningKey
from domain.chain.checkpoint import FIRST, Body, Exported, merkle_root, public_part
from domain.chain.verify import Fault, StoredFact, StreamWalk, compare_leaves, gaps

CHECKPOINTS = "checkpoint"
"""Name of the stream in a fault that lies in the checkpoints themselves."""
PREFETCH = 500


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
    """One verification on one connection, in one snapshot of the database."""

    def __init__(self, sql: asyncpg.Connection, key: SigningKey | None, anchor: Sequence[Exported]) -> None:
        self._sql = sql
        self._key = key
        self._anchor = anchor
        self._events = self._streams = self._checkpoints = self._destroyed = 0

    async def run(self) -> Verdict:
        """Signed checkpoints first: they name the fact exactly, also when the chain was made again over it."""
        with translated():
            async with self._sql.transaction(isolation="repeatable_read", readonly=True):
                fault = await self._checkpointed() or await self._walked() or await self._numbers()
        return Verdict(
            events=self._events,
            streams=self._streams,
            checkpoints=self._checkpoints,
            destroyed=self._destroyed,
            first_fault=fault,
        )

    async def _checkpointed(self) -> Fault | None:
        previous, covered = FIRST, 0
        async for row in self._sql.cursor("SELECT * FROM checkpoint ORDER BY number", prefetch=10):
            self._checkpoints += 1
            body = self._trusted(row, self._checkpoints, previous)
            if isinstance(body, Fault):
                return body
            fault = await self._covered(body, covered)
            if fault:
                return fault
            previous, covered = row["hash"].hex(), body.covers
        if len(self._anchor) > self._checkpoints:
            return _wrong(self._checkpoints + 1, "controlepunt dat een getuige heeft ontbreekt")
        return None

    def _trusted(self, row: asyncpg.Record, place: int, previous: str) -> Body | Fault:
        """The body of a checkpoint when its place, chain, root, signature and anchor agree."""
        try:
            body = Body.model_validate_json(row["body"])
        except ValidationError:
            return _wrong(place, "controlepunt is onleesbaar")
        exported = public_part(body)
        facts = (row["number"], body.number, body.previous, row["previous"].hex(), row["hash"].hex(), row["covers"])
        if facts != (place, place, previous, previous, exported.hash, body.covers):
            return _wrong(place, "controlepunt past niet in de keten")
        if body.root != merkle_root(body.leaves):
            return _wrong(place, "wortel van het controlepunt klopt niet")
        if self._key is not None and not self._key.fits(body.canonical(), row["signature"]):
            return _wrong(place, "handtekening onder het controlepunt klopt niet")
        if place <= len(self._anchor) and self._anchor[place - 1].hash != exported.hash:
            return _wrong(place, "controlepunt verschilt van dat van de getuige")
        return body

    async def _covered(self, body: Body, after: int) -> Fault | None:
        rows = await self._sql.fetch(
            "SELECT n.number, n.stream_id, n.version, e.hash FROM event_number n"
            " LEFT JOIN event e USING (stream_id, version) WHERE n.number > $1 AND n.number <= $2",
            after,
            body.covers,
        )
        stored = {
            row["number"]: (row["stream_id"], row["version"], row["hash"].hex() if row["hash"] else "") for row in rows
        }
        present = await self._sql.fetch(
            "SELECT stream_id, version, hash FROM event JOIN unnest($1::text[], $2::bigint[]) AS a (stream_id, version)"
            " USING (stream_id, version)",
            [leaf.stream_id for leaf in body.leaves],
            [leaf.version for leaf in body.leaves],
        )
        now = {(row["stream_id"], row["version"]): row["hash"].hex() for row in present}
        return compare_leaves(body.leaves, stored, now)

    async def _walked(self) -> Fault | None:
        heads = {
            row["stream_id"]: (row["version"], row["hash"])
            for row in await self._sql.fetch("SELECT stream_id, version, hash FROM stream_head WHERE version > 0")
        }
        walk: StreamWalk | None = None
        async for fact in self._facts():
            if walk is None or walk.stream_id != fact.stream_id:
                fault = self._ended(walk, heads)
                if fault:
                    return fault
                walk, self._streams = StreamWalk(fact.stream_id), self._streams + 1
            self._events += 1
            fault = walk.step(fact)
            if fault:
                return fault
        fault = self._ended(walk, heads)
        if fault is None and heads:
            stream = min(heads)
            return Fault(stream=stream, version=1, what="stroom is verwijderd")
        return fault

    def _ended(self, walk: StreamWalk | None, heads: dict[str, tuple[int, bytes]]) -> Fault | None:
        if walk is None:
            return None
        self._destroyed += walk.destroyed
        if walk.stream_id not in heads:
            return Fault(stream=walk.stream_id, version=1, what="stroom heeft geen kop")
        return walk.end(heads.pop(walk.stream_id))

    async def _facts(self) -> AsyncIterator[StoredFact]:
        query = (
            "SELECT e.stream_id, e.version, e.envelope, e.previous, e.hash, n.number,"
            " array(SELECT s.field FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version"
            " ORDER BY s.field) AS fields,"
            " array(SELECT s.value FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version"
            " ORDER BY s.field) AS texts,"
            " array(SELECT s.salt FROM event_side s WHERE s.stream_id = e.stream_id AND s.version = e.version"
            " ORDER BY s.field) AS salts"
            " FROM event e LEFT JOIN event_number n USING (stream_id, version) ORDER BY e.stream_id, e.version"
        )
        async for row in self._sql.cursor(query, prefetch=PREFETCH):
            sides = dict(zip(row["fields"], zip(row["texts"], row["salts"], strict=True), strict=True))
            yield StoredFact(
                stream_id=row["stream_id"],
                version=row["version"],
                envelope=row["envelope"],
                previous=row["previous"],
                hash=row["hash"],
                sides=sides,
                number=row["number"],
            )

    async def _numbers(self) -> Fault | None:
        """Numbers run without gaps, and lead to a fact; side texts belong to a fact."""
        orphan = await self._sql.fetchrow(
            "SELECT stream_id, version FROM (SELECT stream_id, version FROM event_number UNION ALL"
            " SELECT stream_id, version FROM event_side) AS named LEFT JOIN event USING (stream_id, version)"
            " WHERE event.hash IS NULL ORDER BY 1, 2 LIMIT 1"
        )
        if orphan:
            return Fault(stream=orphan["stream_id"], version=orphan["version"], what="feit is verwijderd")
        numbers = [row["number"] for row in await self._sql.fetch("SELECT number FROM event_number ORDER BY number")]
        missing = next(gaps(numbers), None)
        return None if missing is None else Fault(stream="nummering", version=missing, what="nummer ontbreekt")


def _wrong(number: int, what: str) -> Fault:
    return Fault(stream=CHECKPOINTS, version=number, what=what)
