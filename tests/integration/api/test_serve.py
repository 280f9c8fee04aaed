"""The door on real servers: what is answered with 202 stands in the topic or in the spool, under its number."""

import asyncio
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from adapters.embedded.kafka import EmbeddedKafka
from adapters.kafka.admin import ensure_topics
from adapters.kafka.connection import KafkaConnection
from tests import certificates
from tests.integration.api.desk import ServeDesk, free_port, serving, settings_for, start, stopped
from tests.servers import Database, fresh_topics, kafka_answers, running
from tests.waiting import until, until_sync
from usecases.receipt_wire import NeedsBody
from usecases.receipts import Receipt
from wiring.processes.health import is_healthy
from wiring.processes.sending import send_file
from wiring.runtime import kept_signing_key


@pytest.fixture(scope="module")
async def desk(database: Database, kafka: EmbeddedKafka) -> AsyncIterator[ServeDesk]:
    await fresh_topics(kafka.bootstrap)
    async with serving(database, kafka.bootstrap) as made:
        yield made


async def receipt_of(desk: ServeDesk, receipt_id: str) -> Receipt | NeedsBody | None:
    for made in (await desk.received()).values():
        found = made if isinstance(made, Receipt) else made.receipt
        if found.receipt_id == UUID(receipt_id):
            return made
    return None


async def test_a_signal_stands_in_the_topic_under_its_number(desk: ServeDesk) -> None:
    async with desk.client() as machine:
        answer = await machine.post("/v1/signalen", content=b'{"titel": "uitval"}')
    assert answer.status_code == 202

    found = await receipt_of(desk, answer.json()["ontvangstbewijs"])
    assert isinstance(found, Receipt)
    assert (found.body, found.organisation) == (b'{"titel": "uitval"}', "gemeente:GM0344")
    row = await desk.pool.fetchval("SELECT answered FROM door WHERE door = $1", found.door)
    assert row >= found.number


async def test_many_at_once_each_have_a_number(desk: ServeDesk) -> None:
    before = await desk.answered()
    async with desk.client() as machine:
        answers = await asyncio.gather(*(machine.post("/v1/signalen", content=b"{}") for _ in range(200)))
    assert {answer.status_code for answer in answers} == {202}
    assert await desk.answered() == before + 200
    ids = {UUID(answer.json()["ontvangstbewijs"]) for answer in answers}
    in_topic = {made.receipt_id for made in (await desk.received()).values() if isinstance(made, Receipt)}
    # On a busy machine Kafka may be late for some of them.
    assert ids <= in_topic | {receipt.receipt_id for receipt in await desk.spooled()}


async def test_a_large_body_travels_as_a_reference(desk: ServeDesk) -> None:
    body = b"x" * (1024 * 1024)
    async with desk.client() as machine:
        answer = await machine.post("/v1/signalen", content=body)
        too_large = await machine.post("/v1/signalen", content=body + b"x")
    assert (answer.status_code, too_large.status_code) == (202, 413)
    found = await receipt_of(desk, answer.json()["ontvangstbewijs"])
    assert isinstance(found, NeedsBody)
    assert await desk.pool.fetchval("SELECT body FROM raw_body WHERE reference = $1", found.reference) == body


async def test_a_token_works_until_it_is_revoked(desk: ServeDesk) -> None:
    async with desk.client("onbekend") as stranger:
        assert (await stranger.post("/v1/signalen", content=b"{}")).status_code == 401

    async with desk.client() as machine:
        assert (await machine.post("/v1/signalen", content=b"{}")).status_code == 202
        await desk.pool.execute("UPDATE source SET revoked_at = now()")
        try:

            async def refused() -> bool:
                return (await machine.post("/v1/signalen", content=b"{}")).status_code == 401

            await until(refused, within=2, what="the token stops")
        finally:
            await desk.pool.execute("UPDATE source SET revoked_at = NULL")


RAW = {
    "wrong length": b"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n{}",
    "negative length": b"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "two lengths": b"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "enormous length": b"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 18 + b"\r\n\r\n{}",
    "huge header": b"GET /v1/incidenten HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "bad chunk": b"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "bytes in a header": b"GET /v1/incidenten HTTP/1.1\r\nHost: x\r\nCookie: driehoek-live=\xff\xfe\r\n\r\n",
    "bytes in the path": b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "odd method": b"FOO /v1/signalen HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
async def test_broken_http_is_refused_and_the_rest_goes_on(desk: ServeDesk, name: str) -> None:
    port = int(desk.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(RAW[name])
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert line.split()[1].startswith(b"4"), line
    async with desk.client() as machine:
        assert (await machine.post("/v1/signalen", content=b"{}")).status_code == 202


async def test_who_hangs_up_half_way_leaves_no_fault(desk: ServeDesk) -> None:
    before = await desk.answered()
    port = int(desk.url.rpartition(":")[2])
    head = f"POST /v1/signalen HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode() + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()
    async with desk.client() as machine:
        assert (await machine.post("/v1/signalen", content=b"{}")).status_code == 202
    assert await desk.answered() == before + 1


async def test_a_file_goes_through_the_same_door(desk: ServeDesk, database: Database, tmp_path: Path) -> None:
    port = int(desk.url.rpartition(":")[2])
    settings = settings_for(database, desk.bootstrap, port).model_copy(
        update={"signing_key": kept_signing_key(tmp_path)}
    )
    first = await send_file(settings, b"{}", municipality="GM0344", source_format="auto")
    again = await send_file(settings, b"{}", municipality="GM0344", source_format="alertmanager")
    wrong = await send_file(settings, b"{}", municipality="GM9999", source_format="auto")

    assert {"ontvangstbewijs"} == first.keys() == again.keys()
    assert "fout" in wrong
    assert (tmp_path / "bron-live-GM0344.secret").stat().st_mode & 0o077 == 0
    found = await receipt_of(desk, again["ontvangstbewijs"])
    assert isinstance(found, Receipt)
    assert found.hint == "alertmanager"


async def test_serve_is_healthy_and_shows_its_pages(desk: ServeDesk, database: Database) -> None:
    port = int(desk.url.rpartition(":")[2])
    assert await is_healthy(settings_for(database, desk.bootstrap, port), "serve")
    assert not await is_healthy(settings_for(database, desk.bootstrap, free_port()), "serve")
    async with httpx.AsyncClient(base_url=desk.url) as browser:
        assert (await browser.get("/health/ready")).json()["parts"] == {"database": True, "kafka": True}
        assert "driehoek_receipts_received" in (await browser.get("/metrics")).text
        assert (await browser.get("/inloggen")).status_code == 200


async def test_without_kafka_it_starts_and_signals_wait_in_the_spool(database: Database) -> None:
    """A port where nothing listens."""
    async with serving(database, f"127.0.0.1:{free_port()}") as alone:
        async with alone.client() as machine:
            answers = [await machine.post("/v1/signalen", content=b"{}") for _ in range(3)]
        assert {answer.status_code for answer in answers} == {202}
        spooled = await alone.spooled()
        assert [receipt.number for receipt in spooled[-3:]] == [1, 2, 3]
        await alone.pool.execute("DELETE FROM spool")
        assert stopped(alone.process) == 0


async def test_a_broker_that_stops_hands_over_to_the_spool(database: Database, servers_folder: Path) -> None:
    broker = EmbeddedKafka(servers_folder / "kafka-that-stops")
    with running(broker.prepare()) as process:
        await until(lambda: kafka_answers(broker.bootstrap), within=60, what="Kafka answers")
        await ensure_topics(KafkaConnection(broker.bootstrap), mode="live", replication=1, create=True)
        async with serving(database, broker.bootstrap) as made:
            async with made.client() as machine:
                for _ in range(3):
                    await machine.post("/v1/signalen", content=b"{}")
                process.send_signal(signal.SIGSTOP)
                began = asyncio.get_running_loop().time()
                answer = await machine.post("/v1/signalen", content=b"{}")
                took = asyncio.get_running_loop().time() - began
                process.send_signal(signal.SIGCONT)
            assert (answer.status_code, took < 3) == (202, True)
            assert (await made.spooled())[-1].number == 4
            await made.pool.execute("DELETE FROM spool")


async def test_what_is_set_wrong_is_one_line_and_exit_code_one(database: Database, kafka: EmbeddedKafka) -> None:
    settings = settings_for(database, kafka.bootstrap, free_port())
    wrong = database.app_url.replace(database.app_password, "verkeerd")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        cases = {
            "password": start(settings, DRIEHOEK_DATABASE_URL=wrong),
            "outside": start(settings, DRIEHOEK_BIND="0.0.0.0:0"),
            "certificate": start(settings, DRIEHOEK_TLS_CERT="/bestaat/niet", DRIEHOEK_TLS_KEY="/bestaat/niet"),
            "bind": start(settings, DRIEHOEK_BIND="ergens"),
            "taken": start(settings, DRIEHOEK_BIND=f"127.0.0.1:{port}"),
        }
        for name, process in cases.items():
            until_sync(lambda process=process: process.poll() is not None, within=90, what=name)  # type: ignore[misc]
            assert process.stderr is not None
            said = process.stderr.read().decode()
            process.stderr.close()
            assert process.returncode == 1, name
            assert len(said.strip().splitlines()) == 1, said


async def test_an_own_certificate_makes_everything_https(
    database: Database, kafka: EmbeddedKafka, tmp_path: Path
) -> None:
    made, port = certificates.make(tmp_path), free_port()
    settings = settings_for(database, kafka.bootstrap, port).model_copy(
        update={"tls_cert": made.certificate, "tls_key": made.key, "signing_key": kept_signing_key(tmp_path)}
    )
    process = start(settings, DRIEHOEK_TLS_CERT=str(made.certificate), DRIEHOEK_TLS_KEY=str(made.key))
    try:
        await until(lambda: is_healthy(settings, "serve"), within=90, what="serve answers over https")
        trust = ssl.create_default_context(cafile=str(made.ca))
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=trust) as browser:
            answer = await browser.get("/v1/incidenten")
        assert answer.status_code == 401
        assert answer.headers["strict-transport-security"]
        sent = await send_file(settings, b"{}", municipality="GM0344", source_format="auto")
        assert "ontvangstbewijs" in sent
    finally:
        assert stopped(process) == 0
