"""People over the API: the same use cases as the pages, a session, an Origin, and a key per act."""

from typing import Any
from uuid import uuid4

import pytest

from tests.unit.api.site import HERE, Site

REPORT: dict[str, Any] = {"beschrijving": "Inloggen burgerzaken werkt niet", "diensten": ["burgerzaken"]}
KEY = {"Idempotency-Key": "kenmerk-0001"}


@pytest.fixture
def site() -> Site:
    return Site()


async def test_a_report_opens_an_incident_once_per_key(site: Site) -> None:
    async with site.client(session="sessie-ciso") as ciso:
        first = await ciso.post("/v1/incidenten", json=REPORT, headers={**HERE, **KEY})
        again = await ciso.post("/v1/incidenten", json=REPORT, headers={**HERE, **KEY})
        listed = (await ciso.get("/v1/incidenten")).json()["incidenten"]
        one = await ciso.get(first.headers["location"])
        log = await ciso.get(f"{first.headers['location']}/logboek", params={"aantal": 5})

    assert (first.status_code, again.json()) == (201, first.json())
    assert [each["nummer"] for each in listed] == [first.json()["nummer"]]
    assert one.json()["diensten"] == ["burgerzaken"]
    assert any("Inloggen" in text for line in log.json()["regels"] for text in line["teksten"].values())


async def test_an_act_needs_a_session_an_origin_and_a_key(site: Site) -> None:
    async with site.client() as nobody:
        assert (await nobody.get("/v1/incidenten")).status_code == 401
        assert (await nobody.post("/v1/incidenten", json=REPORT, headers={**HERE, **KEY})).status_code == 401
    async with site.client(session="sessie-ciso") as ciso:
        assert (await ciso.post("/v1/incidenten", json=REPORT, headers=KEY)).status_code == 403
        foreign = {"Origin": "https://elders.example", **KEY}
        assert (await ciso.post("/v1/incidenten", json=REPORT, headers=foreign)).status_code == 403
        keyless = await ciso.post("/v1/incidenten", json=REPORT, headers=HERE)
        assert (keyless.status_code, keyless.json()["velden"][0]["veld"]) == (400, "header.Idempotency-Key")
    assert not site.store.rows.incidents


async def test_with_the_sessions_out_of_reach_nobody_is_called_signed_out(site: Site) -> None:
    site.away = True
    async with site.client(session="sessie-ciso") as ciso:
        assert (await ciso.get("/v1/taken")).status_code == 503


async def test_tasks_are_listed_and_an_unknown_one_is_not_found(site: Site) -> None:
    async with site.client(session="sessie-ciso") as ciso:
        assert (await ciso.get("/v1/taken")).json() == {"taken": []}
        for task in (f"{uuid4()}/stap/1", "x", "%00", "a/b%2Fc"):
            answer = await ciso.post(f"/v1/taken/{task}/antwoord", json={"toestand": "klaar"}, headers={**HERE, **KEY})
            assert answer.status_code == 404, task


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"beschrijving": 1}',
        b'{"beschrijving": ""}',
        b'{"beschrijving": "a\\u0000b"}',
        b'{"beschrijving": "\\ud800"}',
        b'{"beschrijving": "x", "\\ud800": 1}',
        b'{"beschrijving": "x", "onbekend": 1}',
        b'{"beschrijving": "x", "ontdektOp": "0001-01-01T00:00:00+14:00"}',
        b'{"beschrijving": "x", "ontdektOp": "2026-11-24T09:00:00"}',
        b'{"beschrijving": "x", "ontdektOp": 1e400}',
        b'{"beschrijving": "x", "ernst": "heel erg"}',
        b'{"beschrijving": "x", "diensten": {"a": 1}}',
        b'{"beschrijving": "x", "hoortBij": "geen-uuid"}',
        b'{"beschrijving": "' + b"x" * 4001 + b'"}',
        b'{"a":' * 30_000,
        b"[" * 200_000,
        b'{"beschrijving": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_a_caller_sends_wrong_is_400_and_says_where(site: Site, body: bytes) -> None:
    async with site.client(session="sessie-ciso") as ciso:
        headers = {**HERE, **KEY, "Content-Type": "application/json"}
        answer = await ciso.post("/v1/incidenten", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "watTeDoen"} <= answer.json().keys()
    assert not site.store.rows.incidents


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/bestaat-niet", 404),
        ("GET", "/v1/incidenten/", 404),
        ("GET", f"/v1/incidenten/{uuid4()}", 404),
        ("GET", "/v1/incidenten/geen-uuid", 400),
        ("GET", "/v1/incidenten/%00", 400),
        ("GET", "/v1/incidenten/%ff%fe", 400),
        ("GET", f"/v1/incidenten/{uuid4()}/logboek?aantal=1000000", 400),
        ("GET", f"/v1/incidenten/{uuid4()}/logboek?voor=99999999999999999999", 400),
        ("DELETE", "/v1/incidenten", 405),
        ("GET", "/v1/" + "x" * 5000, 404),
    ],
)
async def test_addresses_and_methods(site: Site, method: str, path: str, status: int) -> None:
    async with site.client(session="sessie-ciso") as ciso:
        answer = await ciso.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"] == "1.0.0"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_last_resort_tells_nothing_of_the_inside(site: Site) -> None:
    async with site.client() as nobody:
        answer = await nobody.get("/stuk")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "nergens" not in answer.text


async def test_health_says_whether_people_can_work(site: Site) -> None:
    async with site.client() as probe:
        assert (await probe.get("/health/ready")).status_code == 200
        assert "driehoek_receipts_received 3.0" in (await probe.get("/metrics")).text
        site.ready = False
        assert (await probe.get("/health")).status_code == 503
        assert (await probe.get("/health/live")).status_code == 200
