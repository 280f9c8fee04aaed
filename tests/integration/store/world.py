"""The whole log in memory, as somebody sees it who owns the database: to be changed, covered up and written back."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import asyncpg
import orjson
import rfc8785

from adapters.store.signing import SigningKey
from domain.chain.checkpoint import FIRST, Body, Leaf, body_of, public_part
from domain.chain.envelope import GENESIS, link

Place = tuple[str, int]
"""Stream and version."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A row of the log."""

    envelope: bytes
    event_id: object
    type: str
    recorded_at: datetime
    previous: bytes
    hash: bytes

    def said(self, **changes: Any) -> "Fact":
        """The same fact saying something else, in canonical bytes again."""
        return replace(self, envelope=rfc8785.dumps(orjson.loads(self.envelope) | changes))


@dataclass
class World:
    """Every table that verification reads."""

    facts: dict[Place, Fact] = field(default_factory=dict)
    sides: dict[tuple[str, int, str], tuple[str, bytes]] = field(default_factory=dict)
    numbers: dict[int, Place] = field(default_factory=dict)
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    destructions: dict[Place, bytes] = field(default_factory=dict)

    def copy(self) -> "World":
        """Another world to be changed."""
        return copy.deepcopy(self)

    def length(self, stream: str) -> int:
        """How many facts a stream has."""
        return sum(each == stream for each, _ in self.facts)

    def number_of(self, place: Place) -> int:
        """The number of a fact."""
        return next(number for number, each in self.numbers.items() if each == place)

    def chain(self, stream: str) -> None:
        """Make versions, links and head of a stream fit what stands there, as the program itself would."""
        versions = sorted(version for each, version in self.facts if each == stream)
        self.move({(stream, old): (stream, new) for new, old in enumerate(versions, start=1)})
        previous = GENESIS
        for version in range(1, len(versions) + 1):
            fact = self.facts[stream, version]
            if fact.envelope.startswith(b"{"):
                fact = _renamed(fact, version)
            following = link(previous, fact.envelope)
            self.facts[stream, version] = replace(fact, previous=previous, hash=following)
            previous = following
        self.heads.pop(stream, None)
        if versions:
            self.heads[stream] = (len(versions), previous)

    def move(self, places: Mapping[Place, Place]) -> None:
        """Give facts another place, with all that belongs to them."""
        self.facts = {places.get(place, place): fact for place, fact in self.facts.items()}
        self.sides = {(*places.get((s, v), (s, v)), name): side for (s, v, name), side in self.sides.items()}
        self.numbers = {number: places.get(place, place) for number, place in self.numbers.items()}
        self.destructions = {places.get(place, place): seal for place, seal in self.destructions.items()}

    def remove(self, place: Place) -> None:
        """Take a fact away, with all that belongs to it."""
        del self.facts[place]
        self.sides = {key: side for key, side in self.sides.items() if key[:2] != place}
        self.numbers = {number: each for number, each in self.numbers.items() if each != place}
        self.destructions.pop(place, None)

    def renumber(self) -> None:
        """Numbers without gaps, in the order they have."""
        self.numbers = dict(enumerate((self.numbers[number] for number in sorted(self.numbers)), start=1))

    def forge_checkpoints(self, key: SigningKey | None) -> int | None:
        """Make checkpoints fit what stands there, signed with a key of one's own or not; the first that changed."""
        rows, previous, covered, first = [], FIRST, 0, None
        for row in self.checkpoints:
            body = Body.model_validate_json(row["body"])
            leaves = self._leaves(body, covered)
            if leaves == list(body.leaves) and body.previous == previous:
                made = row
            elif leaves:
                first = first or row["number"]
                made = _forged(row, body, leaves, previous=previous, key=key)
            else:
                first = first or row["number"]
                continue
            rows.append(made)
            previous, covered = made["hash"].hex(), made["covers"]
        self.checkpoints = rows
        return first

    def _leaves(self, body: Body, covered: int) -> list[Leaf]:
        salts = {leaf.number: leaf.salt for leaf in body.leaves}
        return [
            Leaf(
                number=number,
                stream_id=place[0],
                version=place[1],
                hash=self.facts[place].hash.hex(),
                salt=salts.get(number, "00" * 16),
            )
            for number, place in sorted(self.numbers.items())
            if covered < number <= body.covers and place in self.facts
        ]


def _renamed(fact: Fact, version: int) -> Fact:
    try:
        return fact.said(version=version) if orjson.loads(fact.envelope)["version"] != version else fact
    except (ValueError, KeyError):
        return fact


def _forged(
    row: Mapping[str, Any], old: Body, leaves: list[Leaf], *, previous: str, key: SigningKey | None
) -> dict[str, Any]:
    body = body_of(
        number=old.number,
        at=old.at,
        key_id=old.key_id,
        covers=leaves[-1].number,
        previous=previous,
        leaves=leaves,
    )
    return {
        **row,
        "covers": body.covers,
        "body": body.canonical(),
        "signature": key.sign(body.canonical()) if key else row["signature"],
        "previous": bytes.fromhex(previous),
        "hash": bytes.fromhex(public_part(body).hash),
    }


async def load(sql: asyncpg.Connection) -> World:
    """What stands in the database."""
    facts = await sql.fetch("SELECT * FROM event")
    sides = await sql.fetch("SELECT * FROM event_side")
    return World(
        facts={
            (row["stream_id"], row["version"]): Fact(
                **{name: row[name] for name in ("envelope", "event_id", "type", "recorded_at", "previous", "hash")}
            )
            for row in facts
        },
        sides={(row["stream_id"], row["version"], row["field"]): (row["value"], row["salt"]) for row in sides},
        numbers={
            row["number"]: (row["stream_id"], row["version"]) for row in await sql.fetch("SELECT * FROM event_number")
        },
        heads={row["stream_id"]: (row["version"], row["hash"]) for row in await sql.fetch("SELECT * FROM stream_head")},
        checkpoints=[dict(row) for row in await sql.fetch("SELECT * FROM checkpoint ORDER BY number")],
        destructions={
            (row["stream_id"], row["version"]): row["signature"] for row in await sql.fetch("SELECT * FROM destruction")
        },
    )


async def store(sql: asyncpg.Connection, world: World) -> None:
    """Make the database equal to this world, as its owner."""
    tables: dict[str, list[tuple[object, ...]]] = {
        "event": [
            (*place, f.event_id, f.type, f.recorded_at, f.envelope, f.previous, f.hash)
            for place, f in world.facts.items()
        ],
        "event_side": [(*key, *side) for key, side in world.sides.items()],
        "event_number": [(number, *place) for number, place in world.numbers.items()],
        "stream_head": [(stream, *head) for stream, head in world.heads.items()],
        "checkpoint": [tuple(row.values()) for row in world.checkpoints],
        "destruction": [(*place, seal) for place, seal in world.destructions.items()],
    }
    for table, rows in tables.items():
        await sql.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names
        await sql.copy_records_to_table(table, records=rows)
