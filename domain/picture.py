"""The live picture: cards folded from contributions, one per stream. The same fold feeds Kafka and a fresh read.

A card holds no free text and, on a topic, nothing restricted: states, numbers, moments, ids. A contribution is
replaced by a higher version of its stream, never added to; so order and repetition change nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class Contribution(BaseModel):
    """What one stream adds to a card, at one version of that stream. `data` is JSON."""

    model_config = ConfigDict(frozen=True)
    stream_id: str
    version: int
    data: dict[str, Any]


class Card(BaseModel):
    """What viewers of one subject see. `epoch` rises at a restore or rebuild; `number` = newest event number in it."""

    model_config = ConfigDict(frozen=True)
    card_id: str
    epoch: int
    number: int
    contributions: Mapping[str, Contribution] = {}

    @property
    def version(self) -> tuple[int, int, int]:
        """Readers keep the highest; the order of arrival says nothing.

        Agents may fold event 10 before event 8 of another stream: then the number stays 10 and the sum of the
        versions of the streams says which card knows more.
        """
        return (self.epoch, self.number, sum(each.version for each in self.contributions.values()))


def replace(card: Card, contributions: Iterable[Contribution], number: int) -> Card:
    """The card with these contributions, each only where its stream version is higher than what is there."""
    merged = dict(card.contributions)
    for new in contributions:
        old = merged.get(new.stream_id)
        if old is None or new.version > old.version:
            merged[new.stream_id] = new
    return card.model_copy(update={"contributions": merged, "number": max(card.number, number)})


def newest(left: Card, right: Card) -> Card:
    """The higher version of the same card."""
    return right if right.version > left.version else left


def incident_card(incident_id: object) -> str:
    """Card of one incident: its own stream and the executions of its playbooks."""
    return f"incident:{incident_id}"


def municipality_card(code: str) -> str:
    """Card of all open incidents of one municipality."""
    return f"gemeente:{code}"


def region_card(code: str) -> str:
    """Card of all open incidents of one safety region."""
    return f"vr:{code}"
