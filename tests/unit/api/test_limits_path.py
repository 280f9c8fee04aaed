"""An address with a NUL is unknown, whoever asks: the database is never asked about it."""

import httpx
from fastapi import FastAPI

from api.limits import BodyLimitMiddleware


async def test_an_address_with_a_nul_is_unknown() -> None:
    app = FastAPI()

    @app.get("/taken/{key}")
    async def task(key: str) -> str:
        return key

    transport = httpx.ASGITransport(app=BodyLimitMiddleware(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://driehoek.test") as client:
        answer = await client.get("/taken/%00")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await client.get("/taken/1")).json() == "1"
