"""A number that a part elsewhere gives; while that part is away, the number that it gave last."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import structlog

from domain.errors import DriehoekError

ANSWER_SECONDS = 2.0
REST_SECONDS = 10.0
"""After no answer nobody asks for so long: a page must not wait for a broker that is away, one after the other."""
Clock = Callable[[], float]
log = structlog.get_logger(__name__)


class LastKnown:
    """The ledger stays readable while Kafka is away; the page says beside it that Kafka is away."""

    def __init__(
        self, ask: Callable[[], Awaitable[int]], *, answer_seconds: float = ANSWER_SECONDS, now: Clock | None = None
    ) -> None:
        self._ask = ask
        self._seconds = answer_seconds
        self._now = now or time.monotonic
        self._known = 0
        self._not_before = -math.inf

    async def __call__(self) -> int:
        """The number now, or the last one."""
        if self._now() < self._not_before:
            return self._known
        try:
            async with asyncio.timeout(self._seconds):
                self._known = await self._ask()
        except (DriehoekError, TimeoutError) as error:
            self._not_before = self._now() + REST_SECONDS
            log.warning("number-not-new", error=type(error).__name__)
        return self._known
