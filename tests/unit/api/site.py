"""The whole application over ports in memory, with one person and one machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import APIRouter

from adapters.secrecy import LibrarySecrets
from api.app import Web, create_app
from api.health import Watch
from api.identity import CookieRules
from api.incidents import People
from api.signals import DoorDesk
from domain.errors import AwayError
from domain.parties import Actor, Function
from tests.builders import DINSDAG_0900, an_actor
from tests.fake_access import FakeAccess
from tests.fake_readings import FakeReadings
from tests.fakes import FakeClock, FakeIds, FakeRegisters, FakeStore
from tests.unit.usecases.test_receive import World
from usecases.access.sign_in import Access, Present, SignedOutError
from usecases.access.sources import add_local_source
from usecases.context import Context
from usecases.door_numbers import DoorNumbers
from usecases.known_sources import KnownSources
from usecases.quota import Quota
from usecases.reading import Desk
from usecases.receipt_status import ReceiptStatus
from usecases.receive import Door, DoorParts
from wiring.parts import rules

ORIGIN = "http://driehoek.test"
HERE = {"Origin": ORIGIN}


@dataclass
class Receipts:
    """Outcomes by receipt and organisation."""

    rows: dict[tuple[UUID, str], ReceiptStatus] = field(default_factory=dict)

    async def status(self, receipt_id: UUID, organisation: str) -> ReceiptStatus | None:
        return self.rows.get((receipt_id, organisation))


@dataclass
class Here:
    """Who is signed in, as the session row says."""

    actor: Actor


class Site:
    """An application and what stands behind it."""

    def __init__(self, *, quota: Quota | None = None) -> None:
        self.world = World()
        self.receipts = Receipts()
        self.store = FakeStore()
        self.clock = FakeClock(DINSDAG_0900)
        self.ids = FakeIds()
        self.access = Access(
            store=cast(Any, FakeAccess()), secrets=LibrarySecrets(), clock=self.clock, ids=self.ids, second_factor=True
        )
        self.people: dict[str, Actor] = {"sessie-ciso": an_actor(), "sessie-fg": an_actor(Function.FG, number=901)}
        self.away = False
        self.ready = True
        self.app = create_app(self._web(quota or Quota()))

    def client(self, token: str | None = None, *, session: str | None = None) -> httpx.AsyncClient:
        """A caller: a machine with a token, a person with a session, or nobody."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if session:
            headers["Cookie"] = f"driehoek-live={session}"
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def machine(self, organisation: str = "gemeente:GM0344") -> httpx.AsyncClient:
        """A machine with a token of this organisation."""
        _, token = await add_local_source(self.access, organisation, "monitoring")
        return self.client(token)

    async def _who(self, token: str) -> Present:
        if self.away:
            raise AwayError
        if token not in self.people:
            raise SignedOutError
        return cast(Present, Here(self.people[token]))

    async def _ready(self) -> bool:
        return self.ready

    async def _figures(self) -> Mapping[str, float]:
        return {"receipts_received": 3.0}

    def _web(self, quota: Quota) -> Web:
        parts = DoorParts(queue=self.world, spool=self.world, bodies=self.world, clock=self.clock, ids=self.ids)
        known = rules()
        pages = APIRouter(include_in_schema=False)

        @pages.get("/stuk")
        async def broken() -> None:
            raise RuntimeError("dit staat nergens in het antwoord")

        return Web(
            door=DoorDesk(
                door=Door(parts, DoorNumbers(UUID(int=7), self.world)),
                sources=KnownSources(self.access),
                quota=quota,
                receipts=self.receipts,
                clock=self.clock,
            ),
            people=People(
                ctx=Context(store=self.store, registers=FakeRegisters(), clock=self.clock, ids=self.ids, rules=known),
                desk=Desk(readings=FakeReadings(self.store), rules=known, clock=self.clock),
                origins=(ORIGIN,),
            ),
            watch=Watch(needed={"database": self._ready}, wished={"kafka": self._ready}, figures=self._figures),
            who=self._who,
            cookie=CookieRules.of(mode="live", secure=False),
            pages=pages,
        )
