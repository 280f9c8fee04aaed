"""The topics: their names on the wire, and how long each keeps what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.events.core import Mode

PARTITIONS = 12
LARGEST_MESSAGE = 2 * 1024 * 1024


class Topic(StrEnum):
    """A topic without its prefix."""

    RECEIVED = "signals.received"
    OVERFLOW = "signals.overflow"
    ACCEPTED = "signals.accepted"
    QUARANTINED = "signals.quarantined"
    EVENTS = "incidents.events"
    PUBLISHED = "incidents.published"
    CARDS = "picture.cards"
    CHECKPOINTS = "audit.checkpoints"


@dataclass(frozen=True)
class Kept:
    """`days`: how long a message stays, None for ever. `compacted`: the newest message of each key stays for ever."""

    days: int | None = None
    compacted: bool = False

    @property
    def config(self) -> Mapping[str, str]:
        """The settings of a topic that is kept like this."""
        kept = -1 if self.days is None else int(timedelta(days=self.days).total_seconds() * 1000)
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(kept),
            "max.message.bytes": str(LARGEST_MESSAGE),
        }


KEPT: Mapping[Topic, Kept] = {
    Topic.RECEIVED: Kept(days=7),
    Topic.OVERFLOW: Kept(days=7),
    Topic.ACCEPTED: Kept(days=7),
    Topic.QUARANTINED: Kept(days=90),
    Topic.EVENTS: Kept(days=30),
    Topic.PUBLISHED: Kept(days=30),
    Topic.CARDS: Kept(compacted=True),
    Topic.CHECKPOINTS: Kept(),
}


def name_of(topic: Topic, mode: Mode | str) -> str:
    """The full name: `live.signals.received`."""
    return f"{Mode(mode).value}.{topic.value}"


def names(mode: Mode | str) -> Mapping[str, Kept]:
    """All topics of one mode by their full names, and how each is kept."""
    return {name_of(topic, mode): kept for topic, kept in KEPT.items()}
