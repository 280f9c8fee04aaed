"""Rebuild, backup and restore, put together from their parts."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError

from adapters.clock import SystemClock
from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres, binaries
from adapters.embedded.servers import ServerError
from adapters.store import backup as store_backup
from adapters.store.cards import PgCards
from adapters.store.connections import connected, transaction
from adapters.store.migrate import migrate
from adapters.store.rebuild_rows import PgRebuild, raise_epoch
from adapters.store.revision import newest
from adapters.store.signing import SigningKey
from domain.errors import DriehoekError
from streams.ends import values_since
from usecases.cloudevents import UnreadableEventError, pointer_of
from usecases.picture import Picture
from usecases.rebuild import rebuild, renew_cards
from usecases.topics import Topic, name_of
from wiring.kafka import connection_of
from wiring.parts import Parts, parts
from wiring.processes.readiness import kafka_answers, postgres_answers
from wiring.settings import Settings
from wiring.supervisor import FolderLock, Supervisor

SERVER_SECONDS = 90.0
LOOK_BACK = timedelta(hours=1)
"""How far before the newest fact we look in the topic: clocks differ, and a relay may have been behind."""


class OwnerMissingError(DriehoekError):
    """DRIEHOEK_DATABASE_OWNER_URL ontbreekt: alleen de eigenaar mag een back-up maken of terugzetten."""

    code = "eigenaar-database-ontbreekt"


async def rebuild_all(settings: Settings) -> dict[str, Any]:
    """State rows and cards again from the log."""
    async with parts(settings, process="rebuild") as made:
        rows = PgRebuild(made.pool, settings.mode, made.ids.new)
        done = await rebuild(made.context, rows)
        async with transaction(made.pool) as sql:
            epoch = await raise_epoch(sql, made.clock.now())
        return {"ok": True, **asdict(done), "cards": await _renew(made), "epoch": epoch}


async def _renew(made: Parts) -> int:
    cards = PgCards(made.pool, made.settings.mode)
    rows = PgRebuild(made.pool, made.settings.mode, made.ids.new)
    picture = Picture(cards=cards, rules=made.context.rules, clock=made.clock)
    return await renew_cards(picture, cards, await rows.card_ids())


async def back_up(settings: Settings, file: Path) -> dict[str, Any]:
    """The database in a file, and beside it what it is and which key signed its checkpoints."""
    at = SystemClock().now()
    await store_backup.dump(_owner(settings), file, _tools())
    key = SigningKey.read(settings.signing_key) if settings.signing_key else None
    about = {
        "at": at.isoformat(),
        "mode": settings.mode.value,
        "schema": newest(),
        "key_id": key.key_id if key else None,
        "public_key": key.public_hex() if key else None,
    }
    size = _describe(file, about)
    return {"ok": True, "file": str(file), "bytes": size, **about}


async def restore(settings: Settings, file: Path) -> dict[str, Any]:
    """Put a backup in the place of what is there, and begin a new epoch. Only the servers run."""
    owner = _owner(settings)
    before = await store_backup.load(owner, file, _tools())
    await migrate(owner)
    async with connected(owner, process="restore") as pool:
        since = await store_backup.newest_moment(pool) or datetime(1970, 1, 1, tzinfo=UTC)
        facts, why = await _published(settings, since - LOOK_BACK)
        published, lacking = await store_backup.split(pool, facts)
        now = SystemClock().now()
        again = await store_backup.begin_again(pool, now, epoch_before=before, published=published)
    async with parts(settings, process="restore") as made:
        cards = await _renew(made)
    return {
        "ok": True,
        **asdict(again),
        "cards": cards,
        "compared": why is None,
        "not_compared_because": why,
        "only_in_kafka": len(lacking),
        "streams_only_in_kafka": sorted({stream for stream, _ in lacking}),
        "same_key": _same_key(settings, file),
    }


async def _published(settings: Settings, since: datetime) -> tuple[Sequence[tuple[str, int]], str | None]:
    """(stream, number) of what the broker has since this moment, or why nobody knows."""
    if settings.kafka_bootstrap is None:
        return [], "DRIEHOEK_KAFKA_BOOTSTRAP ontbreekt"
    topic = name_of(Topic.EVENTS, settings.mode)
    try:
        values = await values_since(connection_of(settings).client_options(), topic, since)
    except (KafkaError, OSError, TimeoutError) as error:
        return [], f"Kafka is niet bereikbaar ({type(error).__name__})"
    found = []
    for value in values:
        try:
            pointer = pointer_of(value)
        except UnreadableEventError:
            continue  # a canary
        found.append((pointer.stream_id, pointer.number))
    return found, None


@asynccontextmanager
async def servers_only(data: Path | None) -> AsyncIterator[None]:
    """The embedded servers of this folder, without the product; nothing when the servers are somebody else's.

    Raises AlreadyRunsError while `driehoek up` runs.
    """
    if data is None:
        yield
        return
    with FolderLock(data):
        supervisor = Supervisor(data)
        await supervisor.clean_up()
        try:
            if (data / "postgres").exists():
                postgres = EmbeddedPostgres(data / "postgres")
                url = postgres.url(database="postgres")
                await supervisor.start(postgres.prepare(), lambda: postgres_answers(url), within=SERVER_SECONDS)
            if (data / "kafka").exists():
                kafka = EmbeddedKafka(data / "kafka")
                await supervisor.start(kafka.prepare(), lambda: kafka_answers(kafka.bootstrap), within=SERVER_SECONDS)
            yield
        finally:
            await supervisor.stop(servers=("kafka", "postgres"))


def _owner(settings: Settings) -> str:
    if settings.database_owner_url is None:
        raise OwnerMissingError
    return settings.database_owner_url.get_secret_value()


def _tools() -> store_backup.Tools:
    try:
        return store_backup.Tools(folder=binaries())
    except ServerError:
        return store_backup.Tools(folder=None)


def _describe(file: Path, about: dict[str, Any]) -> int:
    _beside(file).write_text(json.dumps(about, indent=1))
    return file.stat().st_size


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _same_key(settings: Settings, file: Path) -> bool | None:
    """Whether the key of this instance signed the checkpoints in the backup; None when nobody knows."""
    beside = _beside(file)
    if settings.signing_key is None or not beside.exists():
        return None
    known: object = json.loads(beside.read_text()).get("key_id")
    return known == SigningKey.read(settings.signing_key).key_id
