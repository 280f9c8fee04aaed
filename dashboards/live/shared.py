"""A room with its cards, its viewers and its pace: renders once for all who look at the same thing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from dashboards.live.frames import View
from dashboards.live.member import Member
from dashboards.live.room import Pace, Pulse, Room
from dashboards.models import RoomGrant
from dashboards.views.marks import Mark, news
from dashboards.views.painter import Painter
from domain.picture import Card, newest

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Shared:
    """`painter` turns cards into fragments; `now` is the clock."""

    room: Room
    painter: Painter
    now: Callable[[], datetime]
    cards: dict[str, Card] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    members: set[Member] = field(default_factory=set)
    pace: Pace = field(default_factory=Pace)
    empty_since: float | None = None

    def take(self, card: Card) -> None:
        """A card, when it is newer than ours: the order of arrival says nothing."""
        known = self.cards.get(card.card_id)
        if known is not None and newest(known, card) is known:
            return
        self.cards[card.card_id] = card
        self.touch()

    def learn(self, grant: RoomGrant) -> None:
        """What somebody who came in was granted: fresh cards, and words that were not known yet."""
        if self.painter.learn(grant):
            self.touch()
        for card in grant.cards:
            self.take(card)
        if not self.room.seq:
            self.flush()

    def touch(self) -> None:
        """Something may have changed: send at once after rest, else when the pause is over."""
        loop = asyncio.get_running_loop()
        wait = self.pace.wait(loop.time())
        if wait is None:
            return
        if wait:
            loop.call_later(wait, self.flush)
        else:
            self.flush()

    def flush(self) -> None:
        """Render, and send what differs to everybody here."""
        self.pace.sent(asyncio.get_running_loop().time())
        try:
            view, marks = self.painter.paint(self.cards.values(), self.now())
        except Exception:
            # One card that cannot be drawn must not silence the others; the heartbeat goes on and the log tells.
            log.exception("room-not-rendered", room=self.room.key.page, subject=self.room.key.subject)
            return
        said = news(self.marks, marks) if self.room.seq else None
        self.marks = marks
        if said:
            view = View(patches=view.patches, data=view.data, say=said.sentence, urgent=said.urgent)
        frame = self.room.update(view, self.now())
        if frame:
            self.send(frame)

    def send(self, frame: str) -> None:
        """The same bytes for everybody in the room."""
        for member in self.members:
            member.offer(frame)

    def snapshot(self) -> str:
        """Everything, for one who lost the thread."""
        return self.room.snapshot(self.now())

    def beat(self, pulse: Pulse) -> None:
        """A sign of life."""
        if self.members:
            self.send(self.room.heartbeat(pulse, self.now()))
