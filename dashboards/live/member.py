"""One open socket: the frames that wait for it, and the two loops that read and write."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from dashboards.live.frames import Close
from dashboards.live.outbox import Outbox
from domain.parties import Actor

if TYPE_CHECKING:
    from dashboards.live.shared import Shared

LONGEST_INCOMING = 2048
"""Characters. A hello or an ack is far shorter."""


@dataclass(eq=False)
class Member:
    """A browser in a room. `room` is None until its hello was accepted."""

    websocket: WebSocket
    actor: Actor
    outbox: Outbox = field(default_factory=Outbox)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    room: "Shared | None" = None
    subject: str = ""
    acked: int = 0

    def offer(self, frame: str) -> None:
        """Let a frame wait for this browser."""
        self.outbox.offer(frame, asyncio.get_running_loop().time())
        self.wake.set()

    async def write(self) -> None:
        """Send what waits, for as long as the socket is open."""
        loop = asyncio.get_running_loop()
        while True:
            frame = self.outbox.take()
            if frame is None and self.outbox.resync and self.room:
                self.outbox.resync = False
                frame = self.room.snapshot()
            if frame is None:
                self.wake.clear()
                await self.wake.wait()
                continue
            await self.websocket.send_text(frame)
            self.outbox.sent(loop.time())

    async def read(self) -> str | None:
        """The next text frame; None when it is none of ours (binary, or too long) or the browser left."""
        try:
            text = await self.websocket.receive_text()
        except (WebSocketDisconnect, KeyError, RuntimeError):
            return None
        return text if len(text) <= LONGEST_INCOMING else None

    async def close(self, code: Close) -> None:
        """Close with a code the page understands; nothing when it is closed already."""
        if self.websocket.application_state is WebSocketState.DISCONNECTED:
            return
        try:
            await asyncio.wait_for(self.websocket.close(code), timeout=1)
        except (RuntimeError, WebSocketDisconnect, TimeoutError):
            return
