"""Pages for who keeps it running: register, quarantine, ledger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.models import QuarantineGroup, QuarantineLine, RegisterRow
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import NO_PROBLEM, FieldError, Form, FormErrors, Problem
from dashboards.pages.route import page_router
from dashboards.words import N_
from domain.errors import DriehoekError

ROW_KINDS = ("dienst", "leverancier", "object")


@dataclass(frozen=True)
class ManagementPages:
    """Register, quarantine, ledger."""

    desk: Desk

    async def register(self, request: Request) -> Response:
        return await self._register(request)

    async def change(self, request: Request) -> Response:
        signed, form = await self.desk.form(request)
        try:
            row = register_row(form, lambda text: self.desk.say(request, text))
            await self.desk.services.acts.put_register(signed, row, remove=form.one("handeling") == "weg")
        except (FormErrors, DriehoekError) as error:
            return await self._register(request, self.desk.problem(request, error, form, form.one("soort")))
        return see_other("/register?gedaan=register")

    async def quarantine(self, request: Request) -> Response:
        actor = self.desk.actor(request)
        lines = await self.desk.services.reads.quarantine(actor)
        noted = await self.desk.services.reads.noted(actor)
        values = {"count": len(lines), "groups": grouped(lines), "noted": noted}
        return self.desk.page(request, "quarantine.html", values)

    async def resend(self, request: Request, receipt_id: UUID) -> Response:
        signed, _ = await self.desk.form(request)
        await self.desk.services.acts.resend(signed, receipt_id)
        return see_other("/quarantaine?gedaan=opnieuw")

    async def ledger(self, request: Request) -> Response:
        ledger = await self.desk.services.reads.ledger(self.desk.actor(request))
        return self.desk.page(request, "ledger.html", {"ledger": ledger})

    async def _register(self, request: Request, problem: Problem = NO_PROBLEM) -> Response:
        page = await self.desk.services.reads.register(self.desk.actor(request))
        kind, _, code = request.query_params.get("wijzig", "").partition("/")
        rows = (*page.services, *page.suppliers, *page.items)
        editing = next((row for row in rows if (row.kind, row.code) == (kind, code)), None)
        return self.desk.page(request, "register.html", {"page": page, "editing": editing}, problem=problem)


def create(desk: Desk) -> APIRouter:
    """Their addresses."""
    pages = ManagementPages(desk)
    return page_router(
        desk,
        ("GET", "/register", pages.register),
        ("POST", "/register", pages.change),
        ("GET", "/quarantaine", pages.quarantine),
        ("POST", "/quarantaine/{receipt_id}/opnieuw", pages.resend),
        ("GET", "/grootboek", pages.ledger),
    )


def grouped(lines: Iterable[QuarantineLine]) -> Sequence[QuarantineGroup]:
    """Per source and reasons, in the order of their newest."""
    found: dict[tuple[str, tuple[str, ...]], list[QuarantineLine]] = {}
    for line in lines:
        found.setdefault((line.source, line.reasons), []).append(line)
    return [
        QuarantineGroup(source=source, reasons=reasons, lines=tuple(mine)) for (source, reasons), mine in found.items()
    ]


def register_row(form: Form, say: Callable[[str], str]) -> RegisterRow:
    """The row that was typed. Raises FormErrors."""
    kind = form.one("soort")
    if kind not in ROW_KINDS:
        raise FormErrors(FieldError(say(N_("Maak een keuze."))))
    code = form.one("code")
    if not code:
        raise FormErrors(FieldError(say(N_("Vul een korte code in, zoals burgerzaken.")), f"{kind}-code"))
    return RegisterRow(
        kind=kind,
        code=code,
        name=form.one("naam") or code,
        supplier=form.one("leverancier") or None,
        service=form.one("dienst") or None,
        observables=tuple(form.one("kenmerken").split()),
        critical=form.one("kritiek") == "ja",
        aliases=tuple(alias.strip() for alias in form.one("anders").split(",") if alias.strip()),
        products=tuple(product.strip() for product in form.one("producten").split(",") if product.strip()),
        phone=form.one("telefoon") or None,
    )
