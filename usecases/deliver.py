"""Sending notices: recorded once by whoever wrote them, sent at least once here, always with the same message id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import AwayError
from usecases.ports import Clock, Notice

FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=10)
LEASE = timedelta(seconds=60)
"""A sender that dies holds its notices no longer than this."""
AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A notice that waits, and how often it was tried."""

    notice: Notice
    attempts: int


class NoticeQueue(Protocol):
    """The rows that `Transaction.notify` wrote."""

    async def take(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Queued]:
        """Notices that are due, leased to this caller, urgent ones first."""
        ...

    async def sent(self, key: str, at: datetime, channel: str) -> None:
        """It was handed to the channel."""
        ...

    async def failed(self, key: str, retry_at: datetime, why: str) -> None:
        """It was not; `why` names the kind of fault, never content."""
        ...


class Channel(Protocol):
    """A way out of the house. An exercise gets a sink in its place."""

    name: str

    async def send(self, notice: Notice, *, message_id: str, addresses: Sequence[str]) -> None:
        """Hand over the message. Raises AwayError when it may succeed later."""
        ...


class Directory(Protocol):
    """Addresses of the people who hold a function now."""

    async def addresses(self, organisation: str, function: str, at: datetime) -> Sequence[str]:
        """Mail addresses; empty when there are none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What sending needs. Without a channel a notice is shown on screen only."""

    queue: NoticeQueue
    channel: Channel | None
    directory: Directory
    clock: Clock


def message_id(notice: Notice) -> str:
    """The same for every copy, so that a mail program shows one (RFC 5322 3.6.4)."""
    return f"<{notice.key}@driehoek>".replace(" ", "_")


def retry_after(attempts: int) -> timedelta:
    """15 s, doubling to 10 minutes."""
    return min(FIRST_RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)


async def send_due(delivery: Delivery) -> int:
    """Send what is due now. Gives how many notices were handled; 0 means there is nothing to do."""
    taken = await delivery.queue.take(delivery.clock.now(), lease=LEASE, limit=AT_ONCE)
    for queued in taken:
        await _send(delivery, queued)
    return len(taken)


async def _send(delivery: Delivery, queued: Queued) -> None:
    notice, now = queued.notice, delivery.clock.now()
    addresses = await delivery.directory.addresses(notice.organisation, notice.function, now)
    if delivery.channel is None or not addresses:
        await delivery.queue.sent(notice.key, now, "scherm")
        return
    try:
        await delivery.channel.send(notice, message_id=message_id(notice), addresses=addresses)
    except AwayError as error:
        await delivery.queue.failed(notice.key, now + retry_after(queued.attempts), error.code)
    else:
        await delivery.queue.sent(notice.key, now, delivery.channel.name)
