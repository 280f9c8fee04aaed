"""The second pair of eyes on real servers: alarms come, stand in the figures, and go."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from adapters.store.heartbeats import Heartbeats
from adapters.store.readings import PgReadings
from api.health import METRICS
from tests.fakes import FakeClock
from tests.integration.picture.chain import Chain
from usecases.context import Context
from wiring.in_flight import in_flight_of
from wiring.parts import Parts, parts
from wiring.processes.alarms import DOUBT_SECONDS, LEDGER_SECONDS, Watchman
from wiring.processes.vitals import Vitals
from wiring.settings import Settings

OIN = "00000001003214345000"


@pytest.fixture
async def made(chain: Chain) -> AsyncIterator[Parts]:
    """The parts of a process on this chain."""
    known = {"database_url": chain.database.app_url, "kafka_bootstrap": chain.kafka.bootstrap, "oin": OIN}
    async with parts(Settings.model_validate(known), process="test") as found:
        yield found


async def alarms(made: Parts) -> dict[str, dict[str, object]]:
    """The alarms that stand now."""
    known = await Heartbeats(made.pool).read()
    return {name: dict(beat.detail) for name, beat in known.items() if name.startswith("alarm:")}


async def owner(chain: Chain, statement: str) -> None:
    """What only the owner of the database may."""
    connection = await asyncpg.connect(chain.database.owner_url)
    await connection.execute(statement)
    await connection.close()


async def test_loss_and_a_wrong_ledger_are_alarms_until_they_are_over(chain: Chain, made: Parts) -> None:
    watchman, now = Watchman(made), LEDGER_SECONDS
    vitals = Vitals(made, PgReadings(made.pool, in_flight_of(made.settings, made.pool)))
    await watchman.look(0.0)
    assert await alarms(made) == {}

    await owner(chain, "UPDATE tally SET value = 4 WHERE name IN ('lost', 'signals')")
    await watchman.look(now)
    assert await alarms(made) == {"alarm:lost": {"receipts": 4}}
    await watchman.look(now + DOUBT_SECONDS)
    found = await alarms(made)
    assert found == {"alarm:lost": {"receipts": 4}, "alarm:ledger": {"missing": 0, "unplaced": 4}}
    figures = await vitals.figures()
    assert (figures["receipts_lost"], figures["alarms"], figures["ledger_balanced"]) == (4, 2, 0)
    assert set(figures) <= set(METRICS)

    await owner(chain, "UPDATE tally SET value = 0 WHERE name IN ('lost', 'signals')")
    await watchman.look(now + 2 * DOUBT_SECONDS)
    assert await alarms(made) == {}
    await watchman.close()


async def test_without_kafka_nothing_is_said_about_the_ledger(chain: Chain, made: Parts) -> None:
    nowhere = made.settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})
    watchman = Watchman(_other(made, settings=nowhere))
    await owner(chain, "UPDATE tally SET value = 4 WHERE name = 'signals'")
    for at in (0.0, DOUBT_SECONDS, 2 * DOUBT_SECONDS):
        await watchman.look(at)
    assert await alarms(made) == {}
    await owner(chain, "UPDATE tally SET value = 0 WHERE name = 'signals'")
    await watchman.close()


async def test_a_clock_that_runs_off_and_a_silent_sweep_are_alarms(chain: Chain, made: Parts) -> None:
    ahead = FakeClock(made.clock.now() + timedelta(minutes=5))
    watchman = Watchman(_other(made, clock=ahead))
    await Heartbeats(made.pool).beat("sweep")
    await chain.pool.execute("UPDATE heartbeat SET at = at - interval '40 seconds' WHERE name = 'sweep'")
    await chain.pool.execute(
        "INSERT INTO heartbeat (name, at) VALUES ('alarm:relay-too-large', now() - interval '8 days'),"
        " ('alarm:relay-unreadable', now() - interval '6 days')"
    )
    await watchman.look(0.0)
    assert set(await alarms(made)) == {"alarm:clock", "alarm:sweep", "alarm:relay-unreadable"}

    await Heartbeats(made.pool).beat("sweep")
    ahead.at = made.clock.now()
    await watchman.look(1.0)
    assert set(await alarms(made)) == {"alarm:relay-unreadable"}
    await watchman.close()


def test_who_speaks_comes_from_the_settings(made: Parts) -> None:
    context: Context = made.context
    assert context.oin == OIN


def _other(made: Parts, **change: object) -> Parts:
    known = {name: getattr(made, name) for name in ("settings", "pool", "store", "clock", "ids", "context")}
    return Parts(**{**known, **change})
