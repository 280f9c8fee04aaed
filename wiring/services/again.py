"""The door for what came before: a receipt from quarantine goes in again as its own source would send it."""

from dataclasses import dataclass
from uuid import UUID

from usecases.access.ports import Source
from usecases.known_sources import Known
from usecases.ports import Clock
from usecases.receive import Door, Post


@dataclass(frozen=True, kw_only=True)
class DoorAgain:
    """`usecases.resend.Again` on the door of this process; the token was checked when the bytes came first."""

    door: Door
    clock: Clock

    async def again(self, source_id: str, organisation: str, post: Post) -> UUID:
        """Take it in as if the source sent it now. Raises AwayError when it can stand nowhere."""
        now = self.clock.now()
        source = Source(source_id=source_id, organisation=organisation, label=source_id, created_at=now)
        return await self.door.receive(Known(source=source, checked_at=now), post)
