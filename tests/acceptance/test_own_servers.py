"""The same program on servers of an organisation, by settings only: PostgreSQL with TLS, Kafka with SASL and ACLs."""

import asyncio
import os
import re
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import create_conn
from aiokafka.protocol.admin import CreateAclsRequest

from adapters.embedded.kafka import EmbeddedKafka, Secured
from adapters.embedded.ports import free_port
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.kafka.admin import ensure_topics
from adapters.kafka.connection import KafkaConnection
from tests import certificates
from tests.acceptance.instance import COMMAND, Running
from tests.certificates import Certificates
from tests.servers import fresh_database, open_folder, postgres_answers, running
from tests.tls_front import tls_front
from tests.waiting import until
from wiring.processes.readiness import http_answers
from wiring.runtime import kept_signing_key

pytestmark = pytest.mark.long
USER, PASSWORD = "driehoek", "geheim-genoeg"
TOPIC, GROUP, PREFIXED, ALLOW = 2, 3, 4, 3
OPERATIONS = (3, 4, 8, 2)
"""READ, WRITE, DESCRIBE, ALL are numbers in the protocol of Kafka; ALL is for the groups."""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Both servers, and the settings with which the product reaches them."""

    postgres: EmbeddedPostgres
    admin: KafkaConnection
    settings: Mapping[str, str]
    pem: Certificates

    def with_settings(self, **changed: str) -> dict[str, str]:
        """The environment of a process of the product."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DRIEHOEK_")}  # noqa: TID251 - a child gets what we got
        return {**inherited, **{f"DRIEHOEK_{k.upper()}": v for k, v in {**self.settings, **changed}.items()}}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for both servers."""
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
async def servers(folder: Path) -> AsyncIterator[Servers]:
    """PostgreSQL with TLS and Kafka with SASL_SSL, with what an administrator makes beforehand."""
    pem = await asyncio.to_thread(certificates.make, folder / "pem")
    postgres = EmbeddedPostgres(folder / "postgres")
    secured = Secured(keystore=pem.keystore, truststore=pem.ca, users={USER: PASSWORD})
    kafka = EmbeddedKafka(folder / "kafka", secured=secured)
    admin = KafkaConnection(kafka.bootstrap, "SASL_SSL", "SCRAM-SHA-512", secured.admin, secured.password, pem.ca)
    front = free_port()
    with running(postgres.prepare()), running(kafka.prepare()), tls_front(front, postgres.port, pem):
        await until(lambda: postgres_answers(postgres.url(database="postgres")), within=60, what="PostgreSQL answers")
        await ensure_topics(admin, mode="live", replication=1, create=True)
        await _allow(admin)
        database = await fresh_database(postgres)
        tls = f"?sslmode=verify-full&sslrootcert={pem.ca}"
        settings = {
            "database_url": with_port(database.app_url, front) + tls,
            "database_owner_url": with_port(database.owner_url, front) + tls,
            "kafka_bootstrap": kafka.bootstrap,
            "kafka_security_protocol": "SASL_SSL",
            "kafka_security_username": USER,
            "kafka_security_password": PASSWORD,
            "kafka_security_ca": str(pem.ca),
        }
        yield Servers(postgres=postgres, admin=admin, settings=settings, pem=pem)


def with_port(url: str, port: int) -> str:
    """The same address at another port."""
    return re.sub(r":\d+/", f":{port}/", url)


async def _allow(admin: KafkaConnection) -> None:
    """Let our user read and write topics under `live.`, and use groups under `live.`; nothing more."""
    options = admin.client_options()
    host, _, port = str(options.pop("bootstrap_servers")).rpartition(":")
    connection = await create_conn(host, int(port), **options)
    read, write, describe, everything = OPERATIONS
    rows = [(TOPIC, "live.", PREFIXED, f"User:{USER}", "*", each, ALLOW) for each in (read, write, describe)]
    rows.append((GROUP, "live.", PREFIXED, f"User:{USER}", "*", everything, ALLOW))
    answers = [await connection.send(CreateAclsRequest(*row)) for row in rows]
    connection.close()
    assert [answer.creation_responses[0][0] for answer in answers] == [0] * len(rows)


@contextmanager
def product(servers: Servers, data: Path, **changed: str) -> Iterator[Running]:
    """`driehoek up` with these settings in its environment."""
    made = Running(data=data, port=free_port(), environment=servers.with_settings(**changed))
    data.mkdir(parents=True, exist_ok=True)
    try:
        made.start()
        yield made
    finally:
        if made.process and made.process.poll() is None:
            made.stop()


def refused(servers: Servers, data: Path, *words: str, **changed: str) -> str:
    """Start something that must not start: exit code 1 and one line on stderr."""
    argv = [*COMMAND, *words]
    done = subprocess.run(
        argv,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=servers.with_settings(bind=f"127.0.0.1:{free_port()}", signing_key=str(kept_signing_key(data)), **changed),
    )
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == 1, (done.returncode, done.stdout[-500:], done.stderr[-500:])
    assert len(lines) == 1, lines
    return lines[0]


async def test_the_story_runs_on_servers_of_the_organisation(servers: Servers, folder: Path) -> None:
    with product(servers, folder / "data") as made:
        names = {each["name"] for each in made.told_json("status")["processes"]}
        assert names == {"serve", "intake", "stream", "relay", "scheduler", "deliver"}
        payload = folder / "signal.json"
        await asyncio.to_thread(
            payload.write_text, '{"dienst": "burgerzaken", "titel": "Storing", "ernst": "verstoord"}'
        )
        sent = await asyncio.to_thread(made.told_json, "signal", "send", str(payload), "--gemeente", "GM0344")
        assert "ontvangstbewijs" in sent

        async def balanced() -> bool:
            told = await asyncio.to_thread(made.told_json, "ledger")
            return bool(told["balanced"] and told["incidents"] == 1)

        await until(balanced, within=30, what="the signal became an incident")
        assert (await asyncio.to_thread(made.told_json, "verify"))["ok"] is True
        assert await http_answers(made.url)


async def test_a_wrong_password_of_the_database_is_one_line(servers: Servers, folder: Path) -> None:
    wrong = servers.settings["database_url"].replace("driehoek_app:", "driehoek_app:x")
    assert "weigert" in await asyncio.to_thread(refused, servers, folder, "relay", database_url=wrong)


async def test_a_wrong_password_of_kafka_is_one_line(servers: Servers, folder: Path) -> None:
    line = await asyncio.to_thread(refused, servers, folder, "intake", kafka_security_password="mis")
    assert "Kafka weigert" in line


async def test_a_missing_topic_is_one_line(servers: Servers, folder: Path) -> None:
    admin = AIOKafkaAdminClient(**servers.admin.client_options())
    await admin.start()
    await admin.delete_topics(["live.audit.checkpoints"])
    await admin.close()
    try:
        line = await asyncio.to_thread(refused, servers, folder, "relay")
    finally:
        await ensure_topics(servers.admin, mode="live", replication=1, create=True)
    assert "live.audit.checkpoints" in line


async def test_a_missing_right_is_one_line(servers: Servers, folder: Path) -> None:
    line = await asyncio.to_thread(refused, servers, folder, "relay", kafka_security_username="niemand")
    assert "Kafka" in line


async def test_an_old_schema_is_one_line(servers: Servers, folder: Path) -> None:
    connection = await asyncpg.connect(servers.settings["database_owner_url"])
    newest = await connection.fetchval("SELECT version_num FROM alembic_version")
    await connection.execute("UPDATE alembic_version SET version_num = '0001'")
    try:
        line = await asyncio.to_thread(refused, servers, folder, "scheduler")
    finally:
        await connection.execute("UPDATE alembic_version SET version_num = $1", newest)
        await connection.close()
    assert "driehoek migrate" in line


async def test_an_exercise_refuses_a_database_of_the_live_side(servers: Servers, folder: Path) -> None:
    assert "andere stand" in await asyncio.to_thread(refused, servers, folder, "relay", mode="oefening")


async def test_pages_over_our_own_certificate(servers: Servers, folder: Path) -> None:
    tls = {"tls_cert": str(servers.pem.certificate), "tls_key": str(servers.pem.key)}
    with product(servers, folder / "tls", **tls, public_url="https://localhost") as made:
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=servers.pem.ca)) as client:
            answer = await client.get(f"https://127.0.0.1:{made.port}/inloggen")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"].startswith("max-age=")
