"""A receipt from quarantine is offered again: the same bytes through the same door, under a new receipt.

The original stays where it is, with the moment at which it was offered again.
"""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain import sharing
from domain.errors import ConflictError, NotAllowedError, NotFoundError
from domain.parties import Actor
from domain.sharing_table import Act
from usecases.ports import Clock
from usecases.receive import Post


class ReceiptUnknownError(NotFoundError):
    """Dit bericht staat niet in de quarantaine van uw organisatie."""

    code = "bericht-onbekend"


class AlreadyResentError(ConflictError):
    """Dit bericht is al opnieuw aangeboden. Kijk of het nu wel is gelezen."""

    code = "al-opnieuw-aangeboden"


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """What lies in quarantine, as it came. `source_id` is the machine that sent it."""

    source_id: str
    organisation: str
    post: Post
    resent_at: datetime | None


class Shelf(Protocol):
    """One receipt in quarantine, locked until the end of the block."""

    async def take(self, receipt_id: UUID, organisations: Collection[str]) -> Shelved | None:
        """Lock it and look; None when it is not there, or not of one of these organisations."""
        ...

    async def resent(self, receipt_id: UUID, at: datetime) -> None:
        """Note when it was offered again."""
        ...


class Shelves(Protocol):
    """Where the quarantine is."""

    def begin_shelf(self) -> AbstractAsyncContextManager[Shelf]:
        """Commit at the end of the block, roll back when it raises."""
        ...


class Again(Protocol):
    """The door, for something that came before."""

    async def again(self, source_id: str, organisation: str, post: Post) -> UUID:
        """Take it in as if the source sent it now; the new receipt. Raises AwayError when it can stand nowhere."""
        ...


async def resend(shelves: Shelves, door: Again, clock: Clock, actor: Actor, receipt_id: UUID) -> UUID:
    """Offer it once. Raises NotAllowedError, ReceiptUnknownError, AlreadyResentError, or AwayError."""
    if not sharing.may(actor, Act.OPNIEUW_AANBIEDEN, sharing.of_organisation(actor.organisation)):
        raise NotAllowedError
    async with shelves.begin_shelf() as shelf:
        kept = await shelf.take(receipt_id, [actor.organisation])
        if kept is None:
            raise ReceiptUnknownError
        if kept.resent_at is not None:
            raise AlreadyResentError
        new = await door.again(kept.source_id, kept.organisation, kept.post)
        await shelf.resent(receipt_id, clock.now())
    return new
