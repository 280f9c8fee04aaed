"""Several loops in one process: all of them until somebody asks to stop, and none of them alone."""

import asyncio
from collections.abc import Awaitable, Callable

from wiring.supervisor import stop_requested

Loop = Callable[[asyncio.Event], Awaitable[None]]


async def until_stopped(*loops: Loop) -> None:
    """Run these until SIGTERM or Ctrl-C, then let each end its round. When one ends or raises, all are stopped."""
    stop = stop_requested()

    async def one(loop: Loop) -> None:
        try:
            await loop(stop)
        finally:
            stop.set()

    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(one(loop))
