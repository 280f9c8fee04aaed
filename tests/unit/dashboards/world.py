"""The pages on the real use cases and in-memory ports: people sign in by a header, everything else is as it runs."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

import domain.reference
from adapters import packaged
from dashboards.app import create_router
from dashboards.assets.manifest import read_assets
from dashboards.hub import Hub
from dashboards.models import PartState, Phone, Site
from dashboards.render import Renderer
from dashboards.services import Services, Signed
from domain.accounts import Account, Holding, Session
from domain.events.core import Mode
from domain.incidents import Incident
from domain.parties import Actor, Function
from domain.picture import Card, Contribution
from domain.register import Register, parse_registers
from tests.builders import DINSDAG_0900, an_id
from tests.fake_access import FakeAccess
from tests.fake_readings import FakeReadings
from tests.fakes import FakeClock, FakeIds, FakeRegisters, FakeStore
from usecases.access.sign_in import Access, Present
from usecases.context import Context, Rules
from usecases.logbook import ChainCheck
from usecases.picture import cards_of, execution_contribution, incident_contribution
from usecases.reading import Desk
from usecases.receive import Post
from usecases.resend import Shelved
from wiring.services.accounts import AccountServices, SessionPresence
from wiring.services.acts import ActServices
from wiring.services.incidents import IncidentReads
from wiring.services.names import Naming
from wiring.services.reads import ReadServices
from wiring.services.rooms import Rooms

CSRF = "csrf-token-of-this-session"
ORGANISATIONS: Mapping[Function, str] = {
    Function.COORDINATOR: "vr:VR09",
    Function.POLITIE: "politie:RE03",
    Function.OFFICIER: "om:AR04",
}
EVERYBODY = (
    Function.CISO,
    Function.FG,
    Function.BURGEMEESTER,
    Function.GEMEENTESECRETARIS,
    Function.OOV,
    Function.COMMUNICATIE,
    Function.PROCESEIGENAAR,
    Function.BEHEERDER,
    Function.COORDINATOR,
    Function.POLITIE,
    Function.OFFICIER,
)


def rules() -> Rules:
    """The packaged configuration."""
    return Rules(
        regimes=packaged.regimes(),
        calendar=packaged.calendar(),
        reference=packaged.reference(),
        catalogue=packaged.catalogue(),
        proposals=packaged.proposal_rules(),
    )


def demo_registers() -> dict[str, Register]:
    """The registers of the demonstration."""
    folder = Path(domain.reference.__path__[0])
    return parse_registers((folder / "demo_register.yaml").read_text())


@cache
def renderer_of(site: Site) -> Renderer:
    """The templates, compiled once for all worlds of this kind."""
    return Renderer(read_assets(), site)


@dataclass
class FakeDrafts:
    """Unfinished reports in memory."""

    kept: dict[UUID, "KeptDraft"] = field(default_factory=dict)

    async def of(self, account_id: UUID) -> "KeptDraft | None":
        return self.kept.get(account_id)

    async def keep(self, account_id: UUID, fields: Mapping[str, Sequence[str]], at: datetime) -> None:
        self.kept[account_id] = KeptDraft(at, fields)

    async def forget(self, account_id: UUID) -> None:
        self.kept.pop(account_id, None)


@dataclass
class FakeChains:
    """Says what a test wants about every chain."""

    at: datetime
    good: bool = True

    async def check(self, _: Collection[str]) -> ChainCheck:
        return ChainCheck(at=self.at, good=self.good)


@dataclass(frozen=True)
class KeptDraft:
    """One draft."""

    at: datetime
    fields: Mapping[str, Sequence[str]]


@dataclass
class FakeShelves:
    """A quarantine in memory; it is its own transaction, and its own door."""

    shelved: dict[UUID, Shelved] = field(default_factory=dict)
    resent_at: dict[UUID, datetime] = field(default_factory=dict)
    offered: list[tuple[str, str, Post]] = field(default_factory=list)

    @asynccontextmanager
    async def begin_shelf(self) -> AsyncIterator["FakeShelves"]:
        yield self

    async def take(self, receipt_id: UUID, organisations: Collection[str]) -> Shelved | None:
        found = self.shelved.get(receipt_id)
        return found if found and found.organisation in organisations else None

    async def resent(self, receipt_id: UUID, at: datetime) -> None:
        self.resent_at[receipt_id] = at

    async def again(self, source_id: str, organisation: str, post: Post) -> UUID:
        self.offered.append((source_id, organisation, post))
        return an_id(1)


class PlainSecrets:
    """No real hashes: these tests sign in by a header."""

    def fingerprint(self, token: str) -> str:
        return f"hash of {token}"

    async def hash_password(self, password: str) -> str:
        return f"hash of {password}"


class Signing:
    """Instead of the cookie: `x-actor` names who asks, `x-half` is between two steps, `x-away`: nobody can tell."""

    def __init__(self, app: ASGIApp, world: "World") -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            who = headers.get("x-actor")
            present = self._world.present(Function(who), headers.get("x-language", "nl")) if who else None
            scope.setdefault("state", {}).update(
                actor=present.actor if present else None,
                present=present,
                session_token="t" if who or "x-half" in headers else None,
                away="x-away" in headers,
                cookie=Cookie(),
            )
        await self._app(scope, receive, send)


class Cookie:
    """How the session cookie is written."""

    def header(self, token: str, *, max_age: int) -> str:
        return f"driehoek={token}; Max-Age={max_age}"


@dataclass
class World:
    """Everything behind the pages."""

    mode: Mode = Mode.LIVE
    demo: bool = False
    clock: FakeClock = field(default_factory=lambda: FakeClock(DINSDAG_0900))
    store: FakeStore = field(default_factory=FakeStore)
    ids: FakeIds = field(default_factory=FakeIds)
    access: FakeAccess = field(default_factory=FakeAccess)
    drafts: FakeDrafts = field(default_factory=FakeDrafts)
    shelves: FakeShelves = field(default_factory=FakeShelves)
    registers: FakeRegisters = field(default_factory=lambda: FakeRegisters(demo_registers()))
    rules: Rules = field(default_factory=rules)

    def __post_init__(self) -> None:
        self.chains = FakeChains(self.clock.now())
        self.context = Context(
            store=cast("Any", self.store),
            registers=self.registers,
            clock=self.clock,
            ids=self.ids,
            rules=self.rules,
            mode=self.mode,
        )
        self.readings = FakeReadings(self.store)
        self.services = self._services()
        self.renderer = renderer_of(self.services.site)
        self.hub = Hub(self.services, self.renderer, process="p")

    def _services(self) -> Services:
        desk = Desk(readings=self.readings, rules=self.rules, clock=self.clock, mode=self.mode)
        naming = Naming(self.rules, self.registers)
        reads = ReadServices(
            rooms=Rooms(desk=desk, naming=naming, fresh=self.fresh),
            texts=IncidentReads(ctx=self.context, desk=desk, naming=naming, chains=self.chains),
            drafts=self.drafts,
            states=self.states,
        )
        acts = ActServices(
            ctx=self.context,
            registers=cast("Any", self.store),
            drafts=self.drafts,
            shelves=self.shelves,
            door=self.shelves,
        )
        access = Access(
            store=cast("Any", self.access),
            secrets=cast("Any", PlainSecrets()),
            clock=self.clock,
            ids=self.ids,
            second_factor=True,
        )
        return Services(
            site=self.site(),
            clock=self.clock,
            ids=self.ids,
            reads=reads,
            acts=acts,
            accounts=AccountServices(access),
            presence=SessionPresence(access),
        )

    def site(self) -> Site:
        """What this instance is."""
        phone = Phone(label="IBD-helpdesk", number="070 204 55 11")
        accounts = (("ciso", "een zin die ik onthoud", "Sam, ciso"),) if self.demo else ()
        return Site(mode=self.mode, demo=self.demo, help_phone=phone, phones=(phone,), demo_accounts=accounts)

    async def states(self) -> Sequence[PartState]:
        """Kafka is away, the rest works."""
        return (
            PartState(name="database", works=True, needed=True),
            PartState(name="kafka", works=False, needed=False, detail="geen broker"),
        )

    async def fresh(self, card_ids: Collection[str]) -> Sequence[Card]:
        """The cards of the committed rows."""
        return [self.card(card_id) for card_id in card_ids]

    def card(self, card_id: str) -> Card:
        """One card, folded from all committed rows."""
        found: dict[str, Contribution] = {}
        rows = self.store.rows
        for incident in rows.incidents.values():
            if card_id not in cards_of(incident.incident_id, incident.municipality, self.rules):
                continue
            duties = rows.duties.get(incident.incident_id, ())
            found[incident.stream_id] = incident_contribution(incident, duties, self.rules)
            for execution, _ in rows.executions.values():
                if execution.incident_id == incident.incident_id:
                    found[execution.stream_id] = execution_contribution(execution)
        number = sum(len(stream) for stream in rows.log.values())
        return Card(card_id=card_id, epoch=1, number=number, contributions=found)

    def actor(self, function: Function = Function.CISO, language: str = "nl") -> Actor:
        """Somebody of Utrecht, or of its police, prosecution or safety region."""
        organisation = ORGANISATIONS.get(function, "gemeente:GM0344")
        return Actor(
            account_id=an_id(900 + list(Function).index(function)),
            name="Sam de Vries",
            function=function,
            organisation=organisation,
            organisation_name=self.rules.reference.name_of(organisation),
            language=language,
            session_id=an_id(800 + list(Function).index(function)),
        )

    def present(self, function: Function, language: str = "nl") -> Present:
        """The same person, signed in."""
        actor = self.actor(function, language)
        account = Account(
            account_id=actor.account_id,
            login=f"login-{function.value}",
            name=actor.name,
            home_organisation=actor.organisation,
        )
        session = Session(
            session_id=actor.session_id or an_id(1),
            account_id=actor.account_id,
            organisation=actor.organisation,
            function=function,
            complete=True,
            language=language,
            csrf=CSRF,
            created_at=self.clock.now(),
            expires_at=self.clock.now() + timedelta(hours=12),
        )
        holding = Holding(
            organisation=actor.organisation,
            organisation_name=actor.organisation_name,
            function=function,
            since=self.clock.now() - timedelta(days=1),
        )
        return Present(actor=actor, account=account, session=session, holdings=(holding,))

    def signed(self, function: Function = Function.CISO, key: str = "") -> Signed:
        """Who acts, with a key that nobody used."""
        return Signed(actor=self.actor(function), key=key or str(self.ids.new()))

    @property
    def incident(self) -> Incident:
        """The only incident, or the first."""
        return next(iter(self.store.rows.incidents.values()))

    def app(self) -> FastAPI:
        """The pages as an application."""
        app = FastAPI(redirect_slashes=False)
        app.include_router(create_router(self.services, renderer=self.renderer, hub=self.hub))
        app.add_middleware(cast("Any", Signing), world=self)
        return app

    def client(self, function: Function | None = Function.CISO, language: str = "nl") -> httpx.AsyncClient:
        """A browser in which somebody is signed in."""
        headers = {"x-actor": function.value, "x-language": language} if function else {}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app()),
            base_url="http://driehoek.test",
            headers=headers,
        )
