"""Incidents, tasks and the logbook for people's sessions: the same use cases and the same policy as the pages."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.callers import IdempotencyKey, acting, actor_of
from api.headers import PREFIX
from api.models import (
    Gemeld,
    Incident,
    Incidenten,
    Logboek,
    Melding,
    Regel,
    Taak,
    TaakAntwoord,
    TaakBeantwoord,
    Taken,
)
from api.problems import described
from domain.commands import Report
from domain.parties import Actor
from domain.tasks import TaskState
from usecases import reading
from usecases.answer_task import answer_task
from usecases.context import Context
from usecases.report_incident import report

READ = described(401, 403, 404, 503)
READ_ONE = described(400, 401, 403, 404, 503)
Before = Annotated[int | None, Query(ge=1, lt=2**53, description="alleen regels voor deze versie")]
AtMost = Annotated[int, Query(ge=1, le=200, description="hoeveel regels hoogstens")]
ACT = described(400, 401, 403, 404, 409, 413, 503)


@dataclass(frozen=True, kw_only=True)
class People:
    """What the routes for people need. `origins`: the addresses of this site, empty = that of the request."""

    ctx: Context
    desk: reading.Desk
    origins: Collection[str] = ()


def create_router(people: People) -> APIRouter:
    """`/v1/incidenten` and `/v1/taken`."""
    router = APIRouter(prefix=PREFIX)

    def who_acts(request: Request) -> Actor:
        return acting(request, people.origins)

    reader = Annotated[Actor, Depends(actor_of)]
    actor = Annotated[Actor, Depends(who_acts)]

    @router.get("/incidenten", responses=READ, tags=["incidenten"])
    async def incidents(by: reader) -> Incidenten:
        """Incidenten die u mag zien, ergste eerst."""
        listed = await reading.incidents(people.desk, by)
        return Incidenten(incidenten=tuple(Incident.of(each) for each in listed))

    @router.post("/incidenten", status_code=201, responses=ACT, tags=["incidenten"])
    async def report_one(by: actor, asked: Melding, key: IdempotencyKey, response: Response) -> Gemeld:
        """Een incident melden: het opent, of sluit aan bij een open incident."""
        done = await report(people.ctx, by, _report(people, by, asked), asked.hoort_bij, key=key)
        response.headers["Location"] = f"{PREFIX}/incidenten/{done.incident_id}"
        return Gemeld.of(done)

    @router.get("/incidenten/{incident_id}", responses=READ_ONE, tags=["incidenten"])
    async def incident(by: reader, incident_id: UUID) -> Incident:
        """Eén incident."""
        return Incident.of((await reading.incident(people.desk, by, incident_id)).listed)

    @router.get("/incidenten/{incident_id}/logboek", responses=READ_ONE, tags=["logboek"])
    async def logbook(by: reader, incident_id: UUID, voor: Before = None, aantal: AtMost = 100) -> Logboek:
        """Wat er gebeurde, nieuwste eerst, met de teksten die u mag lezen."""
        _, lines = await reading.logbook(people.desk, by, incident_id, before=voor, limit=aantal)
        return Logboek(incident=incident_id, regels=tuple(Regel.of(line) for line in lines))

    _offer_tasks(router, people, actor)
    return router


def _offer_tasks(router: APIRouter, people: People, actor: Any) -> None:
    """What lies with one's function, and the answer to it."""
    reader = Annotated[Actor, Depends(actor_of)]

    @router.get("/taken", responses=READ, tags=["taken"])
    async def tasks(by: reader) -> Taken:
        """Taken die bij uw functie liggen, open taken eerst."""
        found = await reading.my_tasks(people.desk, by)
        return Taken(taken=tuple(Taak.of(task, by.language) for task in found))

    @router.post("/taken/{taak:path}/antwoord", responses=ACT, tags=["taken"])
    async def answer(by: actor, taak: str, asked: TaakAntwoord, key: IdempotencyKey) -> TaakBeantwoord:
        """Een taak zien, afronden, overslaan of weigeren."""
        state, reason, out_args = TaskState(asked.toestand), asked.reden, asked.uitkomsten
        done = await answer_task(people.ctx, by, taak, state, reason=reason, out_args=out_args, key=key)
        return TaakBeantwoord.of(done)


def _report(people: People, by: Actor, asked: Melding) -> Report:
    now = people.ctx.clock.now()
    return Report(
        at=now,
        happened_at=asked.ontdekt_op,
        report_id=people.ctx.ids.new(),
        municipality=by.organisation.rpartition(":")[2],
        description=asked.beschrijving,
        services=asked.diensten,
        discovered_at=asked.ontdekt_op or now,
        intent_suspected=asked.opzet,
        personal_data=asked.persoonsgegevens,
        others_hit=asked.anderen_geraakt,
        supplier=asked.leverancier,
        effects=asked.gevolgen,
        severity=asked.ernst,
        contact=asked.bereikbaar,
    )
