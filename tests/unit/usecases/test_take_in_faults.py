"""What goes wrong in a batch: one bad receipt does not hold up the others, and a database that is away is no fault."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from domain.errors import AwayError
from tests.arriving import a_batch, a_context, a_post, a_receipt, an_alert, bring, incidents
from tests.fakes import FakeStore
from usecases.context import Context
from usecases.receipts import Arrival
from usecases.take_in import OUR_FAULT, take_in


class Counting:
    """A transaction that counts what it is asked, and calls `before` first."""

    def __init__(self, tx: object, counts: list[str], before: Callable[[str, Any], None]) -> None:
        self._tx, self._counts, self._before = tx, counts, before

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tx, name)

        async def counted(*args: Any, **named: Any) -> Any:
            self._counts.append(name)
            self._before(name, args)
            return await found(*args, **named)

        return counted


class WatchedStore(FakeStore):
    """A store whose intake transactions are counted."""

    def __init__(self, before: Callable[[str, Any], None] = lambda _name, _args: None) -> None:
        super().__init__()
        self.asked: list[str] = []
        self._before = before

    @override
    @asynccontextmanager
    async def begin_intake(self) -> AsyncIterator[Any]:
        async with self.begin() as tx:
            yield Counting(tx, self.asked, self._before)


async def asked_for(*, signals: int, related: int, open_incidents: int) -> int:
    """How many questions a batch of joining signals costs."""
    store = WatchedStore()
    ctx = a_context(store)
    await bring(ctx, store, *[a_post(an_alert(f"dienst-{each}")) for each in range(open_incidents)])
    await bring(ctx, store, *[a_post(an_alert(name=f"Eerder {each}")) for each in range(related)])
    store.asked.clear()
    await bring(ctx, store, *[a_post(an_alert(name=f"Nu {each}")) for each in range(signals)])
    return len(store.asked)


async def test_the_cost_of_a_batch_does_not_grow() -> None:
    small = await asked_for(signals=1, related=2, open_incidents=1)
    assert await asked_for(signals=200, related=2, open_incidents=1) == small
    assert await asked_for(signals=1, related=300, open_incidents=1) == small
    assert await asked_for(signals=1, related=2, open_incidents=300) == small


async def test_many_incidents_that_are_joined_at_once_cost_a_bounded_number_of_facts() -> None:
    store = WatchedStore()
    ctx = a_context(store)
    await bring(ctx, store, *[a_post(an_alert(f"dienst-{each}")) for each in range(100)])
    store.asked.clear()

    await bring(ctx, store, *[a_post(an_alert(f"dienst-{each}", "Tweede")) for each in range(100)])

    assert store.asked.count("append") == 20
    assert len(store.rows.pending) == 80


def bad_service(name: str, args: Any) -> None:
    """Fails as a fault in our own code would, on one signal."""
    if name == "put_signals" and any(row.normal.service == "kapot" for row in args[0]):
        raise KeyError("kapot")


async def test_a_receipt_that_keeps_failing_is_parked_and_the_rest_goes_on() -> None:
    store = WatchedStore(bad_service)
    ctx = a_context(store)

    taken = await bring(ctx, store, a_post(an_alert()), a_post(an_alert("kapot")), a_post(an_alert("zaaksysteem")))

    outcomes = {each.number: each for each in store.rows.receipts.values()}
    assert [outcomes[number].outcome for number in (1, 2, 3)] == ["read", "quarantined", "read"]
    assert outcomes[2].reasons == (OUR_FAULT,)
    assert outcomes[2].raw == a_post(an_alert("kapot"))
    assert taken.receipts == 3
    assert {incident.services[0] for incident in incidents(store)} == {"burgerzaken", "zaaksysteem"}


async def test_a_fault_that_passes_parks_nothing() -> None:
    left = [1]

    def once(name: str, _args: Any) -> None:
        if name == "put_signals" and left:
            left.pop()
            raise RuntimeError("just now")

    store = WatchedStore(once)
    await bring(a_context(store), store, a_post(an_alert()), a_post(an_alert("zaaksysteem")))

    assert {each.outcome for each in store.rows.receipts.values()} == {"read"}


async def test_a_database_that_is_away_is_told_and_nothing_is_written() -> None:
    def away(name: str, _args: Any) -> None:
        if name == "move_position":
            raise AwayError

    store = WatchedStore(away)
    ctx: Context = a_context(store)

    with pytest.raises(AwayError):
        await bring(ctx, store, a_post(an_alert()))

    assert not store.rows.receipts
    assert not store.rows.incidents


async def test_a_message_that_is_not_ours_is_parked_with_its_reason() -> None:
    store = FakeStore()
    batch = a_batch([a_receipt(1, b"van iemand anders"), a_receipt(2, a_post(an_alert()))])
    strange = Arrival(offset=0, receipt=batch.arrivals[0].receipt, parked="geen kop")

    await take_in(a_context(store), replace(batch, arrivals=[strange, batch.arrivals[1]]))

    outcomes = {each.number: each for each in store.rows.receipts.values()}
    assert outcomes[1].reasons == ("geen kop",)
    assert outcomes[1].raw == b"van iemand anders"
    assert outcomes[2].outcome == "read"
