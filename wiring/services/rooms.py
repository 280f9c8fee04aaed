"""Who may watch which cards, and the class of viewers with the same rights."""

from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dashboards.models import RoomGrant
from dashboards.views.card_data import read
from domain import refusals, sharing
from domain.errors import NotAllowedError
from domain.parties import Actor, Party
from domain.picture import Card, incident_card, region_card
from domain.sharing import Subject
from domain.sharing_table import Kind
from usecases.reading import Desk, subject
from usecases.vocabulary import municipalities_of, parties, regions_of
from wiring.services.names import Naming

FreshCards = Callable[[Collection[str]], Coroutine[Any, Any, Sequence[Card]]]
"""The cards with these ids, folded from the record now."""


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """Grants for incidents and for one's own organisation; nothing else can be watched."""

    desk: Desk
    naming: Naming
    fresh: FreshCards

    async def room(self, actor: Actor, asked: str) -> RoomGrant:
        """Raises IncidentUnknownError or NotAllowedError."""
        kind, _, code = asked.partition(":")
        if kind == "incident":
            return await self._incident(actor, code)
        if asked != actor.organisation:
            raise NotAllowedError
        return await self._overview(actor)

    async def _incident(self, actor: Actor, code: str) -> RoomGrant:
        row = await self.desk.readings.incident(_id(code))
        about = subject(self.desk, row) if row else None
        if row is None or about is None or not sharing.may(actor, Kind.INCIDENT, about):
            raise refusals.IncidentUnknownError
        cards = await self.fresh([incident_card(row.incident_id)])
        return await self._grant(actor, cards, [about], [row.municipality])

    async def _overview(self, actor: Actor) -> RoomGrant:
        rules = self.desk.rules
        if actor.party is Party.GEMEENTE:
            ids = [actor.organisation]
        else:
            ids = [region_card(code) for code in regions_of(rules, actor.organisation)]
        cards = await self.fresh(ids)
        subjects = [subject(self.desk, one.incident) for one in read(cards).situations]
        return await self._grant(actor, cards, subjects, municipalities_of(rules, actor.organisation))

    async def _grant(
        self, actor: Actor, cards: Sequence[Card], subjects: Iterable[Subject], municipalities: Collection[str]
    ) -> RoomGrant:
        return RoomGrant(
            cards=tuple(cards),
            rights=rights_of(actor, subjects),
            names=await self.naming.names(municipalities, actor.language),
            parties={code: parties(self.desk.rules, code) for code in municipalities},
        )


def rights_of(actor: Actor, subjects: Iterable[Subject]) -> str:
    """One more incident that is seen in the same way changes nothing; one that is seen otherwise does."""
    different = {(one.owner, one.tlp, tuple(sorted(sharing.sees(actor, one)))): one for one in subjects}
    visible = [one for (*_, kinds), one in sorted(different.items(), key=lambda each: str(each[0])) if kinds]
    return sharing.rights_class(actor, *visible)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise refusals.IncidentUnknownError from error
