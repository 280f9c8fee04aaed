"""Machines and people without a browser: they post, and post again until they are answered."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import httpx

from tests.acceptance.instance import Running
from usecases.access.sources import add_local_source
from wiring.demo import PASSWORD
from wiring.parts import access_of, parts

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.2
ANSWER_SECONDS = 10.0
AGAIN = (429, 500, 502, 503)
HIDDEN = re.compile(r'name="(csrf|sleutel)" value="([^"]*)"')


async def source_token(running: Running, organisation: str = "gemeente:GM0344") -> str:
    """A new source of this organisation, made on the machine itself."""
    async with parts(running.settings, process="test") as made:
        _, token = await add_local_source(access_of(made), organisation, "test")
    return token


async def _until_answered(client: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:
    """Ask again while nobody answers or a part is away; what was refused for another reason comes back at once."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = await client.request(method, path, **more)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code not in AGAIN:
            return answer
        assert time.monotonic() < deadline, f"{method} {path}: {answer.text if answer else 'no answer'}"
        await asyncio.sleep(PAUSE_SECONDS)


@dataclass
class Machine:
    """A monitoring system with a token. Its client is a lean one: the load must not cost more than the work."""

    client: aiohttp.ClientSession
    receipts: dict[str, str] = field(default_factory=dict)
    """Receipt per signal id, of the answer that came through."""

    async def post(self, signal: Mapping[str, Any]) -> None:
        """Offer one signal of our own form until it is answered with 202."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        body = json.dumps(signal).encode()
        while (told := await self._offer(body)) is None:
            assert time.monotonic() < deadline, f"no answer for {signal['id']}"
            await asyncio.sleep(PAUSE_SECONDS)
        self.receipts[str(signal["id"])] = told

    async def _offer(self, body: bytes) -> str | None:
        """The receipt; None when nobody answers or a part is away."""
        try:
            async with self.client.post("/v1/signalen", data=body) as answer:
                if answer.status in AGAIN:
                    return None
                assert answer.status == 202, await answer.text()
                return str((await answer.json())["ontvangstbewijs"])
        except (aiohttp.ClientError, TimeoutError):
            return None


@asynccontextmanager
async def machine(running: Running, organisation: str = "gemeente:GM0344") -> AsyncIterator[Machine]:
    """A machine that may post for this organisation."""
    headers = {
        "Authorization": f"Bearer {await source_token(running, organisation)}",
        "Content-Type": "application/json",
    }
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(running.url, headers=headers, timeout=timeout) as client:
        yield Machine(client=client)


@dataclass
class Colleague:
    """A person who works over HTTP, signed in with a demonstration account."""

    client: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        """Read, and wait while a part is away."""
        answer = await _until_answered(self.client, "GET", path)
        answer.raise_for_status()
        return answer

    async def report(self, text: str, service: str) -> str:
        """Report an incident, once, whatever happens in between; gives its id."""
        body = {"beschrijving": text, "diensten": [service], "ernst": "verstoord"}
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await _until_answered(self.client, "POST", "/v1/incidenten", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def send(self, page: str, action: str, fields: Mapping[str, str]) -> None:
        """Fill in a form of a page and send it until it is answered."""
        hidden = dict(HIDDEN.findall((await self.get(page)).text))
        answer = await _until_answered(self.client, "POST", action, data={**hidden, **fields})
        assert answer.status_code == 303, answer.text[:2000]


@asynccontextmanager
async def colleague(running: Running, login: str) -> AsyncIterator[Colleague]:
    """Somebody who is signed in."""
    headers = {"Origin": running.url}
    async with httpx.AsyncClient(base_url=running.url, timeout=10, headers=headers) as client:
        form = {"naam": login, "wachtwoord": PASSWORD}
        answer = await _until_answered(client, "POST", "/inloggen", data=form)
        assert answer.status_code == 303, answer.text[:500]
        yield Colleague(client=client)
