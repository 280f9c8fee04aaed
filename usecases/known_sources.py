"""Which machine is behind a token. Remembered for a moment, and for a minute while the database is away."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import AwayError, NotAllowedError
from usecases.access.ports import Source
from usecases.access.sign_in import Access

AGAIN = timedelta(seconds=1)
"""A token that was revoked stops within two seconds: one here, one for the request that runs."""
REMEMBERED = timedelta(seconds=60)
LOOK_UP_SECONDS = 2.0
MOST = 10_000
LONGEST_TOKEN = 200


class TokenUnknownError(NotAllowedError):
    """Dit token kennen wij niet, of het is ingetrokken. Vraag de CISO of beheerder om een nieuw token."""

    code = "token-onbekend"


@dataclass(frozen=True, kw_only=True)
class Known:
    """A source, when that was checked, and whether the database says so now."""

    source: Source
    checked_at: datetime
    fresh: bool = True


class KnownSources:
    """Tokens by fingerprint; a token itself is never kept."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: dict[str, Known] = {}
        self._asking: dict[str, asyncio.Task[Source | None]] = {}
        self._away_at: datetime | None = None

    async def of(self, token: str) -> Known:
        """The source of a token. Raises TokenUnknownError, or AwayError when nobody can tell."""
        if not token or len(token) > LONGEST_TOKEN:
            raise TokenUnknownError
        mark = self._access.secrets.fingerprint(token)
        now = self._access.clock.now()
        before = self._known.get(mark)
        if before is not None and before.fresh and now - before.checked_at < AGAIN:
            return before
        try:
            source = await self._look_up(mark, now)
        except AwayError:
            if before is None or now - before.checked_at > REMEMBERED:
                raise
            return Known(source=before.source, checked_at=before.checked_at, fresh=False)
        if source is None:
            self._known.pop(mark, None)
            raise TokenUnknownError
        return self._keep(mark, Known(source=source, checked_at=now))

    async def _look_up(self, mark: str, now: datetime) -> Source | None:
        """Ask the database, once for all who ask at the same time; just after it was away nobody waits for it."""
        if self._away_at is not None and timedelta(0) <= now - self._away_at < AGAIN:
            raise AwayError
        asking = self._asking.get(mark)
        if asking is None:
            asking = self._asking[mark] = asyncio.create_task(self._ask(mark))
            asking.add_done_callback(lambda _: self._asking.pop(mark, None))
        return await asyncio.shield(asking)

    async def _ask(self, mark: str) -> Source | None:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS), self._access.store.begin_access() as tx:
                source = await tx.source(mark)
        except (AwayError, TimeoutError) as error:
            self._away_at = self._access.clock.now()
            raise AwayError from error
        self._away_at = None
        return source

    def _keep(self, mark: str, known: Known) -> Known:
        self._known.pop(mark, None)
        self._known[mark] = known
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return known
