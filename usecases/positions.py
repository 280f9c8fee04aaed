"""How far each partition was read: what the intake asks for and what the ledger counts with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TopicAt:
    """A topic by its name, with the ids of the cluster and of the topic itself: those tell a new one from the old."""

    name: str
    cluster_id: str
    topic_id: str


class Positions(Protocol):
    """The rows of positions. Each call is a transaction of its own and raises AwayError."""

    async def begin(self, topic: TopicAt, partitions: Collection[int]) -> Mapping[int, int]:
        """Where to read on, per partition; 0 when it was never read or the topic is another one."""
        ...

    async def read_to(self, topic: TopicAt) -> Mapping[int, int]:
        """How far this very topic was read, per partition; what was never read is left out."""
        ...

    async def lost(self, topic: str, partition: int, *, read_to: int, earliest: int) -> None:
        """Messages between were gone before we read them: count them and go on after them, once."""
        ...
