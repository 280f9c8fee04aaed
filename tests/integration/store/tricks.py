"""What somebody can do who owns the database. Each trick changes the world and says where it must be found."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import orjson

from domain.chain.checkpoint import FIRST, Body
from domain.events.destruction import Vernietigd
from tests.integration.store.a_log import DESTROYED, a_key
from tests.integration.store.world import Place, World

CHECKPOINT = "checkpoint"
OTHER_KEY = a_key()
Trick = Callable[[World, Random], Place]


def changed_byte(world: World, chance: Random) -> Place:
    """One byte of a fact is another one."""
    place = chance.choice(sorted(world.facts))
    envelope = bytearray(world.facts[place].envelope)
    envelope[chance.randrange(len(envelope))] ^= 1 << chance.randrange(7)
    world.facts[place] = replace(world.facts[place], envelope=bytes(envelope))
    return place


def changed_words(world: World, chance: Random) -> Place:
    """A fact says something else, in perfect form."""
    place = chance.choice(sorted(world.facts))
    signed = orjson.loads(world.facts[place].envelope)["by"] | {"function": "burgemeester"}
    world.facts[place] = world.facts[place].said(by=signed)
    return place


def removed_event(world: World, chance: Random) -> Place:
    """A fact is gone, with its texts and its number."""
    place = chance.choice(sorted(world.facts))
    world.remove(place)
    return place


def inserted_event(world: World, chance: Random) -> Place:
    """A fact stands between others that was never written."""
    stream = chance.choice(sorted({each for each, _ in world.facts}))
    last = world.length(stream)
    version = chance.randint(1, last)
    like = world.facts[stream, last].said(event_id=str(uuid4()), version=version, beside={})
    number = world.number_of((stream, version))
    world.move({(stream, each): (stream, each + 1) for each in range(version, last + 1)})
    world.facts[stream, version] = replace(like, event_id=orjson.loads(like.envelope)["event_id"])
    world.numbers = {each + (each >= number): place for each, place in world.numbers.items()}
    world.numbers[number] = (stream, version)
    world.chain(stream)
    return stream, version


def removed_stream(world: World, chance: Random) -> Place:
    """A whole stream is gone."""
    stream = chance.choice(sorted({each for each, _ in world.facts}))
    for place in [place for place in world.facts if place[0] == stream]:
        world.remove(place)
    del world.heads[stream]
    return stream, 1


def cut_tail(world: World, chance: Random) -> Place:
    """The end of a stream is gone, and the head says that this is right."""
    stream = chance.choice(sorted({each for each, _ in world.facts}))
    first = chance.randint(2, world.length(stream))
    for version in range(first, world.length(stream) + 1):
        world.remove((stream, version))
    world.chain(stream)
    return stream, first


def cut_end(world: World, chance: Random) -> Place:
    """The end of the whole log is gone, with the checkpoints over it: only an anchor knows."""
    kept = chance.randrange(len(world.checkpoints))
    covers = world.checkpoints[kept - 1]["covers"] if kept else 0
    for number in sorted(world.numbers, reverse=True):
        if number > covers:
            world.remove(world.numbers[number])
    world.checkpoints = world.checkpoints[:kept]
    for stream in list(world.heads):
        world.chain(stream)
    return CHECKPOINT, kept + 1


def changed_text(world: World, chance: Random) -> Place:
    """A text or a salt beside a fact is another one, or belongs to a field that has none."""
    key = chance.choice(sorted(world.sides))
    value, salt = world.sides[key]
    match chance.randrange(3):
        case 0:
            world.sides[key] = (value + ".", salt)
        case 1:
            world.sides[key] = (value, secrets.token_bytes(16))
        case _:
            world.sides[*key[:2], "verzonnen"] = (value, salt)
    return key[:2]


def removed_text(world: World, chance: Random) -> Place:
    """A text is gone and nothing says that it was destroyed."""
    key = chance.choice(sorted(world.sides))
    del world.sides[key]
    return key[:2]


def swapped_numbers(world: World, chance: Random) -> Place:
    """Two facts changed places in the numbering."""
    first, second = sorted(chance.sample(sorted(world.numbers), 2))
    world.numbers[first], world.numbers[second] = world.numbers[second], world.numbers[first]
    return world.numbers[second]


def removed_number(world: World, chance: Random) -> Place:
    """A fact has no number any more; sometimes the later ones move up."""
    number = chance.choice(sorted(world.numbers))
    place = world.numbers.pop(number)
    if chance.random() < 0.5:
        world.renumber()
    return place


def fake_destruction(world: World, chance: Random) -> Place:
    """Texts are gone, and a perfect fact says that they were destroyed; the signature under it can not be made."""
    stream, version, _ = key = chance.choice(sorted(world.sides))
    last = world.length(stream)
    del world.sides[key]
    event = Vernietigd(destroyed=(f"{version}/{key[2]}",), list_item="4.1")
    like = world.facts[stream, last].said(
        event_id=str(uuid4()), version=last + 1, data=event.model_dump(mode="json", exclude_none=True), beside={}
    )
    world.facts[stream, last + 1] = replace(like, event_id=orjson.loads(like.envelope)["event_id"], type=event.type)
    world.numbers[max(world.numbers) + 1] = (stream, last + 1)
    world.chain(stream)
    seal = chance.choice([None, OTHER_KEY.sign(b"x"), next(iter(world.destructions.values()))])
    if seal is not None:
        world.destructions[stream, last + 1] = seal
    return stream, version


def unsigned_destruction(world: World, chance: Random) -> Place:
    """The signature under the real destruction is gone or another one."""
    place = next(iter(world.destructions))
    if chance.random() < 0.5:
        del world.destructions[place]
    else:
        world.destructions[place] = OTHER_KEY.sign(b"x")
    return DESTROYED


def column_of_event(world: World, chance: Random) -> Place:
    """A column beside the canonical bytes says something else."""
    place = chance.choice(sorted(world.facts))
    fact = world.facts[place]
    others: list[dict[str, Any]] = [
        {"event_id": uuid4()},
        {"type": "nl.incidenten.ernst-bepaald"},
        {"recorded_at": fact.recorded_at + timedelta(seconds=1)},
        {"previous": secrets.token_bytes(32)},
        {"hash": secrets.token_bytes(32)},
    ]
    world.facts[place] = replace(fact, **chance.choice(others))
    return place


def wrong_head(world: World, chance: Random) -> Place:
    """The head of a stream is gone or says something else."""
    stream = chance.choice(sorted(world.heads))
    version, link = world.heads[stream]
    match chance.randrange(3):
        case 0:
            del world.heads[stream]
        case 1:
            world.heads[stream] = (version, secrets.token_bytes(32))
        case _:
            world.heads[stream] = (version + 1, link)
            return stream, version + 1
    return stream, version


def changed_checkpoint(world: World, chance: Random) -> Place:
    """A column of a checkpoint is another one."""
    row = chance.choice(world.checkpoints)
    name = chance.choice(["at", "covers", "body", "signature", "previous", "hash"])
    match row[name]:
        case bytes() as value if name == "body" and chance.random() < 0.5:
            row[name] = value.replace(b":", b": ", 1)
        case bytes() as value:
            place = chance.randrange(len(value))
            row[name] = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
        case int() as value:
            row[name] = value - 1
        case value:
            row[name] = value + timedelta(seconds=1)
    return CHECKPOINT, row["number"]


def removed_checkpoint(world: World, chance: Random) -> Place:
    """A checkpoint is gone; sometimes the later ones are renumbered and made again."""
    place = chance.randrange(len(world.checkpoints))
    del world.checkpoints[place]
    if chance.random() < 0.5:
        _resign(world, place)
    return CHECKPOINT, place + 1


def resigned_checkpoints(world: World, chance: Random) -> Place:
    """From one checkpoint on, all are signed with another key."""
    place = chance.randrange(len(world.checkpoints))
    _resign(world, place)
    return CHECKPOINT, place + 1


def _resign(world: World, first: int) -> None:
    previous = world.checkpoints[first - 1]["hash"] if first else bytes.fromhex(FIRST)
    for number, row in enumerate(world.checkpoints[first:], start=first + 1):
        body = Body.model_validate_json(row["body"])
        again = body.model_copy(update={"number": number, "previous": previous.hex(), "key_id": OTHER_KEY.key_id})
        row |= {"number": number, "body": again.canonical(), "previous": previous}
        row |= {"signature": OTHER_KEY.sign(again.canonical())}
        previous = row["hash"]


COVERABLE: tuple[Trick, ...] = (
    changed_byte,
    changed_words,
    removed_event,
    inserted_event,
    removed_stream,
    cut_tail,
    swapped_numbers,
    removed_number,
)
"""After these the chain, the heads, the numbers and the checkpoints can be made to fit again."""
TRICKS: tuple[Trick, ...] = (
    *COVERABLE,
    cut_end,
    changed_text,
    removed_text,
    fake_destruction,
    unsigned_destruction,
    column_of_event,
    wrong_head,
    changed_checkpoint,
    removed_checkpoint,
    resigned_checkpoints,
)


def play(world: World, trick: Trick, chance: Random) -> Place:
    """Do a trick and cover it up as far as chance wants; where it must be found."""
    found = trick(world, chance)
    if trick not in COVERABLE or chance.random() < 0.3:
        return found
    for stream in {stream for stream, _ in world.facts}:
        world.chain(stream)
    if trick is not swapped_numbers:
        world.renumber()
    if chance.random() < 0.5:
        first = world.forge_checkpoints(chance.choice([None, OTHER_KEY]))
        if first is not None:
            return CHECKPOINT, first
    return found
