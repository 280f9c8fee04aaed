"""The door for machines looks at token, size, media type and quota, and at nothing else."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from tests.unit.api.site import Site
from tests.unit.usecases.test_receive import read
from usecases.quota import Quota
from usecases.receipt_status import ReceiptStatus
from usecases.receipts import Receipt

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def machine(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with await site.machine() as client:
        yield client


def only(site: Site) -> Receipt:
    (wire,) = site.world.kafka
    found = read(wire)
    assert isinstance(found, Receipt)
    return found


async def test_a_signal_gets_a_receipt_and_an_address_to_ask_about_it(site: Site, machine: httpx.AsyncClient) -> None:
    answer = await machine.post("/v1/signalen", content=b'{"titel": "uitval"}', headers=JSON)

    assert answer.status_code == 202
    receipt = answer.json()["ontvangstbewijs"]
    assert answer.headers["location"] == answer.json()["status"] == f"/v1/signalen/{receipt}"
    assert only(site).receipt_id == UUID(receipt)
    assert answer.headers["api-version"] == "1.0.0"

    status = await machine.get(answer.headers["location"])
    assert (status.status_code, status.json()["uitkomst"]) == (200, "onderweg")


async def test_the_status_of_a_receipt_is_for_its_own_organisation(site: Site, machine: httpx.AsyncClient) -> None:
    receipt = uuid4()
    done = ReceiptStatus(receipt_id=receipt, outcome="read", format="driehoek", signals=3, in_incidents=1, noted=1)
    site.receipts.rows[receipt, "gemeente:GM0344"] = done

    answer = await machine.get(f"/v1/signalen/{receipt}")
    assert answer.json() | {"inIncidenten": 1, "geweigerdeRijen": 1, "uitkomst": "gelezen"} == answer.json()
    async with await site.machine("gemeente:GM0310") as other:
        assert (await other.get(f"/v1/signalen/{receipt}")).status_code == 404
    async with site.client(session="sessie-ciso") as ciso:
        assert (await ciso.get(f"/v1/signalen/{receipt}")).status_code == 200
    async with site.client(session="sessie-fg") as fg:
        assert (await fg.get(f"/v1/signalen/{receipt}")).status_code == 403
    async with site.client() as nobody:
        assert (await nobody.get(f"/v1/signalen/{receipt}")).status_code == 401


@pytest.mark.parametrize("name", ["alertmanager", "statuspage", "azure"])
async def test_a_webhook_has_a_door_that_names_its_format(site: Site, machine: httpx.AsyncClient, name: str) -> None:
    answer = await machine.post(f"/v1/signalen/{name}", content=b"{}", headers=JSON)
    assert (answer.status_code, only(site).hint) == (202, name)


async def test_a_format_without_webhook_has_no_door_of_its_own(machine: httpx.AsyncClient) -> None:
    assert (await machine.post("/v1/signalen/driehoek", content=b"{}", headers=JSON)).status_code in (404, 405)


@pytest.mark.parametrize("media", ["application/xml", "text/csv; charset=utf-8", "message/rfc822"])
async def test_media_types_of_other_formats_are_taken_in(machine: httpx.AsyncClient, media: str) -> None:
    headers = {"Content-Type": media}
    assert (await machine.post("/v1/signalen", content=b"x", headers=headers)).status_code == 202
    assert (await machine.post("/v1/signalen/azure", content=b"x", headers=headers)).status_code == 415


async def test_attributes_of_a_binary_event_are_kept_decoded(site: Site, machine: httpx.AsyncClient) -> None:
    headers = {"ce-specversion": "1.0", "ce-subject": "S%C3%BAdwest%00", "Content-Type": "text/plain", "X-Other": "1"}
    answer = await machine.post("/v1/signalen", content=b"uitval", headers=headers)
    assert answer.status_code == 202
    assert only(site).headers == {"ce-specversion": "1.0", "ce-subject": "Súdwest"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\x00", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000, b"null"]
)
async def test_whatever_the_bytes_are_they_are_taken_in(machine: httpx.AsyncClient, body: bytes) -> None:
    assert (await machine.post("/v1/signalen", content=body, headers=JSON)).status_code == 202


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/html"}, 415),
        ({}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json", "Authorization": "Bearer onbekend"}, 401),
        ({"Content-Type": "application/json", "Authorization": "Basic abc"}, 401),
        ({"Content-Type": "application/json", "Authorization": "Bearer " + "x" * 10_000}, 401),
        ({"Content-Type": "Application/CloudEvents+JSON; charset=utf-8"}, 202),
        ({"Content-Type": "application/cloudevents-batch+json"}, 202),
    ],
)
async def test_token_and_media_type(machine: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    answer = await machine.post("/v1/signalen", content=b"{}", headers=headers)
    assert answer.status_code == status
    if status != 202:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["watTeDoen"]


async def test_more_than_a_mebibyte_is_refused_also_when_it_is_not_announced(
    site: Site, machine: httpx.AsyncClient
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    announced = await machine.post("/v1/signalen", content=b"x" * (1024 * 1024 + 1), headers=JSON)
    streamed = await machine.post("/v1/signalen", content=chunks(), headers=JSON)
    fits = await machine.post("/v1/signalen", content=b"x" * (1024 * 1024), headers=JSON)

    assert [answer.status_code for answer in (announced, streamed, fits)] == [413, 413, 202]
    assert streamed.json()["type"] == "urn:driehoek:probleem:te-groot"
    assert len(site.world.bodies) == 1


async def test_a_source_that_runs_wild_is_slowed_down() -> None:
    site = Site(quota=Quota(per_second=1, burst=1))
    async with await site.machine() as machine:
        await machine.post("/v1/signalen", content=b"{}", headers=JSON)
        answer = await machine.post("/v1/signalen", content=b"{}", headers=JSON)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")


async def test_a_full_spool_and_both_away_say_when_to_come_back(site: Site, machine: httpx.AsyncClient) -> None:
    site.world.kafka_away, site.world.spool_full = True, True
    full = await machine.post("/v1/signalen", content=b"{}", headers=JSON)
    site.world.database_away = True
    away = await machine.post("/v1/signalen", content=b"{}", headers=JSON)

    assert (full.status_code, away.status_code) == (429, 503)
    assert full.headers["retry-after"]
    assert away.headers["retry-after"]


async def test_the_schema_of_our_own_format_is_for_everybody(site: Site) -> None:
    async with site.client() as nobody:
        answer = await nobody.get("/v1/schemas/signaal.json")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "titel" in answer.json()["properties"]
