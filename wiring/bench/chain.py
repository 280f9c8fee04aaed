"""`driehoek bench chain`: from a signal that opens an incident to a frame at a browser, beside the raw chain.

Two instances are started one after the other in a folder of their own (first and warm start). Then rounds of raw and
product alternate on the same broker and database; the median of the rounds counts.
"""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from wiring.bench.chain_target import product
from wiring.bench.load import Measured, Target, measure
from wiring.bench.product import Instance, running
from wiring.bench.raw_chain import raw_chain
from wiring.bench.report import Figure, document, median, percentile
from wiring.settings import Settings

ROUNDS = 5
RATE = 50
COUNT = 500
WARM_COUNT = 100
IDLE_SECONDS = 20.0
SETTLE_SECONDS = 10.0
"""After a start the broker and the interpreters are still busy with themselves."""
MOST_RATIO = 3
MOST_MS = 150
SAFE = ("fsync", "synchronous_commit", "full_page_writes")


def chain(folder: Path) -> Mapping[str, Any]:
    """Measure in an empty folder; gives the JSON object."""
    with running(folder) as first:
        first_start = first.started_s
    with running(folder) as instance:
        idle = _idle(instance)
        settings, rounds = asyncio.run(_rounds(instance.settings))
    starts = [
        _figure("first_start_s", first_start, "s", aim=60.0),
        _figure("warm_start_s", instance.started_s, "s", aim=15.0),
    ]
    return document("chain", settings, [*_latency(rounds), *idle, *starts])


def _idle(instance: Instance) -> list[Figure]:
    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds)

    asyncio.run(wait(SETTLE_SECONDS))
    before = instance.cpu_seconds()
    asyncio.run(wait(IDLE_SECONDS))
    share = (instance.cpu_seconds() - before) / IDLE_SECONDS * 100
    pss = sum(each["pss_mib"] for each in instance.status()["processes"])
    return [
        _figure("idle_pss_mib", round(pss, 0), "MiB", aim=1.2 * 1024),
        _figure("idle_cpu_percent", round(share, 1), "% of one core", aim=10.0),
    ]


async def _rounds(settings: Settings) -> tuple[Mapping[str, Any], list[tuple[Measured, Measured]]]:
    """(raw, product) per round, after one round that only warms both up."""
    bootstrap, owner = str(settings.kafka_bootstrap), settings.database_owner_url
    url = owner.get_secret_value() if owner else ""
    body = json.dumps({"dienst": "MERK", "titel": "Meting", "ernst": "verstoord"}).encode()
    counts = (WARM_COUNT, *[COUNT] * ROUNDS)
    async with raw_chain(bootstrap, url, body) as raw, product(settings, body) as made:
        found = [(await _one(raw, count), await _one(made, count)) for count in counts]
    return await _printed(url, found), found[1:]


async def _one(target: Target, count: int) -> Measured:
    return await measure(target, run=secrets.token_hex(3), rate=RATE, count=count)


async def _printed(url: str, rounds: Sequence[tuple[Measured, Measured]]) -> Mapping[str, Any]:
    connection = await asyncpg.connect(url)
    safe = {name: await connection.fetchval(f"SHOW {name}") for name in SAFE}
    await connection.close()
    share = max(each.generator_share for pair in rounds for each in pair)
    return {**safe, "acks": "all", "rate": RATE, "signals": COUNT, "rounds": ROUNDS, "generator_share": share}


def _latency(rounds: Sequence[tuple[Measured, Measured]]) -> list[Figure]:
    return [
        _compared("p50_ms", [(percentile(a.milliseconds, 0.5), percentile(b.milliseconds, 0.5)) for a, b in rounds]),
        _compared("p99_ms", [(percentile(a.milliseconds, 0.99), percentile(b.milliseconds, 0.99)) for a, b in rounds]),
    ]


def _compared(what: str, pairs: Sequence[tuple[float, float]]) -> Figure:
    baseline, value = median([raw for raw, _ in pairs]), median([ours for _, ours in pairs])
    ratio = round(value / baseline, 2)
    if what == "p50_ms":
        return Figure(what=what, value=value, unit="ms", baseline=baseline, ratio=ratio)
    met = ratio <= MOST_RATIO and value <= MOST_MS
    return Figure(
        what=what,
        value=value,
        unit="ms",
        baseline=baseline,
        ratio=ratio,
        aim=f"<= {MOST_RATIO} x raw and <= {MOST_MS} ms",
        met=met,
    )


def _figure(what: str, value: float, unit: str, *, aim: float) -> Figure:
    return Figure(what=what, value=value, unit=unit, aim=f"<= {aim:g}", met=value <= aim)
