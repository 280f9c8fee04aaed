"""The number of a part elsewhere: the newest, or the one it gave last, and never a long wait."""

import asyncio
from dataclasses import dataclass, field

from domain.errors import AwayError
from wiring.processes.last_known import REST_SECONDS, LastKnown


@dataclass
class Elsewhere:
    """Answers, is away, or is silent; counts how often it was asked. `at` is the time."""

    answer: int | None = 3
    silent: bool = False
    at: float = 100.0
    asked: int = field(default=0)

    async def ask(self) -> int:
        self.asked += 1
        if self.silent:
            await asyncio.Event().wait()
        if self.answer is None:
            raise AwayError
        return self.answer

    def now(self) -> float:
        return self.at


async def test_after_no_answer_it_is_left_alone_for_a_while() -> None:
    part = Elsewhere()
    number = LastKnown(part.ask, now=part.now)
    assert await number() == 3

    part.answer = None
    assert [await number() for _ in range(5)] == [3] * 5
    assert part.asked == 2

    part.answer, part.at = 4, part.at + REST_SECONDS
    assert await number() == 4
    assert await number() == 4
    assert part.asked == 4


async def test_silence_is_no_answer() -> None:
    part = Elsewhere(silent=True)
    number = LastKnown(part.ask, answer_seconds=0.01, now=part.now)
    assert [await number(), await number()] == [0, 0]
    assert part.asked == 1
