"""Several loops in one process: all of them until somebody asks to stop, and none of them alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from wiring.supervisor import stop_requested

Loop = Callable[[asyncio.Event], Awaitable[None]]
Endless = Callable[[], Awaitable[None]]


async def until_stopped(*loops: Loop, endless: Sequence[Endless] = ()) -> None:
    """Run these until SIGTERM or Ctrl-C: `loops` end their round, `endless` ones are cancelled.

    When one ends or raises, all are stopped; what it raised comes out as it was.
    """
    stop = stop_requested()

    async def one(loop: Loop) -> None:
        try:
            await loop(stop)
        finally:
            stop.set()

    async def without_end(work: Endless) -> None:
        try:
            await work()
        finally:
            stop.set()

    try:
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(one(loop))
            cancelled = [group.create_task(without_end(work)) for work in endless]
            await stop.wait()
            for task in cancelled:
                task.cancel()
    except BaseExceptionGroup as faults:
        raise first_of(faults) from faults


def first_of(group: BaseExceptionGroup[Any]) -> BaseException:
    """The first fault in a group, however deep."""
    first: BaseException = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first
