"""The same cards folded from the record at one moment: for who comes in, for Kafka's absence, and as a check."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.picture import Card, Contribution
from usecases.picture import CardTransaction, Family, Picture, cards_of, contributions, is_listed, sealed
from usecases.reading import RECENTLY
from usecases.vocabulary import municipalities_of

TOGETHER = 20
"""Cards per transaction of the check."""
Version = tuple[int, int, int]


class CheckedStore(Protocol):
    """What the check asks besides."""

    async def to_check(self, closed_since: datetime) -> tuple[Mapping[UUID, str], Collection[str]]:
        """Municipality per incident that is open or closed since; ids of all cards but those of incidents."""
        ...


async def fresh_cards(picture: Picture, card_ids: Collection[str]) -> Sequence[Card]:
    """These cards from one snapshot, in the order asked; an empty card for what does not exist. Nothing is sealed."""
    now = picture.clock.now()
    wanted = {card_id: _asked(picture, card_id) for card_id in card_ids}
    incidents = [each for ids, _ in wanted.values() for each in ids]
    towns = sorted({each for _, codes in wanted.values() for each in codes})
    seen = await picture.cards.snapshot(card_ids, incidents, towns, now - RECENTLY)
    folded = _folded(picture, card_ids, seen.families, now)
    return [
        Card(
            card_id=card_id,
            epoch=max(seen.epoch, seen.epochs.get(card_id, 0)),
            number=seen.number,
            contributions=folded[card_id],
        )
        for card_id in card_ids
    ]


async def suspects(picture: Picture, store: CheckedStore) -> Mapping[str, Version]:
    """Living cards that are not as a fresh fold is, with their version; nothing is locked.

    The agent may only be late with them: `heal` looks again, later.
    """
    incidents, others = await store.to_check(picture.clock.now() - RECENTLY)
    named = {name for each, town in incidents.items() for name in cards_of(each, town, picture.rules)}
    ids = sorted(named | set(others))
    found: dict[str, Version] = {}
    for start in range(0, len(ids), TOGETHER):
        async with picture.cards.begin() as tx:
            found |= {held.card_id: held.version for held, _ in await _differing(picture, tx, ids[start:][:TOGETHER])}
    return found


async def heal(picture: Picture, suspected: Mapping[str, Version]) -> int:
    """Write and publish the fresh fold of cards that stood still since they were suspected; how many that were.

    A card that differs without a newer fact gets a higher epoch, so that every reader takes it.
    """
    if not suspected:
        return 0
    async with picture.cards.begin() as tx:
        locked = await tx.lock_cards(suspected)
        still = [card_id for card_id, card in locked.items() if card.version == suspected[card_id]]
        healed = [_higher(right, wrong) for wrong, right in await _differing(picture, tx, still)]
        await tx.put_cards(healed)
    return len(healed)


async def _differing(picture: Picture, tx: CardTransaction, card_ids: Sequence[str]) -> Sequence[tuple[Card, Card]]:
    """(card as it stands, card as it should be) of those that differ."""
    now = picture.clock.now()
    held = await tx.cards(card_ids)
    number = await tx.number()
    wanted = [_asked(picture, card_id) for card_id in card_ids]
    families = {
        each.incident.incident_id: each
        for each in (
            *await tx.families([each for ids, _ in wanted for each in ids]),
            *await tx.listed(sorted({each for _, codes in wanted for each in codes}), now - RECENTLY),
        )
    }
    folded = _folded(picture, card_ids, families.values(), now)
    found: list[tuple[Card, Card]] = []
    for card_id, card in held.items():
        right = sealed(card.model_copy(update={"contributions": folded[card_id]}), families.values())
        if right.contributions != card.contributions:
            found.append((card, right.model_copy(update={"number": max(card.number, number)})))
    return found


def _higher(right: Card, wrong: Card) -> Card:
    return right if right.version > wrong.version else right.model_copy(update={"epoch": wrong.epoch + 1})


def _folded(
    picture: Picture, card_ids: Iterable[str], families: Iterable[Family], now: datetime
) -> Mapping[str, Mapping[str, Contribution]]:
    """Contributions per card."""
    found: dict[str, dict[str, Contribution]] = {card_id: {} for card_id in card_ids}
    for family in families:
        incident = family.incident
        own, *lists = cards_of(incident.incident_id, incident.municipality, picture.rules)
        listed = is_listed(incident, now)
        given = {each.stream_id: each for each in contributions(family, picture.rules)}
        for card_id in (own, *(lists if listed else ())):
            if card_id in found:
                found[card_id] |= given
    return found


def _asked(picture: Picture, card_id: str) -> tuple[Sequence[UUID], Sequence[str]]:
    """What a card is made of: (incidents, municipalities)."""
    kind, _, code = card_id.partition(":")
    if kind == "incident":
        return [UUID(code)], ()
    return (), municipalities_of(picture.rules, card_id)
