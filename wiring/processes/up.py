"""`driehoek up`: the servers and all processes of the product under one supervisor, on one machine."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from adapters.embedded.kafka import EmbeddedKafka
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.servers import ServerProcess
from wiring.processes.first_start import prepare_instance
from wiring.processes.readiness import http_answers, kafka_answers, postgres_answers
from wiring.runtime import Instance, kept_secret, kept_signing_key, write_instance
from wiring.supervisor import FolderLock, Supervisor, stop_requested

PRODUCTS = ("serve", "intake", "stream", "relay", "scheduler", "deliver")
SERVERS = ("kafka", "postgres")
"""In the order of stopping."""
SERVER_SECONDS = 90.0
"""A broker that was killed first reads its logs again; 14 s was seen."""
PRODUCT_SECONDS = 60.0
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked on the command line."""

    data: Path
    port: int
    mode: str
    demo: bool


async def run(asked: Asked) -> int:
    """Start everything, say where it is, stay until SIGTERM or Ctrl-C. Exit code 0 after a clean stop."""
    with FolderLock(asked.data):
        stop = stop_requested()
        supervisor = Supervisor(asked.data)
        await supervisor.clean_up()
        try:
            await _until(stop, _start(supervisor, asked))
            await stop.wait()
        finally:
            await supervisor.stop(servers=SERVERS)
    return 0


async def _start(supervisor: Supervisor, asked: Asked) -> None:
    postgres = EmbeddedPostgres(asked.data / "postgres")
    kafka = EmbeddedKafka(asked.data / "kafka")
    database, broker = await asyncio.gather(asyncio.to_thread(postgres.prepare), asyncio.to_thread(kafka.prepare))
    await asyncio.gather(
        supervisor.start(database, lambda: postgres_answers(postgres.url(database="postgres")), within=SERVER_SECONDS),
        supervisor.start(broker, lambda: kafka_answers(kafka.bootstrap), within=SERVER_SECONDS),
    )
    instance = _instance(asked, postgres, kafka)
    write_instance(asked.data, instance)
    link = await prepare_instance(instance, postgres)
    supervisor.start_all(_products(asked.data, instance))
    await supervisor.wait_ready("serve", lambda: http_answers(_url(asked)), within=PRODUCT_SECONDS)
    _tell(asked, link)


def _instance(asked: Asked, postgres: EmbeddedPostgres, kafka: EmbeddedKafka) -> Instance:
    password = kept_secret(asked.data, "database")
    return Instance(
        settings={
            "mode": asked.mode,
            "demo": str(asked.demo).lower(),
            "database_url": postgres.url("driehoek_app", password),
            "database_owner_url": postgres.url(),
            "kafka_bootstrap": kafka.bootstrap,
            "bind": f"127.0.0.1:{asked.port}",
            "public_url": _url(asked),
            "signing_key": str(kept_signing_key(asked.data).absolute()),
        }
    )


def _products(data: Path, instance: Instance) -> Sequence[ServerProcess]:
    return [
        ServerProcess(
            name=name,
            argv=(sys.executable, "-m", "wiring.cli", name),
            log=data / "log" / f"{name}.log",
            environment=instance.environment(),
        )
        for name in PRODUCTS
    ]


def _url(asked: Asked) -> str:
    return f"http://127.0.0.1:{asked.port}"


async def _until(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Do the work, but let go at once when somebody asks to stop."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
    await asyncio.gather(working, return_exceptions=stop.is_set())


def _tell(asked: Asked, link: str | None) -> None:
    from wiring.demo import told_accounts

    lines = [f"Driehoek draait op {_url(asked)}"]
    if asked.demo:
        lines += ["", "DEMONSTRATIE. Iedereen met dit adres kan inloggen als:", *told_accounts()]
    if link:
        lines += ["", f"Eenmalige koppeling voor de eerste beheerder: {_url(asked)}/koppeling/{link}"]
    lines += ["", "Ctrl-C stopt alles."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
