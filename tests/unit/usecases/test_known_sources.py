"""Tokens of machines: revoked ones stop at once, and a minute without the database stops nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
from typing_extensions import override

from adapters.secrecy import LibrarySecrets
from domain.errors import AwayError
from tests.builders import DINSDAG_0900
from tests.fake_access import FakeAccess
from tests.fakes import FakeClock, FakeIds
from usecases.access.sign_in import Access
from usecases.access.sources import add_local_source
from usecases.known_sources import KnownSources, TokenUnknownError
from usecases.quota import Quota, QuotaError


class Store(FakeAccess):
    """Rows that can be out of reach."""

    away = False
    asked = 0

    @asynccontextmanager
    @override
    async def begin_access(self) -> AsyncIterator[Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise AwayError
        yield self


class Desk:
    """The sources of one door, with one token."""

    def __init__(self) -> None:
        self.rows = Store()
        self.clock = FakeClock(DINSDAG_0900)
        self.access = Access(
            store=cast(Any, self.rows), secrets=LibrarySecrets(), clock=self.clock, ids=FakeIds(), second_factor=True
        )
        self.sources = KnownSources(self.access)

    async def token(self) -> str:
        _, token = await add_local_source(self.access, "gemeente:GM0344", "monitoring")
        return token


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_token_leads_to_its_source(desk: Desk) -> None:
    known = await desk.sources.of(await desk.token())
    assert (known.source.organisation, known.fresh) == ("gemeente:GM0344", True)


async def test_many_who_ask_at_once_share_one_question(desk: Desk) -> None:
    token = await desk.token()
    known = await asyncio.gather(*(desk.sources.of(token) for _ in range(50)))
    assert all(each.fresh for each in known)
    assert desk.rows.asked <= 2


@pytest.mark.parametrize("token", ["", "onbekend", "x" * 100_000, "é\x00"])
async def test_other_tokens_lead_nowhere(desk: Desk, token: str) -> None:
    await desk.token()
    with pytest.raises(TokenUnknownError):
        await desk.sources.of(token)


async def test_a_revoked_token_stops_within_two_seconds(desk: Desk) -> None:
    token = await desk.token()
    await desk.sources.of(token)
    desk.rows.sources.clear()

    desk.clock.wait(timedelta(seconds=1.5))
    with pytest.raises(TokenUnknownError):
        await desk.sources.of(token)
    desk.rows.away = True
    with pytest.raises(AwayError):
        await desk.sources.of(token)


async def test_a_token_is_remembered_for_a_minute_while_the_database_is_away(desk: Desk) -> None:
    token = await desk.token()
    await desk.sources.of(token)
    desk.rows.away = True

    desk.clock.wait(timedelta(seconds=59))
    assert not (await desk.sources.of(token)).fresh
    desk.clock.wait(timedelta(seconds=2))
    with pytest.raises(AwayError):
        await desk.sources.of(token)


async def test_after_an_outage_the_database_decides_again(desk: Desk) -> None:
    token = await desk.token()
    await desk.sources.of(token)
    desk.rows.away = True
    desk.clock.wait(timedelta(seconds=5))
    await desk.sources.of(token)
    desk.rows.away = False
    desk.clock.wait(timedelta(seconds=1))
    assert (await desk.sources.of(token)).fresh


def test_a_bucket_empties_and_fills_per_source() -> None:
    quota = Quota(per_second=10, burst=2)
    for _ in range(2):
        quota.take("bron:1", DINSDAG_0900)
    with pytest.raises(QuotaError):
        quota.take("bron:1", DINSDAG_0900)
    quota.take("bron:2", DINSDAG_0900)
    quota.take("bron:1", DINSDAG_0900 + timedelta(seconds=0.1))
