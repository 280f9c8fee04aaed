"""Everything is killed in turn while signals pour in and people work: nothing is lost, nothing happens twice."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from tests.acceptance.callers import Colleague, Machine, colleague, machine
from tests.acceptance.instance import Running, instance
from tests.waiting import until

RATE = 200
SENDERS = 48
VICTIMS = ("serve", "intake", "stream", "relay", "scheduler", "deliver", "kafka", "postgres")
BETWEEN_SECONDS = 4.0
SERVICES = ("burgerzaken", "zaaksysteem", "website", "belastingen", "e-mail", "uitkeringen")
REPORTED = "reisdocumenten-balie"
"""A service of its own for people, so that signals open their own incidents."""
SETTLE_SECONDS = 120.0


@dataclass
class Work:
    """What was asked of the system, to be held against what it recorded."""

    signals: int = 0
    reports: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """An instance that may be hurt."""
    with instance("--demo") as made:
        yield made


async def test_nothing_is_lost_or_doubled_while_everything_is_killed_once(running: Running) -> None:
    await _rounds(running, 1)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_ten_rounds_of_killing(running: Running) -> None:
    await _rounds(running, 10)


async def _rounds(running: Running, rounds: int) -> None:
    work, done = Work(), asyncio.Event()
    async with machine(running) as source, colleague(running, "ciso") as person:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pour(source, work, done))
            group.create_task(_people(person, work, done))
            group.create_task(_kill(running, work, rounds, done))
        await until(lambda: _settled(running), within=SETTLE_SECONDS, what="both balances are exact again")
        await _nothing_lost(running, source, work)
        await _nothing_doubled(running, work)
        await _screens_are_fresh(running)
    verdict = await asyncio.to_thread(running.told_json, "verify")
    assert verdict["ok"] is True, verdict
    print(f"signals {work.signals}, reports {len(work.reports)}, kills {len(work.kills)}")  # noqa: T201 - figures of the run


async def _pour(source: Machine, work: Work, done: asyncio.Event) -> None:
    """A steady stream; a signal that is not answered is sent again with the same id.

    As many senders as a monitoring system would have: what waits while nobody answers is caught up afterwards.
    """
    begin, numbers = time.monotonic(), itertools.count()

    async def send() -> None:
        while not done.is_set():
            number = next(numbers)
            await asyncio.sleep(max(0.0, begin + number / RATE - time.monotonic()))
            service = SERVICES[number % len(SERVICES)]
            signal = {"id": f"s{number}", "dienst": service, "titel": f"Storing {number}", "ernst": "verstoord"}
            await source.post(signal)
            work.signals += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(SENDERS):
            group.create_task(send())


async def _people(person: Colleague, work: Work, done: asyncio.Event) -> None:
    """Somebody reports and writes in the logbook all the time."""
    while not done.is_set():
        text = f"Melding {len(work.reports)}"
        incident = await person.report(text, REPORTED)
        work.reports.append(text)
        entry = f"Regel {len(work.entries)}"
        page = f"/incidenten/{incident}/logboek"
        await person.send(page, page, {"soort": "feit", "tekst": entry})
        work.entries.append(entry)


async def _kill(running: Running, work: Work, rounds: int, done: asyncio.Event) -> None:
    """One victim after the other; each must be back before the next one falls."""
    try:
        for victim in VICTIMS * rounds:
            await asyncio.sleep(BETWEEN_SECONDS)

            async def killed(name: str = victim) -> bool:
                return await asyncio.to_thread(running.kill, name)

            await until(killed, within=60, what=f"{victim} runs, to be killed")
            work.kills.append(victim)
        await asyncio.sleep(BETWEEN_SECONDS)
    finally:
        done.set()


async def _settled(running: Running) -> bool:
    told = await asyncio.to_thread(running.command, "ledger", "--json")
    try:
        ledger: dict[str, Any] = json.loads(told.stdout)
    except ValueError:
        return False
    return bool(ledger["balanced"]) and ledger["spooled"] == 0 and ledger["in_flight"] == 0


async def _rows(running: Running, query: str, *values: object) -> list[asyncpg.Record]:
    url = running.settings.database_owner_url
    assert url is not None
    connection = await asyncpg.connect(url.get_secret_value())
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *values)
    finally:
        await connection.close()
    return found


async def _nothing_lost(running: Running, source: Machine, work: Work) -> None:
    """Every 202 has its outcome, and every signal is in an incident exactly once."""
    assert len(source.receipts) == work.signals
    outcomes = await _rows(running, "SELECT receipt_id FROM receipt WHERE outcome = 'read'")
    assert set(source.receipts.values()) <= {str(row["receipt_id"]) for row in outcomes}
    placed = await _rows(
        running, "SELECT normal->>'title' AS title, count(*) AS n FROM signal WHERE verdict = 'in-incident' GROUP BY 1"
    )
    assert {row["title"]: row["n"] for row in placed} == {f"Storing {n}": 1 for n in range(work.signals)}


async def _nothing_doubled(running: Running, work: Work) -> None:
    """Reports, logbook entries and incidents by signal: once each; the facts count every signal once."""
    for kind, given in (("melding-ontvangen", work.reports), ("logboekregel-geschreven", work.entries)):
        rows = await _rows(
            running,
            "SELECT s.value FROM event e JOIN event_side s USING (stream_id, version)"
            " WHERE e.type = $1 AND s.field IN ('description', 'text')",
            f"nl.incidenten.{kind}",
        )
        assert sorted(row["value"] for row in rows) == sorted(given)
    opened = await _rows(
        running, "SELECT state->>'signal_count' AS n FROM incident WHERE state->>'opened_by' = 'signaal'"
    )
    assert len(opened) == len(SERVICES)

    async def counted() -> bool:
        rows = await _rows(running, "SELECT sum((state->>'signal_count')::int) AS n FROM incident")
        return bool(rows[0]["n"] == work.signals)

    await until(counted, within=20, what="the facts count every signal once")


async def _screens_are_fresh(running: Running) -> None:
    """What the chain made of the picture equals a fold of the state rows."""

    async def equal() -> bool:
        shown = {row["card_id"]: row["n"] for row in await _rows(running, CARDS)}
        fresh = {row["card_id"]: row["n"] for row in await _rows(running, FRESH)}
        return shown == fresh

    await until(equal, within=45, what="every card holds every incident at its newest version")


CARDS = (
    "SELECT card_id, sum((value->>'version')::bigint) AS n FROM card, jsonb_each(state->'contributions')"
    " WHERE card_id = 'gemeente:GM0344' AND key LIKE 'incident:%' GROUP BY 1"
)
FRESH = "SELECT 'gemeente:' || municipality AS card_id, sum(version) AS n FROM incident GROUP BY 1"
