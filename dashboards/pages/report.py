"""`/melden`: seven questions on one page, in sixty seconds. A command: the answer has a number and the first limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboards import moments
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import NO_PROBLEM, FieldError, Form, FormErrors, Problem, as_uuid
from dashboards.pages.route import page_router
from dashboards.words import N_, SEVERITY
from domain.commands import Report, YesNo
from domain.errors import DriehoekError
from domain.events.core import RuleUsed
from domain.parties import Actor
from domain.severity import Severity
from domain.severity_rule import Answers, propose_severity

WITHIN_HOUR = timedelta(hours=1)
LONGEST_DESCRIPTION = 4000
UNKNOWN = "onbekend"
ANSWERS: dict[str, YesNo] = {"ja": "ja", "nee": "nee", UNKNOWN: "onbekend"}
ASKED = ("gegevens", "opzet", "anderen")
EFFECTS = ("112", "water", "verkeer", "zorg", "openbare-orde", "nee", UNKNOWN)


@dataclass(frozen=True)
class ReportPages:
    """The form, its draft, the check for a likely open incident, and the confirmation."""

    desk: Desk

    async def ask(self, request: Request) -> Response:
        actor = self.desk.actor(request)
        draft = await self.desk.services.reads.draft(actor)
        typed = Form(draft.fields if draft else {}, "")
        return await _page(self.desk, request, typed, draft_at=draft.at if draft else None)

    async def report(self, request: Request) -> Response:
        signed, form = await self.desk.form(request)
        try:
            asked = read_report(self.desk, request, form, signed.actor)
            joins = form.one("hoort-bij")
            if not joins:
                likely = await self.desk.services.reads.likely(signed.actor, asked.services, asked.supplier)
                if likely:
                    return await _page(self.desk, request, form, likely=likely)
            incident = await self.desk.services.acts.report(signed, asked, as_uuid(joins))
        except (FormErrors, DriehoekError) as error:
            return await _page(self.desk, request, form, problem=self.desk.problem(request, error, form))
        return see_other(f"/incidenten/{incident}/gemeld")

    async def draft(self, request: Request) -> Response:
        signed, form = await self.desk.form(request)
        at = await self.desk.services.acts.save_draft(signed.actor, form.fields)
        proposal = self.desk.say(request, SEVERITY[propose(form)[0]])
        answer = {"at": moments.local(at).strftime("%H:%M:%S"), "proposal": proposal}
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    async def confirmation(self, request: Request, incident_id: UUID) -> Response:
        receipt = await self.desk.services.reads.receipt(self.desk.actor(request), incident_id)
        return self.desk.page(request, "reported.html", {"receipt": receipt})


def create(desk: Desk) -> APIRouter:
    """Their addresses."""
    pages = ReportPages(desk)
    return page_router(
        desk,
        ("GET", "/melden", pages.ask),
        ("POST", "/melden", pages.report),
        ("POST", "/melden/concept", pages.draft),
        ("GET", "/incidenten/{incident_id}/gemeld", pages.confirmation),
    )


async def _page(desk: Desk, request: Request, typed: Form, *, problem: Problem = NO_PROBLEM, **values: Any) -> Response:
    register = await desk.services.reads.register(desk.actor(request))
    proposal, rule = propose(typed)
    shown = {
        "typed": typed,
        "register": register,
        "effects": EFFECTS,
        "likely": (),
        "draft_at": None,
        "proposal": proposal,
        "proposal_rule": rule,
        **values,
    }
    return desk.page(request, "report.html", shown, problem=problem)


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
    severity, rule = _severity(form)
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
        effects=tuple(effect for effect in form.many("gevolg") if effect in EFFECTS[:-2]),
        severity=severity,
        severity_rule=rule,
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


def propose(form: Form) -> tuple[Severity, RuleUsed]:
    """The severity that the answers point to, with its rule; the person confirms or changes it."""
    answers = Answers(
        services=form.many("dienst"),
        effects=frozenset(form.many("gevolg")) - {"nee", UNKNOWN},
        yes=frozenset(name for name in ASKED if form.one(name) == "ja"),
    )
    return propose_severity(answers)


def _severity(form: Form) -> tuple[Severity, RuleUsed | None]:
    """What was chosen, else what was proposed with the rule that did it."""
    chosen = form.one("ernst")
    return (Severity(chosen), None) if chosen in set(Severity) else propose(form)
