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
from wiring.processes.first_start import prepare
from wiring.processes.listening import address_of, listen
from wiring.processes.readiness import http_answers, kafka_answers, local_url, postgres_answers
from wiring.runtime import Instance, kept_secret, kept_signing_key, write_instance
from wiring.settings import Settings, given_settings
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
        _door_is_free(asked)
        try:
            await _until(stop, _start(supervisor, asked))
            await stop.wait()
        finally:
            await supervisor.stop(servers=SERVERS)
    return 0


def _door_is_free(asked: Asked) -> None:
    """Raise BindWrongError, PlainOutsideError, CertificateError or PortTakenError before anything is started."""
    address = address_of(Settings.model_validate({**_chosen(asked, None, None), **given_settings()}))
    listen(address).close()


async def _start(supervisor: Supervisor, asked: Asked) -> None:
    given = given_settings()
    postgres = None if "database_url" in given else EmbeddedPostgres(asked.data / "postgres")
    kafka = None if "kafka_bootstrap" in given else EmbeddedKafka(asked.data / "kafka")
    await asyncio.gather(_start_postgres(supervisor, postgres), _start_kafka(supervisor, kafka))
    instance = Instance(settings={**_chosen(asked, postgres, kafka), **given})
    write_instance(asked.data, instance)
    settings = Settings.model_validate(instance.settings)
    link = await prepare(settings, postgres, make_topics=kafka is not None)
    supervisor.start_all(_products(asked.data, instance))
    await supervisor.wait_ready("serve", lambda: http_answers(local_url(settings)), within=PRODUCT_SECONDS)
    _tell(asked, settings.public_url or local_url(settings), link)


async def _start_postgres(supervisor: Supervisor, postgres: EmbeddedPostgres | None) -> None:
    if postgres is not None:
        url, process = postgres.url(database="postgres"), await asyncio.to_thread(postgres.prepare)
        await supervisor.start(process, lambda: postgres_answers(url), within=SERVER_SECONDS)


async def _start_kafka(supervisor: Supervisor, kafka: EmbeddedKafka | None) -> None:
    if kafka is not None:
        bootstrap, process = kafka.bootstrap, await asyncio.to_thread(kafka.prepare)
        await supervisor.start(process, lambda: kafka_answers(bootstrap), within=SERVER_SECONDS)


def _chosen(asked: Asked, postgres: EmbeddedPostgres | None, kafka: EmbeddedKafka | None) -> dict[str, str]:
    """What we choose ourselves; a DRIEHOEK_ setting of the person who starts goes first."""
    chosen = {
        "mode": asked.mode,
        "demo": str(asked.demo).lower(),
        "bind": f"127.0.0.1:{asked.port}",
        "public_url": _url(asked),
        "signing_key": str(kept_signing_key(asked.data).absolute()),
    }
    if postgres is not None:
        password = kept_secret(asked.data, "database")
        chosen |= {
            "database_url": postgres.url("driehoek_app", password),
            "database_owner_url": postgres.url(),
        }
    if kafka is not None:
        chosen["kafka_bootstrap"] = kafka.bootstrap
    return chosen


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


def _tell(asked: Asked, url: str, link: str | None) -> None:
    from wiring.demo import told_accounts

    lines = [f"Driehoek draait op {url}"]
    if asked.demo:
        lines += ["", "DEMONSTRATIE. Iedereen met dit adres kan inloggen als:", *told_accounts()]
    if link:
        lines += ["", f"Eenmalige koppeling voor de eerste beheerder: {url}/koppeling/{link}"]
    lines += ["", "Ctrl-C stopt alles."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
