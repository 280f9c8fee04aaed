"""Cards in memory: the port of the picture over incidents and executions that a test changes."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.incidents import Incident
from domain.picture import Card
from playbooks.engine import Execution
from usecases.context import Rules
from usecases.picture import Family, Snapshot
from usecases.rows import duty_rows


@dataclass
class FakeCards:
    """`published` holds every card that went to the topic, in order."""

    rules: Rules
    incidents: dict[UUID, Incident] = field(default_factory=dict)
    executions: dict[UUID, Execution] = field(default_factory=dict)
    rows: dict[str, Card] = field(default_factory=dict)
    published: list[Card] = field(default_factory=list)
    canaries: list[bytes] = field(default_factory=list)
    newest: int = 0
    epoch: int = 1

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["FakeCards"]:
        yield self

    async def incidents_of(self, streams: Collection[str]) -> Mapping[str, tuple[UUID, str]]:
        found = {each.stream_id: (each.incident_id, each.municipality) for each in self.incidents.values()}
        found |= {each.stream_id: (each.incident_id, each.municipality) for each in self.executions.values()}
        return {stream: found[stream] for stream in streams if stream in found}

    async def lock_cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        empty = {each: Card(card_id=each, epoch=self.epoch, number=0) for each in card_ids}
        return {each: self.rows.get(each, empty[each]) for each in sorted(card_ids)}

    async def cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        return await self.lock_cards(card_ids)

    async def number(self) -> int:
        return self.newest

    async def families(self, incidents: Collection[UUID]) -> Sequence[Family]:
        return [self._family(self.incidents[each]) for each in incidents if each in self.incidents]

    async def listed(self, municipalities: Collection[str], closed_since: datetime) -> Sequence[Family]:
        return [
            self._family(each)
            for each in self.incidents.values()
            if each.municipality in municipalities and (each.closed_at is None or each.closed_at > closed_since)
        ]

    async def put_cards(self, cards: Sequence[Card]) -> None:
        self.rows |= {card.card_id: card for card in cards}
        self.published += cards

    async def put_canary(self, value: bytes) -> None:
        self.canaries.append(value)

    async def snapshot(
        self, card_ids: Collection[str], incidents: Collection[UUID], municipalities: Collection[str], since: datetime
    ) -> Snapshot:
        both = [*await self.families(incidents), *await self.listed(municipalities, since)]
        return Snapshot(
            number=self.newest,
            epoch=self.epoch,
            epochs={each: self.rows[each].epoch for each in card_ids if each in self.rows},
            families=tuple({each.incident.incident_id: each for each in both}.values()),
        )

    async def to_check(self, closed_since: datetime) -> tuple[Mapping[UUID, str], Collection[str]]:
        living = {
            each.incident_id: each.municipality
            for each in self.incidents.values()
            if each.closed_at is None or each.closed_at > closed_since
        }
        return living, [each for each in self.rows if not each.startswith("incident:")]

    def _family(self, incident: Incident) -> Family:
        mine = [each for each in self.executions.values() if each.incident_id == incident.incident_id]
        return Family(incident=incident, duties=duty_rows(self.rules, incident), executions=tuple(mine))
