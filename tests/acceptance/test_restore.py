"""A backup while people work, the way back, and everything goes on in a new epoch."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.acceptance.callers import colleague, machine
from tests.acceptance.instance import Running, instance
from tests.waiting import until

pytestmark = pytest.mark.long


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """An instance that is stopped, put back and started again."""
    with instance("--demo") as made:
        yield made


async def _work(running: Running, text: str) -> None:
    """A report and a signal."""
    async with colleague(running, "ciso") as worker, machine(running) as source:
        await worker.report(text, "burgerzaken")
        await source.post({"id": text, "dienst": "website", "titel": text, "ernst": "verstoord"})

    async def balanced() -> bool:
        told = await asyncio.to_thread(running.told_json, "ledger")
        return bool(told["balanced"]) and told["in_flight"] == told["spooled"] == 0

    await until(balanced, within=60, what="everything was read")


async def _value(running: Running, query: str) -> int:
    url = running.settings.database_owner_url
    assert url is not None
    connection = await asyncpg.connect(url.get_secret_value())
    found: int = await connection.fetchval(query)
    await connection.close()
    return found


async def test_a_backup_brings_back_a_running_story(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "maandag.dump"
    await _work(running, "Voor de back-up")
    done = await asyncio.to_thread(running.command, "backup", str(file))
    assert done.returncode == 0, done.stderr
    await _work(running, "Na de back-up")
    epoch = await _value(running, "SELECT epoch FROM epoch")
    refused = await asyncio.to_thread(running.command, "restore", str(file))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert running.stop() == 0

    told = await asyncio.to_thread(running.told_json, "restore", str(file))

    assert told["compared"] is True
    assert told["only_in_kafka"] > 0
    await asyncio.to_thread(running.start)
    assert await _value(running, "SELECT epoch FROM epoch") > epoch
    assert await _value(running, "SELECT count(*) FROM notice WHERE sent_at IS NULL") == 0
    await _work(running, "Na het terugzetten")
    assert (await asyncio.to_thread(running.told_json, "verify"))["ok"] is True
    again = "SELECT count(*) FROM signal WHERE normal->>'title' = 'Na de back-up'"
    assert await _value(running, again) == 1, "what Kafka still has is read once more"
