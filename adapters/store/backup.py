"""Backup and restore with PostgreSQL's own tools, and what a restored database must be told before it is used."""

import asyncio
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from adapters.store.connections import transaction, translated
from adapters.store.migrate import APP_ROLE
from adapters.store.rebuild_rows import raise_epoch
from domain.errors import ConflictError, DriehoekError

CLEAN = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner")

HELD = "ingehouden"
"""Stands where a sent notice names its channel: written before a restore, and not sent after it."""


class ToolError(DriehoekError):
    """pg_dump of pg_restore lukte niet. De database is niet veranderd."""

    code = "back-up-mislukt"


class StillConnectedError(ConflictError):
    """Er zijn nog processen met de database verbonden. Stop die eerst; er is niets veranderd."""

    code = "nog-verbonden"


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Where the programs of PostgreSQL are: in this folder, else on the search path."""

    folder: Path | None
    path: str = "/usr/local/bin:/usr/bin:/bin"

    async def run(self, name: str, url: str, *words: str) -> None:
        """Run one of them against this database; the password goes by the environment. Raises ToolError."""
        found = self.folder / name if self.folder else shutil.which(name, path=self.path)
        if found is None:
            raise ToolError(f"{name} van PostgreSQL is niet gevonden. Installeer het, of gebruik `--data`.")
        environment = {"PATH": self.path, "LC_ALL": "C", **address(url)}
        process = await asyncio.create_subprocess_exec(
            str(found), *words, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        if process.returncode:
            last = said.decode(errors="replace").strip().rpartition("\n")[2]
            raise ToolError(f"{ToolError.__doc__} ({name}: {last})")


def address(url: str) -> Mapping[str, str]:
    """A database address as the environment of PostgreSQL's own programs."""
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    given = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": parts.path.lstrip("/"),
        "PGSSLMODE": asked.get("sslmode"),
        "PGSSLROOTCERT": asked.get("sslrootcert"),
    }
    return {name: value for name, value in given.items() if value}


async def dump(url: str, file: Path, tools: Tools) -> None:
    """Write the whole database as it is at one moment, while the product runs; the file is whole or not there."""
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    try:
        await tools.run("pg_dump", url, "--format=custom", f"--file={partial}")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


async def load(url: str, file: Path, tools: Tools) -> int:
    """Put the content of a backup in the place of what is there, in one transaction; the epoch that was there.

    Raises StillConnectedError while processes of the product are connected, ToolError when the file can not be read.
    """
    with translated():
        sql = await asyncpg.connect(url)
        try:
            await _alone(sql)
            known = await sql.fetchval("SELECT to_regclass('epoch') IS NOT NULL")
            epoch: int = await sql.fetchval("SELECT epoch FROM epoch") if known else 0
            if not await sql.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
                await sql.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        finally:
            await sql.close()
    await tools.run("pg_restore", url, *CLEAN, f"--dbname={address(url)['PGDATABASE']}", str(file))
    return epoch


async def _alone(sql: asyncpg.Connection) -> None:
    rows = await sql.fetch(
        "SELECT DISTINCT application_name AS name FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name LIKE 'driehoek-%' ORDER BY name"
    )
    if rows:
        raise StillConnectedError(f"{StillConnectedError.__doc__} ({', '.join(row['name'] for row in rows)})")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restored database holds, and where it goes on."""

    epoch: int
    events: int
    relay_position: int
    held_notices: int


async def begin_again(pool: asyncpg.Pool, at: datetime, *, epoch_before: int, published: int | None) -> Restored:
    """Begin a new epoch, as the owner. Facts up to `published` are with the broker and are not sent again.

    Sent notices stay sent. Unsent ones are held, with a mark in `channel`: they may have gone out after the backup, and
    a sweep warns anew of what is still due. Sessions and one-time links end: they may have been used or ended
    after the backup. Cards that waited are dropped; they are sent again in the new epoch.
    """
    async with transaction(pool) as sql:
        await sql.execute("UPDATE epoch SET epoch = greatest(epoch, $1)", epoch_before)
        epoch = await raise_epoch(sql, at)
        await sql.execute("DELETE FROM session")
        await sql.execute("DELETE FROM one_time_link")
        await sql.execute("DELETE FROM outbox WHERE topic LIKE '%.picture.cards'")
        held = await sql.fetch(
            "UPDATE notice SET sent_at = $1, channel = $2 WHERE sent_at IS NULL RETURNING key", at, HELD
        )
        await sql.execute("SELECT assign_numbers()")
        position: int = await sql.fetchval(
            "UPDATE relay_position SET number = greatest(number, $1) RETURNING number", published or 0
        )
        return Restored(
            epoch=epoch,
            events=await sql.fetchval("SELECT count(*) FROM event"),
            relay_position=position,
            held_notices=len(held),
        )


async def split(pool: asyncpg.Pool, published: Collection[tuple[str, int]]) -> tuple[int | None, list[tuple[str, int]]]:
    """What the broker has, as (stream, number): the highest number that we have too, and those that we do not have."""
    asked = sorted(published, key=lambda each: each[1])
    with translated():
        rows = await pool.fetch(
            "SELECT number, stream_id FROM event_number WHERE number = ANY($1::bigint[])", [each[1] for each in asked]
        )
    ours = {(row["stream_id"], row["number"]) for row in rows}
    common = [number for stream, number in asked if (stream, number) in ours]
    return (common[-1] if common else None), [each for each in asked if each not in ours]


async def newest_moment(pool: asyncpg.Pool) -> datetime | None:
    """When the newest fact was recorded."""
    with translated():
        moment: datetime | None = await pool.fetchval("SELECT max(recorded_at) FROM event")
    return moment
