"""`/incidenten/{id}`: the page of one incident, and the acts on it. Every act is a POST that ends in a 303."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.models import LogFilter
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import NO_PROBLEM, FormErrors, Problem, as_uuid
from dashboards.pages.incident_acts import ACTS, Typed
from dashboards.pages.route import page_router
from dashboards.views.log_words import EVERYTHING, show_entry
from dashboards.words import LOG_KIND
from domain.errors import DriehoekError, NotFoundError


@dataclass(frozen=True)
class IncidentPages:
    """The incident, its merge decision, its logbook."""

    desk: Desk

    async def show(self, request: Request, incident_id: UUID) -> Response:
        return await self._incident(request, incident_id)

    async def merge(self, request: Request, incident_id: UUID, other: UUID) -> Response:
        return await self._merge(request, incident_id, other)

    async def logbook(self, request: Request, incident_id: UUID) -> Response:
        return await self._logbook(request, incident_id)

    async def back(self, incident_id: UUID, act: str) -> Response:
        """Whoever opens the address of a form goes to the page it stands on."""
        if act not in ACTS:
            raise NotFoundError
        return see_other(f"/incidenten/{incident_id}")

    async def act(self, request: Request, incident_id: UUID, act: str) -> Response:
        signed, form = await self.desk.form(request)
        if act not in ACTS:
            raise NotFoundError
        prefix = form.one("vorm") or act
        typed = Typed(
            form=form,
            prefix=prefix,
            now=self.desk.services.clock.now(),
            new_id=self.desk.services.ids.new,
            say=lambda text: self.desk.say(request, text),
        )
        try:
            await self.desk.services.acts.act(signed, incident_id, ACTS[act](typed))
        except (FormErrors, DriehoekError) as error:
            problem = self.desk.problem(request, error, form, prefix)
            return await self._again(request, incident_id, act, problem)
        place = "/logboek" if act == "logboek" else ""
        return see_other(f"/incidenten/{incident_id}{place}?gedaan={act}")

    async def _again(self, request: Request, incident_id: UUID, act: str, problem: Problem) -> Response:
        """The page the form stood on."""
        other = as_uuid(problem.form.one("ander"))
        if act == "logboek":
            return await self._logbook(request, incident_id, problem)
        if act == "samenvoegen" and other:
            return await self._merge(request, incident_id, other, problem)
        return await self._incident(request, incident_id, problem)

    async def _incident(self, request: Request, incident_id: UUID, problem: Problem = NO_PROBLEM) -> Response:
        details = await self.desk.services.reads.incident(self.desk.actor(request), incident_id)
        live = await self.desk.live(request, "incident", f"incident:{incident_id}")
        values = {"details": details, "live": live, "name": live.names.of, "signed": live.names.signed}
        return self.desk.page(request, "incident.html", values, problem=problem)

    async def _merge(self, request: Request, incident_id: UUID, other: UUID, problem: Problem = NO_PROBLEM) -> Response:
        details = await self.desk.services.reads.incident(self.desk.actor(request), incident_id)
        candidates = [line for line in details.others if line.incident_id == other]
        if not candidates:
            raise NotFoundError
        values = {"details": details, "other": candidates[0]}
        return self.desk.page(request, "merge.html", values, problem=problem)

    async def _logbook(self, request: Request, incident_id: UUID, problem: Problem = NO_PROBLEM) -> Response:
        query = request.query_params
        before = query.get("voor", "")
        asked = LogFilter(
            kind=query.get("soort") if query.get("soort") in {*LOG_KIND, EVERYTHING} else None,
            organisation=query.get("organisatie") or None,
            before=int(before) if before.isascii() and before.isdigit() else None,
        )
        page = await self.desk.services.reads.logbook(self.desk.actor(request), incident_id, asked)
        names = self.desk.names(request, page.names)
        correct = query.get("verbeter", "") or problem.kept("logboek", "verbetert")
        values = {
            "page": page,
            "entries": [show_entry(entry, names) for entry in page.entries],
            "asked": asked,
            "correct": correct,
        }
        return self.desk.page(request, "logbook.html", values, problem=problem)


def create(desk: Desk) -> APIRouter:
    """Their addresses."""
    pages = IncidentPages(desk)
    return page_router(
        desk,
        ("GET", "/incidenten/{incident_id}", pages.show),
        ("GET", "/incidenten/{incident_id}/samenvoegen/{other}", pages.merge),
        ("GET", "/incidenten/{incident_id}/logboek", pages.logbook),
        ("GET", "/incidenten/{incident_id}/{act}", pages.back),
        ("POST", "/incidenten/{incident_id}/{act}", pages.act),
    )
