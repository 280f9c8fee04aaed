"""The product as a target: fifty municipalities, each with a source that posts and a CISO who looks at the list."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from api.identity import CookieRules
from dashboards.live.frames import PROTOCOL
from domain.accounts import SESSION_LIFETIME, Account, Holding, Session
from domain.parties import Function
from usecases.access.sign_in import Access
from usecases.access.sources import add_local_source
from wiring.bench.load import Screen, Target
from wiring.parts import Parts, access_of, parts
from wiring.settings import Settings

PLACES = 50
"""At 50 signals a second each list changes once a second, so that the pace of a room hides nothing."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One municipality: the token of its source and the cookie of its CISO."""

    code: str
    source_token: str
    session_token: str


@asynccontextmanager
async def product(settings: Settings, body: bytes) -> AsyncIterator[Target]:
    """The running product as a target."""
    url = str(settings.public_url)
    async with parts(settings, process="bench") as made:
        places = await _places(made)
    cookie = CookieRules.of(mode=settings.mode.value, secure=False).name
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:

        async def send(place: int, mark: str) -> None:
            headers = {
                "Authorization": f"Bearer {places[place % PLACES].source_token}",
                "Content-Type": "application/json",
            }
            answer = await client.post("/v1/signalen", content=body.replace(b"MERK", mark.encode()), headers=headers)
            answer.raise_for_status()

        yield Target(screens=[_screen(url, cookie, place, settings.mode.value) for place in places], send=send)


def _screen(url: str, cookie: str, place: Place, mode: str) -> Screen:
    hello = {"t": "hello", "room": f"incidenten@gemeente:{place.code}", "mode": mode, "epoch": None, "seq": 0}
    return Screen(
        url=f"{url.replace('http', 'ws', 1)}/live",
        headers={"Cookie": f"{cookie}={place.session_token}", "Origin": url},
        protocol=PROTOCOL,
        hello=json.dumps(hello),
    )


async def _places(made: Parts) -> list[Place]:
    access = access_of(made)
    codes = sorted(made.context.rules.reference.municipalities)[:PLACES]
    return [await _place(made, access, code) for code in codes]


async def _place(made: Parts, access: Access, code: str) -> Place:
    """Rows are written directly: fifty sign-ins by password would take longer than the measurement."""
    organisation, now, token = f"gemeente:{code}", made.clock.now(), access.secrets.new_token()
    _, source_token = await add_local_source(access, organisation, "meting")
    account = Account(
        account_id=made.ids.new(), login=f"meting-{code}-{token[:8]}", name="Meting", home_organisation=organisation
    )
    holding = Holding(organisation=organisation, organisation_name=code, function=Function.CISO, since=now)
    session = Session(
        session_id=made.ids.new(),
        account_id=account.account_id,
        organisation=organisation,
        function=Function.CISO,
        complete=True,
        language="nl",
        csrf=access.secrets.new_token(),
        created_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    async with made.store.begin_access() as tx:
        await tx.put_account(account)
        await tx.put_holding(account.account_id, holding)
        await tx.put_session(session, access.secrets.fingerprint(token))
    return Place(code=code, source_token=source_token, session_token=token)
