"""`/melden`: seven questions on one page, in sixty seconds. A command: the answer has a number and the first limits."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboards import moments, words
from dashboards.models import RegisterPage
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import FieldError, Form, FormErrors
from dashboards.pages.route import page_router, status_of
from dashboards.words import N_
from domain.commands import Report, YesNo
from domain.errors import DriehoekError
from domain.parties import Actor
from domain.severity import Severity

WITHIN_HOUR = timedelta(hours=1)
LONGEST_DESCRIPTION = 4000
UNKNOWN = "onbekend"
ANSWERS: dict[str, YesNo] = {"ja": "ja", "nee": "nee", UNKNOWN: "onbekend"}
EFFECTS = ("112", "water", "verkeer", "zorg", "openbare-orde", "nee", UNKNOWN)


def create(desk: Desk) -> APIRouter:
    """The form, its draft, the check for a likely open incident, and the confirmation."""
    router = page_router(desk)
    reads, acts = desk.services.reads, desk.services.acts

    @router.get("/melden")
    async def ask(request: Request) -> Response:
        actor = desk.actor(request)
        draft = await reads.draft(actor)
        typed = Form(draft.fields if draft else {}, "")
        return await _page(desk, request, typed, draft_at=draft.at if draft else None)

    @router.post("/melden")
    async def report(request: Request) -> Response:
        signed, form = await desk.form(request)
        try:
            asked = read_report(desk, request, form, signed.actor)
            joins = form.one("hoort-bij")
            if not joins:
                likely = await reads.likely(signed.actor, asked.services, asked.supplier)
                if likely:
                    return await _page(desk, request, form, likely=likely)
            incident = await acts.report(signed, asked, _uuid(joins))
        except FormErrors as error:
            return await _page(desk, request, form, status=400, errors=error.errors)
        except DriehoekError as error:
            errors = (FieldError(desk.say(request, error.message)),)
            return await _page(desk, request, form, status=status_of(error), errors=errors)
        return see_other(f"/incidenten/{incident}/gemeld")

    @router.post("/melden/concept")
    async def draft(request: Request) -> Response:
        signed, form = await desk.form(request)
        at = await acts.save_draft(signed.actor, form.fields)
        shown = moments.local(at).strftime("%H:%M:%S")
        return JSONResponse({"at": shown}, headers={"Cache-Control": "no-store"})

    @router.get("/incidenten/{incident_id}/gemeld")
    async def confirmation(request: Request, incident_id: UUID) -> Response:
        receipt = await reads.receipt(desk.actor(request), incident_id)
        return desk.page(request, "reported.html", {"receipt": receipt})

    return router


async def _page(desk: Desk, request: Request, typed: Form, *, status: int = 200, **values: Any) -> Response:
    actor = desk.actor(request)
    register: RegisterPage = await desk.services.reads.register(actor)
    errors = values.pop("errors", ())
    shown = {"typed": typed, "register": register, "effects": EFFECTS, "likely": (), "draft_at": None, **values}
    shown["proposal"] = propose(typed)
    shown["latest"] = desk.services.clock.now()
    return desk.page(request, "report.html", shown, status=status, errors=errors)


def read_report(desk: Desk, request: Request, form: Form, actor: Actor) -> Report:
    """The command of this form. Raises FormErrors with every field that is wrong, not only the first."""
    now = desk.services.clock.now()
    errors = []
    description = form.one("wat")
    if not description:
        errors.append(FieldError(desk.say(request, N_("Schrijf kort wat er aan de hand is.")), "wat"))
    elif len(description) > LONGEST_DESCRIPTION:
        errors.append(FieldError(desk.say(request, N_("Maak de beschrijving korter dan 4000 tekens.")), "wat"))
    discovered = discovered_at(form, now)
    if discovered is None:
        errors.append(FieldError(desk.say(request, N_("Vul in wanneer u dit ontdekte: een moment tot nu.")), "eerder"))
    if errors:
        raise FormErrors(*errors)
    return Report(
        at=now,
        report_id=desk.services.ids.new(),
        municipality=actor.organisation.rpartition(":")[2],
        description=description,
        services=tuple(code for code in form.many("dienst") if code != UNKNOWN),
        discovered_at=discovered or now,
        happened_at=discovered if discovered != now else None,
        intent_suspected=ANSWERS.get(form.one("opzet"), "onbekend"),
        personal_data=ANSWERS.get(form.one("gegevens"), "onbekend"),
        others_hit=ANSWERS.get(form.one("anderen"), "onbekend"),
        supplier=form.one("leverancier") or None,
        effects=tuple(
            effect for effect in form.many("gevolg") if effect in words.EFFECT and effect not in ("nee", UNKNOWN)
        ),
        severity=_severity(form),
        contact=form.one("bereikbaar") or None,
    )


def discovered_at(form: Form, now: datetime) -> datetime | None:
    """When it was discovered: now, within the last hour (the start of it), or an earlier moment; None when wrong."""
    match form.one("wanneer"):
        case "eerder":
            moment = moments.from_form(form.one("eerder"))
            return moment if moment is not None and moment <= now else None
        case "uur":
            return now - WITHIN_HOUR
        case _:
            return now


def propose(form: Form) -> Severity:
    """The severity that the answers point to; the person confirms or changes it."""
    effects = set(form.many("gevolg")) - {"nee", UNKNOWN}
    if "112" in effects or len(effects) > 1:
        return Severity.ERNSTIG
    if effects or form.many("dienst") or "ja" in (form.one("gegevens"), form.one("opzet"), form.one("anderen")):
        return Severity.VERSTOORD
    return Severity.WAAKZAAM


def _severity(form: Form) -> Severity:
    chosen = form.one("ernst")
    return Severity(chosen) if chosen in set(Severity) else propose(form)


def _uuid(text: str) -> UUID | None:
    """The chosen incident; None for `nieuw`. Raises nothing: what is no id opens a new one, with a merge proposal."""
    try:
        return UUID(text)
    except ValueError:
        return None
