"""The half of `driehoek verify` that holds the log against signed checkpoints and against what witnesses keep."""

from collections.abc import Sequence

import asyncpg
from pydantic import ValidationError

from adapters.store.signing import SigningKey
from domain.chain.checkpoint import FIRST, Body, Exported, merkle_root, public_part
from domain.chain.verify import Fault, compare_leaves

CHECKPOINTS = "checkpoint"
"""Name of the stream in a fault that lies in the checkpoints themselves."""


class CheckpointWalk:
    """Walks the checkpoints from the first to the last. `anchor` may hold a part of them, in any order, more than once.

    What a witness keeps says nothing about which fact it covers; so a checkpoint that was made again over a changed
    fact is found as a fault of that checkpoint.
    """

    def __init__(self, sql: asyncpg.Connection, key: SigningKey | None, anchor: Sequence[Exported]) -> None:
        self._sql = sql
        self._key = key
        self._kept = {each.previous: each.hash for each in anchor}
        self._unseen = {each.hash for each in anchor}
        self.walked = 0

    async def run(self) -> Fault | None:
        """The first thing that is wrong."""
        previous, covered = FIRST, 0
        async for row in self._sql.cursor("SELECT * FROM checkpoint ORDER BY number", prefetch=10):
            self.walked += 1
            body = self._trusted(row, previous)
            if isinstance(body, Fault):
                return body
            fault = await self._covered(body, covered)
            if fault:
                return fault
            previous, covered = row["hash"].hex(), body.covers
        return _wrong(self.walked + 1, "controlepunt dat een getuige heeft ontbreekt") if self._unseen else None

    def _trusted(self, row: asyncpg.Record, previous: str) -> Body | Fault:
        """The body of a checkpoint when its bytes, columns, chain, signature and anchor agree."""
        place = self.walked
        try:
            body = Body.model_validate_json(row["body"])
        except ValidationError:
            return _wrong(place, "controlepunt is onleesbaar")
        exported = public_part(body)
        columns = (row["number"], row["previous"].hex(), row["hash"].hex(), row["covers"], row["at"], row["body"])
        said = (place, previous, exported.hash, body.covers, body.at, body.canonical())
        if columns != said or (body.number, body.previous) != (place, previous):
            return _wrong(place, "controlepunt past niet in de keten")
        if self._key is not None and not self._key.fits(body.canonical(), row["signature"]):
            return _wrong(place, "handtekening onder het controlepunt klopt niet")
        if self._kept.get(previous, exported.hash) != exported.hash:
            return _wrong(place, "controlepunt verschilt van dat van de getuige")
        self._unseen.discard(exported.hash)
        return body

    async def _covered(self, body: Body, after: int) -> Fault | None:
        numbers = [leaf.number for leaf in body.leaves]
        if body.root != merkle_root(body.leaves) or numbers != list(range(after + 1, body.covers + 1)):
            return _wrong(body.number, "inhoud van het controlepunt klopt niet")
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


def _wrong(number: int, what: str) -> Fault:
    return Fault(stream=CHECKPOINTS, version=number, what=what)
