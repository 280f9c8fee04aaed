"""Being woken: at once by NOTIFY, nothing missed between two waits, and again after the connection was cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.store.heartbeats import Heartbeats
from adapters.store.listening import Listener, Wakeups
from tests.integration.picture.chain import Chain
from tests.waiting import until


@asynccontextmanager
async def listening(chain: Chain) -> AsyncIterator[Wakeups]:
    """Wakeups that poll so slowly that only NOTIFY can be what woke."""
    wakeups = Wakeups(chain.database.app_url, ["events", "rights"], poll_seconds=20.0)
    task = asyncio.create_task(wakeups.run())
    first = wakeups.listener("events")
    await asyncio.wait_for(first.wait(), 10)
    try:
        yield wakeups
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_who_waits_is_woken_and_hears_what_was_said_before_it_waited(chain: Chain) -> None:
    async with listening(chain) as wakeups:
        one, other = wakeups.listener("events"), wakeups.listener("events", "rights")
        await chain.pool.execute("SELECT pg_notify('events', 'a'), pg_notify('rights', 'b'), pg_notify('events', 'c')")
        assert await asyncio.wait_for(_all(one, {"a", "c"}), 5)
        assert await asyncio.wait_for(_all(other, {"a", "b", "c"}), 5)


async def _all(listener: Listener, wanted: set[str]) -> bool:
    heard: set[str] = set()
    while heard != wanted:
        heard |= await listener.wait()
    return True


async def test_after_the_connection_was_cut_everybody_looks_and_hears_again(chain: Chain) -> None:
    async with listening(chain) as wakeups:
        one = wakeups.listener("events")
        await chain.pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert await asyncio.wait_for(one.wait(), 10) == {""}
        await chain.pool.execute("NOTIFY events, 'd'")
        assert await asyncio.wait_for(one.wait(), 5) == {"d"}


async def test_without_a_word_the_poll_wakes(chain: Chain) -> None:
    silent = Wakeups(chain.database.app_url, ["events"], poll_seconds=0.05)
    assert await asyncio.wait_for(silent.wait("events"), 5) == set()


async def test_heartbeats_are_written_read_and_cleared(chain: Chain) -> None:
    hearts = Heartbeats(chain.pool)
    await hearts.beat("alarm:x", {"lag": 3})
    await hearts.beat("alarm:x", {"lag": 4})
    beat = (await hearts.read())["alarm:x"]
    assert beat.detail == {"lag": 4}
    assert beat.age_seconds < 60
    await hearts.clear("alarm:x")
    await until(lambda: _gone(hearts), within=5, what="the alarm is over")


async def _gone(hearts: Heartbeats) -> bool:
    return "alarm:x" not in await hearts.read()
