"""Everything is killed in turn while signals pour in and people work: nothing is lost, nothing happens twice."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Browser

from adapters.store.cards import PgCards
from tests.acceptance.callers import Colleague, Machine, colleague, machine
from tests.acceptance.instance import Running, instance
from tests.acceptance.people import Person, person
from tests.waiting import until
from usecases.fresh_cards import suspects
from usecases.picture import Picture
from wiring.parts import parts

RATE = 200
SENDERS = 48
VICTIMS = ("serve", "intake", "stream", "relay", "scheduler", "deliver", "kafka", "postgres")
BETWEEN_SECONDS = 4.0
SERVICES = ("burgerzaken", "zaaksysteem", "website", "belastingen", "e-mail", "uitkeringen")
REPORTED = "reisdocumenten-balie"
"""A service of its own for people, so that signals open their own incidents."""
PAGES = (("ciso", "/incidenten"), ("burgemeester", "/burgemeester"), ("regio", "/regio"))
SETTLE_SECONDS = 120.0
CAUGHT_UP_MS = 60_000
"""A page that says it is late says so rightly while the chain works off what waited."""


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


async def test_nothing_is_lost_or_doubled_while_everything_is_killed_once(chromium: Browser, running: Running) -> None:
    await _rounds(chromium, running, 1)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_ten_rounds_of_killing(chromium: Browser, running: Running) -> None:
    await _rounds(chromium, running, 10)


async def _rounds(chromium: Browser, running: Running, rounds: int) -> None:
    work, done = Work(), asyncio.Event()
    watchers = [await _watcher(chromium, running, *each) for each in PAGES]
    async with machine(running) as source, colleague(running, "ciso") as worker:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pour(source, work, done))
            group.create_task(_people(worker, work, done))
            group.create_task(_kill(running, work, rounds, done))
        await until(lambda: _settled(running), within=SETTLE_SECONDS, what="both balances are exact again")
        await _nothing_lost(running, source, work)
        await _nothing_doubled(running, work)
        await _cards_are_fresh(running)
        await _screens_are_fresh(watchers)
    verdict = await asyncio.to_thread(running.told_json, "verify")
    assert verdict["ok"] is True, verdict
    print(f"signals {work.signals}, reports {len(work.reports)}, kills {len(work.kills)}")  # noqa: T201 - figures of the run


async def _watcher(chromium: Browser, running: Running, login: str, page: str) -> Person:
    """Somebody who only looks, from before the first kill until after the last."""
    made = await person(chromium, running.url, login)
    await made.open(page)
    await made.is_live()
    return made


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


async def _people(worker: Colleague, work: Work, done: asyncio.Event) -> None:
    """Somebody reports and writes in the logbook all the time."""
    while not done.is_set():
        text = f"Melding {len(work.reports)}"
        incident = await worker.report(text, REPORTED)
        work.reports.append(text)
        entry = f"Regel {len(work.entries)}"
        page = f"/incidenten/{incident}/logboek"
        await worker.send(page, page, {"soort": "feit", "tekst": entry})
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


async def _cards_are_fresh(running: Running) -> None:
    """Every card that the chain made equals a fold of the state rows, and holds each at its newest version."""

    async def equal() -> bool:
        async with parts(running.settings, process="test") as made:
            cards = PgCards(made.pool, made.settings.mode)
            picture = Picture(cards=cards, rules=made.context.rules, clock=made.clock)
            differing = await suspects(picture, cards)
        shown = {row["stream"]: row["version"] for row in await _rows(running, CARD)}
        fresh = {row["stream"]: row["version"] for row in await _rows(running, INCIDENTS)}
        return not differing and shown == fresh

    await until(equal, within=45, what="every card holds every incident at its newest version")


async def _screens_are_fresh(watchers: Sequence[Person]) -> None:
    """What stood open all the time shows the same as a page that is opened now."""
    for one in watchers:
        anew = Person(login=one.login, page=await one.page.context.new_page(), url=one.url)

        async def equal(old: Person = one, new: Person = anew) -> bool:
            await new.page.goto(old.page.url)
            return bool(await old.page.evaluate(TEXT) == await new.page.evaluate(TEXT))

        await one.page.locator('#live[data-state="live"]').wait_for(timeout=CAUGHT_UP_MS)
        await until(equal, within=30, what=f"the page of {one.login} equals a fresh one")


CARD = (
    "SELECT key AS stream, (value->>'version')::bigint AS version FROM card, jsonb_each(state)"
    " WHERE card_id = 'gemeente:GM0344' AND key LIKE 'incident:%'"
)
INCIDENTS = "SELECT stream_id AS stream, version FROM stream_head WHERE stream_id LIKE 'incident:%'"
TEXT = """() => {
  const main = document.querySelector("main").cloneNode(true);
  for (const each of main.querySelectorAll("[data-remaining]")) each.textContent = "";
  return main.textContent.replace(/\\s+/g, " ");
}"""
"""What a page says, but for the time that remains."""
