"""Paints one room: cards to fragments, for viewers with the same rights. Page and socket use the same painter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dashboards.catalogue import language_of
from dashboards.live.frames import View
from dashboards.live.room import RoomKey
from dashboards.models import RoomGrant
from dashboards.render import Renderer
from dashboards.views import boards
from dashboards.views.card_data import read
from dashboards.views.marks import Mark
from dashboards.views.shown import Names
from dashboards.views.sight import visible
from domain.events.core import Mode
from domain.parties import Actor
from domain.picture import Card


@dataclass(kw_only=True)
class Painter:
    """`viewer` is anybody of the room: rights follow from function and organisation, which the key names."""

    renderer: Renderer
    key: RoomKey
    viewer: Actor
    names: dict[str, str] = field(default_factory=dict)
    parties: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, renderer: Renderer, viewer: Actor, page: str, subject: str, grant: RoomGrant) -> "Painter":
        """The painter of the room this viewer belongs in."""
        key = RoomKey(
            page=page,
            subject=subject,
            function=viewer.function,
            organisation=viewer.organisation,
            language=language_of(viewer.language),
            rights=grant.rights,
        )
        painter = cls(renderer=renderer, key=key, viewer=viewer)
        painter.learn(grant)
        return painter

    @property
    def words(self) -> Names:
        """Names in the language of the room."""
        return Names(self.names, lambda text: self.renderer.gettext(self.key.language, text), self.key.language)

    def learn(self, grant: RoomGrant) -> bool:
        """Names and parties that were not known when the room was opened; whether there were any."""
        news = any(self.names.get(code) != name for code, name in grant.names.items())
        news = news or any(self.parties.get(place) != who for place, who in grant.parties.items())
        self.names.update(grant.names)
        self.parties.update(grant.parties)
        return news

    def paint(self, cards: Iterable[Card], now: datetime) -> tuple[View, Mapping[str, Mark]]:
        """All fragments. The same cards at the same moment give the same bytes."""
        exercise = self.renderer.site.mode is Mode.OEFENING
        picture = visible(read(cards), self.viewer, self.parties, exercise=exercise)
        seen = boards.Seen(picture=picture, names=self.words, now=now, key=self.key)
        return boards.render(self.renderer, self.key.page, seen)
