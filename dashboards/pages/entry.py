"""Signing in and out, the second factor, one-time links; acting in another function; the language."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dashboards.catalogue import language_of
from dashboards.pages.desk import LANGUAGE_COOKIE, Desk, SignInNeeded, safe_way_back, see_other
from dashboards.pages.forms import FieldError, Form, FormErrors, read_form
from dashboards.pages.route import page_router
from dashboards.views.menu import home_of
from dashboards.words import N_
from domain.accounts import HALF_SESSION_LIFETIME, SESSION_LIFETIME
from domain.errors import DriehoekError
from domain.parties import Function
from usecases.access.sign_in import SignedIn

NEXT = {"klaar": "/", "code": "/inloggen/code", "app-koppelen": "/inloggen/app"}


class CookieHeader(Protocol):
    """How the session cookie is written; the middleware that reads it puts this in the request."""

    def header(self, token: str, *, max_age: int) -> str:
        """Value of Set-Cookie."""
        ...


@dataclass(frozen=True)
class EntryPages:
    """Pages for people who are not signed in yet, or leave."""

    desk: Desk

    async def home(self, request: Request) -> Response:
        return see_other(home_of(self.desk.actor(request)))

    async def ask(self, request: Request) -> Response:
        present = self.desk.present(request)
        if present:
            return see_other(home_of(present.actor))
        return self.desk.page(request, "sign_in.html", {"login": "", "back": request.query_params.get("naar", "")})

    async def sign_in(self, request: Request) -> Response:
        form = await _form(self.desk, request)

        async def attempt() -> Response:
            signed = await self.desk.services.accounts.sign_in(form.one("naam"), form.one("wachtwoord"))
            return _went_in(request, signed, safe_way_back(form.one("naar")))

        values = {"login": form.one("naam"), "back": form.one("naar")}
        return await _or_again(self.desk, request, attempt, "sign_in.html", values)

    async def ask_code(self, request: Request) -> Response:
        _half(request)
        return self.desk.page(request, "sign_in_code.html")

    async def code(self, request: Request) -> Response:
        form, token = await _form(self.desk, request), _half(request)

        async def attempt() -> Response:
            return _went_in(request, await self.desk.services.accounts.second_factor(token, form.one("code")), "/")

        return await _or_again(self.desk, request, attempt, "sign_in_code.html", {})

    async def ask_app(self, request: Request) -> Response:
        return self.desk.page(request, "sign_in_app.html", await _app(self.desk, _half(request)))

    async def app(self, request: Request) -> Response:
        form, token = await _form(self.desk, request), _half(request)

        async def attempt() -> Response:
            signed, codes = await self.desk.services.accounts.confirm_app(token, form.one("code"))
            page = self.desk.page(request, "recovery_codes.html", {"codes": codes})
            return _with_cookie(request, page, signed)

        return await _or_again(self.desk, request, attempt, "sign_in_app.html", await _app(self.desk, token))

    async def ask_password(self, request: Request, link: str) -> Response:
        login = await self.desk.services.accounts.link_login(link)
        return self.desk.page(request, "new_password.html", {"link": link, "login": login})

    async def password(self, request: Request, link: str) -> Response:
        form = await _form(self.desk, request)
        login = await self.desk.services.accounts.link_login(link)

        async def attempt() -> Response:
            if form.one("wachtwoord") != form.one("nogmaals"):
                raise FormErrors(
                    FieldError(self.desk.say(request, N_("De twee wachtwoorden zijn niet gelijk.")), "nogmaals")
                )
            chosen = await self.desk.services.accounts.accept_link(link, form.one("wachtwoord"))
            # No address to look at: a login name does not belong in one.
            values = {"login": chosen, "chosen": chosen, "back": "", "done": "wachtwoord", "path": "/inloggen"}
            return self.desk.page(request, "sign_in.html", values)

        return await _or_again(self.desk, request, attempt, "new_password.html", {"link": link, "login": login})

    async def sign_out(self, request: Request) -> Response:
        await _form(self.desk, request)
        present = self.desk.present(request)
        if present:
            await self.desk.services.accounts.sign_out(present)
        answer = see_other("/inloggen?gedaan=uit")
        answer.headers.append("Set-Cookie", _cookie(request).header("", max_age=0))
        return answer

    async def switch(self, request: Request) -> Response:
        _, form = await self.desk.form(request)
        present = self.desk.present(request)
        organisation, _, function = form.one("functie").rpartition("/")
        if present and function in set(Function):
            await self.desk.services.accounts.switch(present, organisation, Function(function), present.actor.language)
        return see_other("/")

    async def language(self, request: Request) -> Response:
        form = await _form(self.desk, request)
        present = self.desk.present(request)
        asked = language_of(form.one("taal"))
        answer = see_other(safe_way_back(form.one("terug")))
        answer.set_cookie(LANGUAGE_COOKIE, asked, max_age=31536000, samesite="lax", httponly=True)
        if present:
            await self.desk.services.accounts.switch(present, present.actor.organisation, present.actor.function, asked)
        return answer


def create(desk: Desk) -> APIRouter:
    """Their addresses."""
    pages = EntryPages(desk)
    return page_router(
        desk,
        ("GET", "/", pages.home),
        ("GET", "/inloggen", pages.ask),
        ("POST", "/inloggen", pages.sign_in),
        ("GET", "/inloggen/code", pages.ask_code),
        ("POST", "/inloggen/code", pages.code),
        ("GET", "/inloggen/app", pages.ask_app),
        ("POST", "/inloggen/app", pages.app),
        ("GET", "/koppeling/{link}", pages.ask_password),
        ("POST", "/koppeling/{link}", pages.password),
        ("POST", "/uitloggen", pages.sign_out),
        ("POST", "/functie", pages.switch),
        ("POST", "/taal", pages.language),
    )


async def _form(desk: Desk, request: Request) -> Form:
    return await read_form(request, desk.services.site, desk.present(request))


def _half(request: Request) -> str:
    """The token between the two steps. Raises SignInNeeded when there is none."""
    token: str | None = getattr(request.state, "session_token", None)
    if not token:
        raise SignInNeeded
    return token


async def _app(desk: Desk, token: str) -> dict[str, object]:
    secret, address = await desk.services.accounts.offer_app(token)
    drawing = segno.make(address, micro=False).svg_inline(scale=5, border=4, omitsize=True)
    # Drawn here from an address of our own; it holds nothing that anybody typed unescaped.
    return {"secret": secret, "drawing": Markup(drawing)}  # noqa: S704


def _went_in(request: Request, signed: SignedIn, back: str) -> Response:
    ready = signed.next_step == "klaar"
    return _with_cookie(request, see_other(back if ready else NEXT[signed.next_step]), signed)


def _with_cookie(request: Request, answer: Response, signed: SignedIn) -> Response:
    life = SESSION_LIFETIME if signed.next_step == "klaar" else HALF_SESSION_LIFETIME
    answer.headers.append("Set-Cookie", _cookie(request).header(signed.token, max_age=int(life.total_seconds())))
    return answer


def _cookie(request: Request) -> CookieHeader:
    cookie: CookieHeader = request.state.cookie
    return cookie


async def _or_again(
    desk: Desk,
    request: Request,
    attempt: Callable[[], Coroutine[Any, Any, Response]],
    template: str,
    values: dict[str, Any],
) -> Response:
    """Do it, or show the same page with what is wrong and what was typed (never a password)."""
    try:
        return await attempt()
    except (FormErrors, DriehoekError) as error:
        return desk.page(request, template, values, problem=desk.problem(request, error, Form({}, "")))
