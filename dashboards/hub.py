"""The hub: cards in, frames out to the browsers that look at them. One in every `serve` process.

`card` and `beat` are called by whoever reads the picture, in the same event loop; `run` keeps heart and rights.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count

import structlog
from starlette.websockets import WebSocket

from dashboards.live.frames import PROTOCOL, BadFrameError, Close, Hello, read_client_frame
from dashboards.live.member import Member
from dashboards.live.room import Pulse, Room, RoomKey
from dashboards.live.shared import Shared
from dashboards.models import RoomGrant
from dashboards.origin import is_own_origin
from dashboards.render import Renderer
from dashboards.services import Services
from dashboards.views import boards
from dashboards.views.painter import Painter
from domain.errors import AwayError, DriehoekError
from domain.parties import Actor
from domain.picture import Card

BEAT_SECONDS = 5.0
RIGHTS_SECONDS = 1.0
KEEP_EMPTY_SECONDS = 60.0
"""A room without viewers stays this long, so that a page that reloads can resume."""
log = structlog.get_logger(__name__)


class Hub:
    """`process` names this process; together with the room it makes the epoch of the numbering."""

    def __init__(self, services: Services, renderer: Renderer, *, process: str) -> None:
        self._services = services
        self._renderer = renderer
        self._process = process
        self._numbers = count(1)
        self._rooms: dict[RoomKey, Shared] = {}
        self._members: set[Member] = set()
        self._age: tuple[float | None, float] = (None, 0.0)
        self._via = "kafka"

    def card(self, card: Card) -> None:
        """A card from the picture, or folded from the record. Older ones than we have are ignored."""
        for room in self._rooms.values():
            if card.card_id in room.cards:
                room.take(card)

    def beat(self, canary_age: float | None, via: str) -> None:
        """How old the newest canary is (seconds, None = never seen), and which way cards come: kafka or database."""
        self._age = (canary_age, asyncio.get_running_loop().time())
        changed = via != self._via
        self._via = via
        if changed:
            self._send_beats()

    def watched(self) -> frozenset[str]:
        """Ids of the cards that somebody looks at now."""
        return frozenset(name for room in self._rooms.values() if room.members for name in room.cards)

    @property
    def viewers(self) -> int:
        """How many pages are open."""
        return len(self._members)

    async def rights_changed(self) -> None:
        """Rights were given or taken: check every open socket now."""
        await self._check_presence()
        for member in tuple(self._members):
            await self._check_room(member)

    async def run(self) -> None:
        """Heartbeats and the watch over rights, until cancelled; then everybody is told to come back."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._every(BEAT_SECONDS, self._beat_all))
                group.create_task(self._every(RIGHTS_SECONDS, self._watch))
        finally:
            await asyncio.gather(*(member.close(Close.RESTART) for member in tuple(self._members)))

    async def serve(self, websocket: WebSocket) -> None:
        """One socket from handshake to close."""
        asked = websocket.headers.get("sec-websocket-protocol", "")
        if PROTOCOL not in asked.split(", ") or not is_own_origin(websocket, self._services.site, needed=True):
            await websocket.close(Close.NOT_ALLOWED)
            return
        await websocket.accept(subprotocol=PROTOCOL)
        actor: Actor | None = getattr(websocket.state, "actor", None)
        if actor is None:
            away = getattr(websocket.state, "away", False)
            await websocket.close(Close.TRY_LATER if away else Close.SIGNED_OUT)
            return
        member = Member(websocket, actor)
        self._members.add(member)
        writer = asyncio.create_task(member.write())
        try:
            await self._listen(member)
        finally:
            self._leave(member)
            writer.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await writer

    async def _listen(self, member: Member) -> None:
        while (text := await member.read()) is not None:
            try:
                frame = read_client_frame(text)
            except BadFrameError:
                await member.close(Close.BAD_FRAME)
                return
            if isinstance(frame, Hello):
                refusal = await self._enter(member, frame)
                if refusal:
                    await member.close(refusal)
                    return
            else:
                member.acked = frame

    async def _enter(self, member: Member, hello: Hello) -> Close | None:
        """Let somebody in, or say why not."""
        page, _, subject = hello.room.partition("@")
        if hello.mode != self._services.site.mode:
            return Close.OTHER_MODE
        if page not in boards.PAGES:
            return Close.NOT_ALLOWED
        try:
            grant = await self._services.reads.room(member.actor, subject)
        except AwayError:
            return Close.TRY_LATER
        except DriehoekError:
            return Close.NOT_ALLOWED
        room = self._room(Painter.of(self._renderer, member.actor, page, subject, grant))
        member.subject = subject
        self._join(member, room, grant)
        for frame in room.room.catch_up(hello.epoch, hello.seq, room.now()):
            member.offer(frame)
        member.offer(room.room.heartbeat(self._pulse(), room.now()))
        return None

    def _room(self, painter: Painter) -> Shared:
        room = self._rooms.get(painter.key)
        if room is None:
            epoch = f"{self._process}-{next(self._numbers)}"
            room = self._rooms[painter.key] = Shared(Room(painter.key, epoch), painter, self._services.clock.now)
        return room

    def _join(self, member: Member, room: Shared, grant: RoomGrant) -> None:
        room.learn(grant)
        if member.room is not room:
            self._leave_room(member)
        member.room = room
        room.members.add(member)
        room.empty_since = None

    def _leave(self, member: Member) -> None:
        self._members.discard(member)
        self._leave_room(member)

    def _leave_room(self, member: Member) -> None:
        if member.room is None:
            return
        member.room.members.discard(member)
        if not member.room.members:
            member.room.empty_since = asyncio.get_running_loop().time()

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await work()

    async def _beat_all(self) -> None:
        self._send_beats()

    def _send_beats(self) -> None:
        pulse = self._pulse()
        for room in self._rooms.values():
            room.beat(pulse)

    def _pulse(self) -> Pulse:
        age, at = self._age
        grown = None if age is None else age + asyncio.get_running_loop().time() - at
        return Pulse(chain_age=grown, via=self._via, build=self._renderer.assets.build)

    async def _watch(self) -> None:
        now = asyncio.get_running_loop().time()
        for key, room in tuple(self._rooms.items()):
            if room.empty_since is not None and now - room.empty_since > KEEP_EMPTY_SECONDS:
                del self._rooms[key]
        for member in tuple(self._members):
            if member.outbox.is_stuck(now):
                await member.close(Close.TRY_LATER)
        await self._check_presence()

    async def _check_presence(self) -> None:
        sessions = {member.actor.session_id for member in self._members if member.actor.session_id}
        if not sessions:
            return
        try:
            present = await self._services.presence.present(sessions)
        except AwayError:
            log.warning("rights-not-checked", sockets=len(self._members))
            return
        for member in tuple(self._members):
            session = member.actor.session_id
            now = present.get(session) if session else member.actor
            if now is None:
                await member.close(Close.SIGNED_OUT)
            elif (now.function, now.organisation) != (member.actor.function, member.actor.organisation):
                await member.close(Close.NOT_ALLOWED)

    async def _check_room(self, member: Member) -> None:
        if member.room is None:
            return
        try:
            grant = await self._services.reads.room(member.actor, member.subject)
        except AwayError:
            return
        except DriehoekError:
            await member.close(Close.NOT_ALLOWED)
            return
        key = member.room.room.key
        if grant.rights != key.rights:
            # The page is still allowed, with other contents: it goes on in the room of its new rights.
            room = self._room(Painter.of(self._renderer, member.actor, key.page, member.subject, grant))
            self._join(member, room, grant)
            member.offer(room.snapshot())
