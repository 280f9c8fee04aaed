"""`/incidenten/{id}`: the page of one incident, and the acts on it. Every act is a POST that ends in a 303."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.models import LogFilter
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import FieldError, Form, FormErrors
from dashboards.pages.incident_acts import ACTS, Typed
from dashboards.pages.route import page_router, status_of
from dashboards.words import LOG_KIND
from domain.errors import DriehoekError, NotFoundError


def create(desk: Desk) -> APIRouter:
    """The incident, its merge decision, its logbook."""
    router = page_router(desk)
    reads = desk.services.reads

    @router.get("/incidenten/{incident_id}")
    async def show(request: Request, incident_id: UUID) -> Response:
        return await _incident(desk, request, incident_id)

    @router.get("/incidenten/{incident_id}/samenvoegen/{other}")
    async def merge(request: Request, incident_id: UUID, other: UUID) -> Response:
        return await _merge(desk, request, incident_id, other)

    @router.get("/incidenten/{incident_id}/logboek")
    async def logbook(request: Request, incident_id: UUID) -> Response:
        return await _logbook(desk, request, incident_id)

    @router.post("/incidenten/{incident_id}/{act}")
    async def act(request: Request, incident_id: UUID, act: str) -> Response:
        signed, form = await desk.form(request)
        if act not in ACTS:
            raise NotFoundError
        prefix = form.one("vorm") or act
        typed = Typed(
            form=form,
            prefix=prefix,
            now=desk.services.clock.now(),
            new_id=desk.services.ids.new,
            say=lambda text: desk.say(request, text),
        )
        try:
            await desk.services.acts.act(signed, incident_id, ACTS[act](typed))
        except FormErrors as error:
            return await _again(desk, request, incident_id, act, form, errors=error.errors, status=400)
        except DriehoekError as error:
            errors = (FieldError(desk.say(request, error.message)),)
            return await _again(desk, request, incident_id, act, form, errors=errors, status=status_of(error))
        place = "/logboek" if act == "logboek" else ""
        return see_other(f"/incidenten/{incident_id}{place}?gedaan={act}")

    async def _again(desk: Desk, request: Request, incident_id: UUID, act: str, form: Form, **problem: Any) -> Response:
        """The page the form stood on, with what is wrong and what was typed."""
        kept = {"form": form.one("vorm") or act, "fields": form}
        if act == "logboek":
            return await _logbook(desk, request, incident_id, kept=kept, **problem)
        if act == "samenvoegen" and form.one("ander"):
            return await _merge(desk, request, incident_id, UUID(form.one("ander")), kept=kept, **problem)
        return await _incident(desk, request, incident_id, kept=kept, **problem)

    async def _logbook(desk: Desk, request: Request, incident_id: UUID, **problem: Any) -> Response:
        query = request.query_params
        before = query.get("voor", "")
        asked = LogFilter(
            kind=query.get("soort") if query.get("soort") in LOG_KIND else None,
            organisation=query.get("organisatie") or None,
            before=int(before) if before.isascii() and before.isdigit() else None,
        )
        page = await reads.logbook(desk.actor(request), incident_id, asked)
        errors, status = problem.pop("errors", ()), problem.pop("status", 200)
        values = {"page": page, "asked": asked, "correct": query.get("verbeter", ""), **problem}
        return desk.page(request, "logbook.html", values, errors=errors, status=status)

    return router


async def _incident(desk: Desk, request: Request, incident_id: UUID, **problem: Any) -> Response:
    details = await desk.services.reads.incident(desk.actor(request), incident_id)
    live = await desk.live(request, "incident", f"incident:{incident_id}")
    errors, status = problem.pop("errors", ()), problem.pop("status", 200)
    values = {"details": details, "live": live, "name": live.names.of, **problem}
    return desk.page(request, "incident.html", values, errors=errors, status=status)


async def _merge(desk: Desk, request: Request, incident_id: UUID, other: UUID, **problem: Any) -> Response:
    details = await desk.services.reads.incident(desk.actor(request), incident_id)
    candidates = [line for line in details.others if line.incident_id == other]
    if not candidates:
        raise NotFoundError
    errors, status = problem.pop("errors", ()), problem.pop("status", 200)
    values = {"details": details, "other": candidates[0], **problem}
    return desk.page(request, "merge.html", values, errors=errors, status=status)
