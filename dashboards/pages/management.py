"""Pages for who keeps it running: register, quarantine, ledger, accounts and sources."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.models import RegisterRow
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import FieldError, Form, FormErrors
from dashboards.pages.route import page_router, status_of
from dashboards.words import N_
from domain.errors import DriehoekError, InvalidError
from domain.parties import Function, Party
from domain.sharing_table import DOES, Relation

ROW_KINDS = ("dienst", "leverancier", "object")


def create(desk: Desk) -> APIRouter:
    """Register, quarantine, ledger."""
    router = page_router(desk)
    reads, acts = desk.services.reads, desk.services.acts

    async def register_page(request: Request, errors: tuple[FieldError, ...] = (), status: int = 200) -> Response:
        page = await reads.register(desk.actor(request))
        return desk.page(request, "register.html", {"page": page}, errors=errors, status=status)

    @router.get("/register")
    async def register(request: Request) -> Response:
        return await register_page(request)

    @router.post("/register")
    async def change(request: Request) -> Response:
        signed, form = await desk.form(request)
        try:
            row = register_row(form, lambda text: desk.say(request, text))
            await acts.put_register(signed, row, remove=form.one("handeling") == "weg")
        except FormErrors as error:
            return await register_page(request, error.errors, 400)
        except DriehoekError as error:
            return await register_page(request, (FieldError(desk.say(request, error.message)),), status_of(error))
        return see_other("/register?gedaan=register")

    @router.get("/quarantaine")
    async def quarantine(request: Request) -> Response:
        return desk.page(request, "quarantine.html", {"lines": await reads.quarantine(desk.actor(request))})

    @router.post("/quarantaine/{receipt_id}/opnieuw")
    async def resend(request: Request, receipt_id: UUID) -> Response:
        signed, _ = await desk.form(request)
        await acts.resend(signed, receipt_id)
        return see_other("/quarantaine?gedaan=opnieuw")

    @router.get("/grootboek")
    async def ledger(request: Request) -> Response:
        return desk.page(request, "ledger.html", {"ledger": await reads.ledger(desk.actor(request))})

    return router


def create_accounts(desk: Desk) -> APIRouter:
    """Accounts of one's own organisation, and the machines that may post signals for it."""
    router = page_router(desk)
    accounts = desk.services.accounts

    async def page(request: Request, *, link: str = "", token: str = "", **problem: object) -> Response:
        actor = desk.actor(request)
        values = {
            "accounts": await accounts.accounts(actor),
            "sources": await accounts.sources(actor),
            "functions": functions_of(actor.party),
            "link": link,
            "token": token,
        }
        errors = problem.get("errors", ())
        status = problem.get("status", 200)
        assert isinstance(errors, tuple)  # noqa: S101 - narrows the type
        assert isinstance(status, int)  # noqa: S101 - narrows the type
        return desk.page(request, "accounts.html", values, errors=errors, status=status)

    @router.get("/beheer/accounts")
    async def show(request: Request) -> Response:
        return await page(request)

    @router.post("/beheer/accounts")
    async def change(request: Request) -> Response:
        signed, form = await desk.form(request)
        login, actor = form.one("naam"), signed.actor
        try:
            match form.one("handeling"):
                case "uitnodigen":
                    name = form.needed("volledig", "volledig", desk.say(request, N_("Vul de naam in.")))
                    token = await accounts.invite(actor, login, name, _function(form))
                    return await page(request, link=f"/koppeling/{token}")
                case "herstellen":
                    return await page(request, link=f"/koppeling/{await accounts.reset(actor, login)}")
                case "geven":
                    await accounts.give(actor, login, _function(form))
                case "nemen":
                    await accounts.take(actor, login, _function(form))
                case "blokkeren" | "vrijgeven" as act:
                    await accounts.block(actor, login, blocked=act == "blokkeren", reason=form.one("reden"))
                case "bron":
                    made = await accounts.add_source(actor, form.one("bron") or "bron")
                    return await page(request, token=made.token)
                case "bron-weg":
                    await accounts.revoke_source(actor, form.one("bron"))
                case _:
                    raise InvalidError
        except FormErrors as error:
            return await page(request, errors=error.errors, status=400)
        except DriehoekError as error:
            errors = (FieldError(desk.say(request, error.message)),)
            return await page(request, errors=errors, status=status_of(error))
        return see_other("/beheer/accounts?gedaan=account")

    return router


def functions_of(party: Party) -> tuple[Function, ...]:
    """Functions that can be held in an organisation of this kind: those the sharing table knows there."""
    relations = {
        Party.GEMEENTE: Relation.EIGEN,
        Party.VEILIGHEIDSREGIO: Relation.REGIO,
        Party.POLITIE: Relation.POLITIE,
        Party.OM: Relation.OM,
    }
    wanted = relations.get(party, Relation.ANDERS)
    exercise = {Function.OEFENLEIDER, Function.RESPONSCEL, Function.WAARNEMER}
    held = [function for relation, function in DOES if relation is wanted and function not in exercise]
    return tuple(dict.fromkeys([*held, Function.BEHEERDER]))


def register_row(form: Form, say: object) -> RegisterRow:
    """The row that was typed. Raises FormErrors."""
    assert callable(say)  # noqa: S101 - narrows the type
    kind = form.one("soort")
    if kind not in ROW_KINDS:
        raise FormErrors(FieldError(say(N_("Maak een keuze."))))
    return RegisterRow(
        kind=kind,
        code=form.needed("code", f"{kind}-code", say(N_("Vul een korte code in, zoals burgerzaken."))),
        name=form.one("naam") or form.one("code"),
        supplier=form.one("leverancier") or None,
        service=form.one("dienst") or None,
        observables=tuple(form.one("kenmerken").split()),
        critical=form.one("kritiek") == "ja",
    )


def _function(form: Form) -> Function:
    value = form.one("functie")
    if value not in set(Function):
        raise InvalidError
    return Function(value)
