"""The hub: who may come in, frames when a card comes, and sockets that close when rights are gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from starlette.websockets import WebSocketDisconnect, WebSocketState

from dashboards.live.frames import PROTOCOL
from domain import commands
from domain.parties import Actor, Function
from domain.severity import Severity
from tests.unit.dashboards.story import reported
from tests.unit.dashboards.world import World

CARD = "gemeente:GM0344"


class Socket:
    """One end of a websocket, with what the server sent and how it closed."""

    def __init__(self, actor: Actor | None, *, origin: str = "http://driehoek.test", protocol: str = PROTOCOL) -> None:
        self.headers = {"origin": origin, "host": "driehoek.test", "sec-websocket-protocol": protocol}
        self.state = SimpleNamespace(actor=actor, away=False)
        self.application_state = WebSocketState.CONNECTED
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.incoming: asyncio.Queue[str | None] = asyncio.Queue()
        self.code: int | None = None

    async def accept(self, subprotocol: str) -> None:
        assert subprotocol == PROTOCOL

    async def send_text(self, text: str) -> None:
        await self.sent.put(json.loads(text))

    async def receive_text(self) -> str:
        text = await self.incoming.get()
        if text is None:
            raise WebSocketDisconnect
        return text

    async def close(self, code: int) -> None:
        self.code = int(code)
        self.application_state = WebSocketState.DISCONNECTED
        await self.incoming.put(None)

    def hello(self, room: str, *, mode: str = "live") -> None:
        """What the page says first."""
        self.incoming.put_nowait(json.dumps({"t": "hello", "room": room, "mode": mode, "epoch": None, "seq": 0}))

    async def next(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind."""
        while True:
            frame = await asyncio.wait_for(self.sent.get(), timeout=5)
            if frame["t"] == kind:
                return frame


@asynccontextmanager
async def connected(world: World, socket: Socket) -> AsyncIterator[Socket]:
    """The hub serves this socket for as long as the block lasts."""
    serving = asyncio.create_task(world.hub.serve(cast("Any", socket)))
    try:
        yield socket
    finally:
        await socket.incoming.put(None)
        with suppress(TimeoutError):
            await asyncio.wait_for(serving, timeout=5)


async def closed(world: World, socket: Socket) -> int | None:
    """How the hub closed it."""
    await asyncio.wait_for(world.hub.serve(cast("Any", socket)), timeout=5)
    return socket.code


async def test_a_card_that_comes_is_a_frame_for_who_looks() -> None:
    world = World()
    incident_id = await reported(world)
    async with connected(world, Socket(world.actor())) as socket:
        socket.hello(f"incidenten@{CARD}")
        first = await socket.next("snapshot")
        assert world.incident.number in first["patches"][0]["html"]
        assert world.hub.watched() == {CARD}
        worse = commands.SetSeverity(at=world.clock.now(), severity=Severity.ERNSTIG, reason="r")
        await world.services.acts.act(world.signed(), incident_id, worse)
        world.hub.card(world.card(CARD))
        delta = await socket.next("delta")
    assert delta["seq"] == first["seq"] + 1
    assert "Ernst van" in delta["say"]
    assert world.hub.watched() == frozenset()


async def test_the_heartbeat_tells_the_age_of_the_chain_and_the_way_cards_come() -> None:
    world = World()
    async with connected(world, Socket(world.actor())) as socket:
        socket.hello(f"taken@{CARD}")
        await socket.next("hb")
        world.hub.beat(3.0, "database")
        beat = await socket.next("hb")
    assert beat["via"] == "database"
    assert 3.0 <= beat["chain_age"] < 5.0


@pytest.mark.parametrize(
    ("room", "mode", "code"),
    [
        ("incidenten@gemeente:GM0310", "live", 4403),
        ("nergens@gemeente:GM0344", "live", 4403),
        (f"incident@incident:{UUID(int=5)}", "live", 4403),
        (f"incidenten@{CARD}", "oefening", 4409),
    ],
)
async def test_what_may_not_be_watched_closes_the_socket(room: str, mode: str, code: int) -> None:
    world = World()
    socket = Socket(world.actor())
    socket.hello(room, mode=mode)
    assert await closed(world, socket) == code


async def test_nobody_gets_in_unknown_or_from_another_site() -> None:
    world = World()
    assert await closed(world, Socket(None)) == 4401
    assert await closed(world, Socket(world.actor(), origin="http://evil.test")) == 4403
    assert await closed(world, Socket(world.actor(), protocol="other")) == 4403
    bad = Socket(world.actor())
    bad.incoming.put_nowait("{}")
    assert await closed(world, bad) == 1008


@pytest.mark.parametrize(("now", "code"), [(None, 4401), (Function.FG, 4403), (Function.CISO, None)])
async def test_who_signed_out_or_lost_the_function_loses_the_socket(now: Function | None, code: int | None) -> None:
    world = World()
    actor = world.actor()

    class Presence:
        """Who is still there, as this test says."""

        async def present(self, sessions: Collection[UUID]) -> Mapping[UUID, Actor]:
            return {each: world.actor(now) for each in sessions if now}

    object.__setattr__(world.services, "presence", Presence())
    async with connected(world, Socket(actor)) as socket:
        socket.hello(f"taken@{CARD}")
        await socket.next("snapshot")
        await world.hub.rights_changed()
        assert socket.code == code


async def test_everybody_is_told_to_come_back_when_the_process_stops() -> None:
    world = World()
    async with connected(world, Socket(world.actor())) as socket:
        socket.hello(f"taken@{CARD}")
        await socket.next("snapshot")
        running = asyncio.create_task(world.hub.run())
        await asyncio.wait({running}, timeout=0.05)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert socket.code == 1012
