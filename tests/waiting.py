"""The one place in the tests that sleeps: polling a condition until a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.02


async def until(condition: Callable[[], Awaitable[T]], *, within: float, what: str) -> T:
    """The first truthy value of an async condition; AssertionError with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what} (last: {value!r})")
        await asyncio.sleep(POLL_SECONDS)


def until_sync(condition: Callable[[], T], *, within: float, what: str) -> T:
    """The same for a plain condition."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what} (last: {value!r})")
        time.sleep(POLL_SECONDS)
