"""The live picture: what each stream contributes to which cards. The agent and a fresh read use the same functions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.incidents import Incident
from domain.picture import Card, Contribution, incident_card, municipality_card, region_card, replace
from domain.tlp import Tlp
from playbooks.engine import Execution
from usecases import canary
from usecases.canary import CANARY_KEY
from usecases.cloudevents import UnreadableEventError, pointer_of
from usecases.context import Rules
from usecases.ports import Clock, DutyRow
from usecases.reading import RECENTLY


@dataclass(frozen=True, kw_only=True)
class Family:
    """An incident with everything that runs for it, as the state rows say."""

    incident: Incident
    duties: tuple[DutyRow, ...] = ()
    executions: tuple[Execution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Families as they were at one moment; everything up to `number` is in them. Epochs per card that has a row."""

    number: int
    epoch: int
    epochs: Mapping[str, int]
    families: tuple[Family, ...]


class CardTransaction(Protocol):
    """One transaction on cards. Card rows are locked once, in sorted order, before state rows are read."""

    async def incidents_of(self, streams: Collection[str]) -> Mapping[str, tuple[UUID, str]]:
        """(incident, municipality) of these streams; streams without one are left out."""
        ...

    async def lock_cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        """The rows of these cards, locked until commit; an empty card where there was none."""
        ...

    async def cards(self, card_ids: Collection[str]) -> Mapping[str, Card]:
        """The same without locking or making anything."""
        ...

    async def number(self) -> int:
        """Newest gapless number; everything up to it is in what is read after this."""
        ...

    async def families(self, incidents: Collection[UUID]) -> Sequence[Family]:
        """Committed state rows, the newest."""
        ...

    async def listed(self, municipalities: Collection[str], closed_since: datetime) -> Sequence[Family]:
        """Families of open incidents and those closed since this moment."""
        ...

    async def put_cards(self, cards: Sequence[Card]) -> None:
        """Write these locked cards and put them in the outbox."""
        ...

    async def put_canary(self, value: bytes) -> None:
        """Let a canary fly on, to the readers of cards."""
        ...


class CardStore(Protocol):
    """Where cards stand."""

    def begin(self) -> AbstractAsyncContextManager[CardTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        ...

    async def snapshot(
        self, card_ids: Collection[str], incidents: Collection[UUID], municipalities: Collection[str], since: datetime
    ) -> Snapshot:
        """These incidents, and those of these municipalities that are open or closed since, at one moment."""
        ...


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What making cards needs."""

    cards: CardStore
    rules: Rules
    clock: Clock


def incident_contribution(incident: Incident, duty_rows: Iterable[DutyRow], rules: Rules) -> Contribution:
    """What the stream of an incident adds."""
    data = incident.model_dump(mode="json")
    data["warnings_given"] = sorted(incident.warnings_given)
    duties = [_duty(row, incident, rules) for row in duty_rows]
    return Contribution(
        stream_id=incident.stream_id, version=incident.version, data={"incident": data, "duties": duties}
    )


def execution_contribution(execution: Execution) -> Contribution:
    """What the stream of a playbook execution adds."""
    tasks = sorted(execution.tasks.values(), key=lambda task: (task.asked_at, task.task_key))
    return Contribution(
        stream_id=execution.stream_id,
        version=execution.version,
        data={
            "execution_id": str(execution.execution_id),
            "incident_id": str(execution.incident_id),
            "playbook_id": execution.playbook_id,
            "status": execution.status,
            "tasks": [task.model_dump(mode="json") for task in tasks],
        },
    )


def contributions(family: Family, rules: Rules) -> tuple[Contribution, ...]:
    """What an incident and its playbooks add together."""
    own = incident_contribution(family.incident, family.duties, rules)
    return (own, *(execution_contribution(each) for each in family.executions))


def cards_of(incident_id: UUID, municipality: str, rules: Rules) -> tuple[str, str, str]:
    """The cards that an incident feeds: its own, the municipality's and the safety region's."""
    region = rules.reference.municipality(municipality).safety_region_code
    return (incident_card(incident_id), municipality_card(municipality), region_card(region))


def is_listed(incident: Incident, now: datetime) -> bool:
    """Whether it stands on the cards of municipality and region; on its own card it stays."""
    return incident.closed_at is None or incident.closed_at > now - RECENTLY


def sealed(card: Card, families: Iterable[Family]) -> Card:
    """The card as it may stand in a topic: of TLP:RED incidents a reference only, fetched under one's own rights."""
    red = [family for family in families if family.incident.tlp is Tlp.RED]
    streams = {family.incident.stream_id for family in red}
    streams |= {each.stream_id for family in red for each in family.executions}
    return seal(card, streams & card.contributions.keys()) if streams else card


def seal(card: Card, streams: Collection[str]) -> Card:
    """The card with references where these streams contribute."""
    closed = {name: card.contributions[name].model_copy(update={"data": {"reference": name}}) for name in streams}
    return card.model_copy(update={"contributions": {**card.contributions, **closed}})


def is_sealed(card: Card) -> bool:
    """Whether something in it must be fetched from the record."""
    return any("reference" in each.data for each in card.contributions.values())


async def take(picture: Picture, batch: Sequence[tuple[bytes | None, bytes | None]]) -> Sequence[str]:
    """Bring the cards up to date with these messages (key, value), in one transaction.

    Gives why messages could not be read; those change nothing. Raises AwayError: then nothing happened.
    """
    moved: dict[str, int] = {}
    canaries: list[bytes] = []
    parked: list[str] = []
    for key, value in batch:
        if key == CANARY_KEY and value is not None and canary.sent_at(value) is not None:
            canaries.append(value)
            continue
        try:
            pointer = pointer_of(value)
        except UnreadableEventError as error:
            parked.append(str(error))
        else:
            moved[pointer.stream_id] = max(pointer.number, moved.get(pointer.stream_id, 0))
    if moved or canaries:
        await _write(picture, moved, canaries)
    return parked


async def _write(picture: Picture, moved: Mapping[str, int], canaries: Sequence[bytes]) -> None:
    async with picture.cards.begin() as tx:
        if moved:
            await _update(picture, tx, moved)
        for value in canaries[-1:]:
            await tx.put_canary(value)


async def _update(picture: Picture, tx: CardTransaction, moved: Mapping[str, int]) -> None:
    places = await tx.incidents_of(moved)
    numbers: dict[UUID, int] = {}
    towns: dict[UUID, str] = {}
    for stream, (incident_id, municipality) in places.items():
        numbers[incident_id] = max(moved[stream], numbers.get(incident_id, 0))
        towns[incident_id] = municipality
    fed = {incident_id: cards_of(incident_id, town, picture.rules) for incident_id, town in towns.items()}
    held = await tx.lock_cards(sorted({card_id for cards in fed.values() for card_id in cards}))
    after = dict(held)
    for family in await tx.families(numbers):
        incident_id = family.incident.incident_id
        for card_id in fed[incident_id]:
            after[card_id] = _fold(picture, after[card_id], family, numbers[incident_id])
    await tx.put_cards([card for card_id, card in after.items() if card != held[card_id]])


def _fold(picture: Picture, card: Card, family: Family, number: int) -> Card:
    """The card with this family, or without it when it is closed long enough and the card is not its own."""
    given = contributions(family, picture.rules)
    if card.card_id == incident_card(family.incident.incident_id) or is_listed(family.incident, picture.clock.now()):
        return sealed(replace(card, given, number), [family])
    gone = {each.stream_id for each in given}
    kept = {name: each for name, each in card.contributions.items() if name not in gone}
    return card.model_copy(update={"contributions": kept, "number": max(card.number, number)})


def _duty(row: DutyRow, incident: Incident, rules: Rules) -> dict[str, Any]:
    """One line of the clock. What is projected is no limit yet: it has no moment here."""
    duty = row.duty
    known = incident.awareness.get(duty.regime)
    worst = duty.due_at is None and duty.worst_case_at is not None
    due = None if duty.projected else duty.due_at or duty.worst_case_at
    return {
        "obligation": duty.obligation,
        "regime": duty.regime,
        "name": dict(rules.regimes.obligation(duty.obligation).label),
        "state": duty.state.value,
        "due_at": _moment(due),
        "worst_case": worst,
        "known_at": _moment(known.aware_at if known else duty.since),
        "waits_for": duty.waits_for,
        "submitted_at": _moment(duty.submitted_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
