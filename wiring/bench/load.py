"""A steady load with a stopwatch: each signal carries a mark; the moment is noted when it reaches a screen."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from wiring.bench.report import InvalidRunError, not_busy

MARK = re.compile(r"keten-[0-9a-f]+-\d+")
ARRIVAL_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A websocket to watch: address, headers, subprotocol and the first frame to send."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    protocol: str | None = None
    hello: str | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """A chain to measure. `send(place, mark)` returns when the door has answered."""

    screens: Sequence[Screen]
    send: Callable[[int, str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Milliseconds from sending to the screen, per signal; the share of a core that measuring took."""

    milliseconds: Sequence[float]
    generator_share: float


async def measure(target: Target, *, run: str, rate: int, count: int) -> Measured:
    """Send `count` signals at `rate` per second. Raises InvalidRunError when one does not arrive."""
    arrived: dict[str, float] = {}
    sent: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        for screen in target.screens:
            socket = await stack.enter_async_context(_open(screen))
            if screen.hello:
                await socket.send(screen.hello)
                await socket.recv()
            task = asyncio.create_task(_watch(socket, arrived))
            stack.callback(task.cancel)
        cpu, wall = time.process_time(), time.monotonic()
        await _send_all(target, sent, run=run, rate=rate, count=count)
        await _all_arrived(sent, arrived)
        share = not_busy(time.process_time() - cpu, time.monotonic() - wall)
    return Measured(milliseconds=[(arrived[mark] - sent[mark]) * 1000 for mark in sent], generator_share=share)


def _open(screen: Screen) -> connect:
    protocols = [Subprotocol(screen.protocol)] if screen.protocol else None
    return connect(
        screen.url, additional_headers=screen.headers, subprotocols=protocols, compression=None, max_size=None
    )


async def _watch(socket: ClientConnection, arrived: dict[str, float]) -> None:
    try:
        async for frame in socket:
            now = time.monotonic()
            for mark in MARK.findall(frame if isinstance(frame, str) else frame.decode()):
                arrived.setdefault(mark, now)
    except ConnectionClosed:
        return


async def _send_all(target: Target, sent: dict[str, float], *, run: str, rate: int, count: int) -> None:
    begin, sending = time.monotonic(), []
    for place in range(count):
        await asyncio.sleep(max(0.0, begin + place / rate - time.monotonic()))
        mark = f"keten-{run}-{place}"
        sent[mark] = time.monotonic()
        sending.append(asyncio.create_task(_one(target, place, mark)))
    await asyncio.gather(*sending)


async def _one(target: Target, place: int, mark: str) -> None:
    await target.send(place, mark)


async def _all_arrived(sent: dict[str, float], arrived: dict[str, float]) -> None:
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while any(mark not in arrived for mark in sent):
        if time.monotonic() > deadline:
            missing = sum(mark not in arrived for mark in sent)
            raise InvalidRunError(f"{missing} van {len(sent)} signalen kwamen niet op het scherm.")
        await asyncio.sleep(0.05)
