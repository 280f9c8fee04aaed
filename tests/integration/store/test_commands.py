"""The commands as people and machines call them: JSON on stdout, exit code 0 when good and 1 when not."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.store.connections import connected
from adapters.store.signing import SigningKey
from tests.integration.store.a_log import STREAMS, write
from tests.integration.store.a_story import play
from tests.integration.store.test_backup import settings
from tests.servers import Database, fresh_topics
from wiring.settings import Settings

__all__ = ["settings"]


async def call(known: Settings, *words: str) -> tuple[int, dict[str, Any], str]:
    """Run a command; exit code, what it printed for machines, what it said."""
    environment = {"PATH": "/usr/bin:/bin"}
    for name, value in (
        ("DATABASE_URL", known.database_url),
        ("DATABASE_OWNER_URL", known.database_owner_url),
    ):
        environment[f"DRIEHOEK_{name}"] = value.get_secret_value() if value else ""
    environment["DRIEHOEK_SIGNING_KEY"] = str(known.signing_key)
    if known.kafka_bootstrap:
        environment["DRIEHOEK_KAFKA_BOOTSTRAP"] = known.kafka_bootstrap
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "wiring.cli",
        *words,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    return process.returncode or 0, json.loads(out or b"{}"), said.decode()


async def test_verify_is_good_until_somebody_changes_something(
    own_database: Database, settings: Settings, tmp_path: Path
) -> None:
    assert settings.signing_key is not None
    async with connected(own_database.app_url, process="test") as pool:
        kept = await write(pool, SigningKey.read(settings.signing_key))
    anchor = tmp_path / "getuige.jsonl"
    anchor.write_text("\n".join(each.model_dump_json() for each in kept))

    code, good, _ = await call(settings, "verify", "--json", "--anchor", str(anchor))
    assert (code, good["ok"], good["first_fault"], good["checkpoints"]) == (0, True, None, 3)
    assert set(good) == {"ok", "events", "streams", "checkpoints", "destroyed", "first_fault"}

    owner = await asyncpg.connect(own_database.owner_url)
    await owner.execute("DELETE FROM event WHERE stream_id = $1 AND version = 3", STREAMS[0])
    await owner.close()
    code, bad, _ = await call(settings, "verify", "--json")
    assert (code, bad["ok"]) == (1, False)
    assert (bad["first_fault"]["stream"], bad["first_fault"]["version"]) == (STREAMS[0], 3)


async def test_ledger_and_rebuild_say_what_they_found(
    own_database: Database, settings: Settings, kafka: EmbeddedKafka
) -> None:
    await fresh_topics(kafka.bootstrap)
    known = settings.model_copy(update={"kafka_bootstrap": kafka.bootstrap})
    async with connected(own_database.app_url, process="test") as pool:
        await play(pool)

    code, ledger, _ = await call(known, "ledger", "--json")
    assert (code, ledger["balanced"], ledger["incidents"], ledger["in_flight"]) == (0, True, 2, 0)
    names = "received read quarantined spooled in_flight signals in_incidents noted duplicates refused_rows"
    assert set(ledger) == {*names.split(), "redelivered", "lost", "incidents", "balanced"}

    away = settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})
    code, ledger, said = await call(away, "ledger", "--json")
    assert (code, ledger["balanced"], ledger["in_flight"]) == (0, True, None)
    assert said.startswith("Kafka antwoordt niet.")

    code, rebuilt, _ = await call(known, "rebuild", "--json")
    assert (code, rebuilt["ok"], rebuilt["changed"]) == (0, True, [])


@pytest.mark.parametrize("words", [("verify", "--json"), ("backup", "x.dump"), ("ledger", "--json")])
async def test_a_database_that_is_away_is_one_clear_line(settings: Settings, words: tuple[str, ...]) -> None:
    away = Settings.model_validate(
        {
            "database_url": "postgresql://driehoek_app:x@127.0.0.1:1/driehoek",
            "database_owner_url": "postgresql://driehoek_app:x@127.0.0.1:1/driehoek",
            "kafka_bootstrap": "127.0.0.1:1",
            "signing_key": str(settings.signing_key),
        }
    )
    if words[0] == "ledger":
        away = away.model_copy(update={"kafka_bootstrap": None})

    code, printed, said = await call(away, *words)

    assert (code, printed) == (1, {})
    assert len(said.strip().splitlines()) == 1, said
