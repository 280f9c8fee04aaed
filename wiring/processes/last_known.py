"""A number that a part elsewhere gives; while that part is away, the number that it gave last."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from domain.errors import DriehoekError

ANSWER_SECONDS = 2.0
log = structlog.get_logger(__name__)


class LastKnown:
    """The ledger stays readable while Kafka is away; the page says beside it that Kafka is away."""

    def __init__(self, ask: Callable[[], Awaitable[int]]) -> None:
        self._ask = ask
        self._known = 0

    async def __call__(self) -> int:
        """The number now, or the last one."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._known = await self._ask()
        except (DriehoekError, TimeoutError) as error:
            log.warning("number-not-new", error=type(error).__name__)
        return self._known
