"""`/beheer/accounts`: accounts of one's own organisation, and the machines that may post signals for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.models import AccountLine
from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import NO_PROBLEM, FieldError, Form, FormErrors, Problem
from dashboards.pages.route import page_router
from dashboards.words import N_
from domain.errors import DriehoekError, InvalidError, NotAllowedError
from domain.parties import Actor, Function, Party
from domain.sharing_table import DOES, Relation

EXERCISE = frozenset({Function.OEFENLEIDER, Function.RESPONSCEL, Function.WAARNEMER})
RELATIONS: Mapping[Party, Relation] = {
    Party.GEMEENTE: Relation.EIGEN,
    Party.VEILIGHEIDSREGIO: Relation.REGIO,
    Party.POLITIE: Relation.POLITIE,
    Party.OM: Relation.OM,
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What is shown once after an act: a one-time link, or the token of a source."""

    link: str = ""
    token: str = ""


NOTHING = Shown()


@dataclass(frozen=True)
class AccountPages:
    """One page; each of its forms names its act in `handeling`."""

    desk: Desk

    async def show(self, request: Request) -> Response:
        return await self._page(request)

    async def change(self, request: Request) -> Response:
        signed, form = await self.desk.form(request)
        acts: Mapping[str, Callable[[Actor, Form], Awaitable[Shown]]] = {
            "uitnodigen": self._invite,
            "herstellen": self._reset,
            "geven": self._give,
            "nemen": self._take,
            "mailadres": self._mail,
            "blokkeren": self._block,
            "vrijgeven": self._block,
            "bron": self._source,
            "bron-weg": self._revoke,
        }
        act = acts.get(form.one("handeling"))
        try:
            if act is None:
                raise InvalidError
            shown = await act(signed.actor, form)
        except (FormErrors, DriehoekError) as error:
            return await self._page(request, problem=self.desk.problem(request, error, form, form.one("handeling")))
        if shown != NOTHING:
            return await self._page(request, shown)
        return see_other("/beheer/accounts?gedaan=account")

    async def _page(self, request: Request, shown: Shown = NOTHING, problem: Problem = NO_PROBLEM) -> Response:
        actor = self.desk.actor(request)
        values = {
            "accounts": await self._accounts(actor),
            "sources": await self.desk.services.accounts.sources(actor),
            "functions": functions_of(actor.party),
            "shown": shown,
            "base_url": str(request.base_url).rstrip("/"),
        }
        return self.desk.page(request, "accounts.html", values, problem=problem)

    async def _accounts(self, actor: Actor) -> Sequence[AccountLine] | None:
        """The accounts; None for who may manage the sources only."""
        try:
            return await self.desk.services.accounts.accounts(actor)
        except NotAllowedError:
            return None

    async def _invite(self, actor: Actor, form: Form) -> Shown:
        login, name = form.one("naam"), form.one("volledig")
        if not login or not name:
            message = self.desk.renderer.gettext(actor.language, N_("Vul de naam en de inlognaam in."))
            raise FormErrors(FieldError(message, "uitnodigen-naam"))
        token = await self.desk.services.accounts.invite(actor, login, name, _function(form), email=form.one("e-mail"))
        return Shown(link=f"/koppeling/{token}")

    async def _reset(self, actor: Actor, form: Form) -> Shown:
        return Shown(link=f"/koppeling/{await self.desk.services.accounts.reset(actor, form.one('naam'))}")

    async def _give(self, actor: Actor, form: Form) -> Shown:
        await self.desk.services.accounts.give(actor, form.one("naam"), _function(form))
        return NOTHING

    async def _take(self, actor: Actor, form: Form) -> Shown:
        await self.desk.services.accounts.take(actor, form.one("naam"), _function(form))
        return NOTHING

    async def _mail(self, actor: Actor, form: Form) -> Shown:
        await self.desk.services.accounts.set_email(actor, form.one("naam"), form.one("e-mail"))
        return NOTHING

    async def _block(self, actor: Actor, form: Form) -> Shown:
        blocked = form.one("handeling") == "blokkeren"
        await self.desk.services.accounts.block(actor, form.one("naam"), blocked=blocked, reason=form.one("reden"))
        return NOTHING

    async def _source(self, actor: Actor, form: Form) -> Shown:
        label = form.one("bron")
        if not label:
            message = self.desk.renderer.gettext(actor.language, N_("Geef de bron een naam."))
            raise FormErrors(FieldError(message, "bron-bron"))
        return Shown(token=(await self.desk.services.accounts.add_source(actor, label)).token)

    async def _revoke(self, actor: Actor, form: Form) -> Shown:
        await self.desk.services.accounts.revoke_source(actor, form.one("bron"))
        return NOTHING


def create(desk: Desk) -> APIRouter:
    """Its addresses."""
    pages = AccountPages(desk)
    return page_router(desk, ("GET", "/beheer/accounts", pages.show), ("POST", "/beheer/accounts", pages.change))


def functions_of(party: Party) -> tuple[Function, ...]:
    """Functions that can be held in an organisation of this kind: those the sharing table knows there."""
    wanted = RELATIONS.get(party, Relation.ANDERS)
    held = [function for relation, function in DOES if relation is wanted and function not in EXERCISE]
    return tuple(dict.fromkeys([*held, Function.BEHEERDER]))


def _function(form: Form) -> Function:
    value = form.one("functie")
    if value not in set(Function):
        raise InvalidError
    return Function(value)
