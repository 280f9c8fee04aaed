"""`/mijn-gegevens`: what is known of who is signed in, and the address for warnings, which one changes oneself."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.pages.desk import Desk, SignInNeeded, see_other
from dashboards.pages.forms import FieldError, Problem
from dashboards.pages.route import page_router
from domain.accounts import MailAddressError


@dataclass(frozen=True)
class MyPages:
    """One page with one form."""

    desk: Desk

    async def show(self, request: Request) -> Response:
        self.desk.actor(request)
        return self.desk.page(request, "myself.html")

    async def change(self, request: Request) -> Response:
        signed, form = await self.desk.form(request)
        present = self.desk.present(request)
        if present is None:
            raise SignInNeeded
        try:
            await self.desk.services.accounts.set_email(signed.actor, present.account.login, form.one("e-mail"))
        except MailAddressError as error:
            errors = (FieldError(self.desk.say(request, error.message), "mij-e-mail"),)
            problem = Problem(errors=errors, status=400, form=form, prefix="mij")
            return self.desk.page(request, "myself.html", problem=problem)
        return see_other("/mijn-gegevens?gedaan=account")


def create(desk: Desk) -> APIRouter:
    """Its addresses."""
    pages = MyPages(desk)
    return page_router(desk, ("GET", "/mijn-gegevens", pages.show), ("POST", "/mijn-gegevens", pages.change))
