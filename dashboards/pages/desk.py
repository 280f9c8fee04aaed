"""What every page needs: who asks, in which language, the menu, the guard of its forms, and live fragments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from dashboards.catalogue import language_of
from dashboards.headers import PAGE_HEADERS
from dashboards.pages.forms import NO_PROBLEM, FieldError, Form, FormErrors, Problem, guard, read_form
from dashboards.render import Renderer
from dashboards.services import Services, Signed
from dashboards.views.menu import home_of, menu_of
from dashboards.views.painter import Painter
from dashboards.views.shown import Names
from domain.errors import (
    AwayError,
    ConflictError,
    DriehoekError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
)
from domain.parties import Actor
from usecases.access.sign_in import Present

LANGUAGE_COOKIE = "driehoek-taal"
TYPED = ("incident",)
"""Live pages with forms to type in."""
STATUS: Mapping[type[DriehoekError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    RefusedError: 409,
    InvalidError: 400,
    AwayError: 503,
}


class SignInNeeded(Exception):  # noqa: N818 - no error, a turn in the road
    """This page is for people who signed in."""


@dataclass(frozen=True, kw_only=True)
class LivePart:
    """The live part of a page: its room, the fragments as the socket would send them, and the hint for own regions."""

    room: str
    address: str
    """Where the page itself stands; the address bar may show that of a form that was refused."""
    fragments: Mapping[str, Markup]
    own: object
    names: Names
    refreshes: bool
    """Whether it may load itself again without JavaScript: not where somebody may be typing."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Shared by all pages."""

    services: Services
    renderer: Renderer

    def present(self, request: Request) -> Present | None:
        """Who is signed in."""
        found: Present | None = getattr(request.state, "present", None)
        return found

    def actor(self, request: Request) -> Actor:
        """Who acts. Raises SignInNeeded, or AwayError when nobody can tell."""
        present = self.present(request)
        if present is not None:
            return present.actor
        if getattr(request.state, "away", False):
            raise AwayError
        raise SignInNeeded

    def language(self, request: Request) -> str:
        """Language of the session, else of the cookie that the switch sets, else Dutch."""
        present = self.present(request)
        return language_of(present.actor.language if present else request.cookies.get(LANGUAGE_COOKIE))

    async def form(self, request: Request) -> tuple[Signed, Form]:
        """The form of somebody who is signed in."""
        actor = self.actor(request)
        form = await read_form(request, self.services.site, self.present(request))
        return Signed(actor=actor, key=form.key), form

    def page(
        self,
        request: Request,
        template: str,
        values: Mapping[str, Any] | None = None,
        *,
        problem: Problem = NO_PROBLEM,
    ) -> HTMLResponse:
        """A whole page, with what was wrong when it is shown again."""
        present = self.present(request)
        key = self.services.ids.new()
        shown = {
            "present": present,
            "menu": menu_of(present.actor, request.url.path) if present else (),
            "path": request.url.path,
            "guard": lambda: guard(present, key),
            "errors": problem.errors,
            "kept": problem.kept,
            "kept_many": problem.kept_many,
            "done": request.query_params.get("gedaan"),
            "live": None,
            "opened": request.query_params.get("open"),
            **(values or {}),
        }
        html = self.renderer.render(template, self.language(request), shown, self.services.clock.now())
        return HTMLResponse(html, status_code=problem.status, headers=dict(PAGE_HEADERS))

    async def live(self, request: Request, page: str, subject: str) -> LivePart:
        """Fragments of a live page, folded from the record: what one just did is always in it."""
        actor = self.actor(request)
        grant = await self.services.reads.room(actor, subject)
        painter = Painter.of(self.renderer, actor, page, subject, grant)
        view, _ = painter.paint(grant.cards, self.services.clock.now())
        # The fragments were escaped by their own templates.
        fragments = {name: Markup(html) for name, html in view.patches.items()}  # noqa: S704
        return LivePart(
            room=f"{page}@{subject}",
            address=f"/incidenten/{subject.rpartition(':')[2]}" if page == "incident" else f"/{page}",
            fragments=fragments,
            own=view.data["own"],
            names=painter.words,
            refreshes=page not in TYPED,
        )

    def names(self, request: Request, known: Mapping[str, str]) -> Names:
        """Words for codes in the language of the request."""
        return Names(known, lambda text: self.say(request, text), self.language(request))

    def problem(self, request: Request, error: DriehoekError | FormErrors, form: Form, prefix: str = "") -> Problem:
        """What a refusal says on the page where the form stood."""
        if isinstance(error, FormErrors):
            return Problem(errors=error.errors, status=400, form=form, prefix=prefix)
        errors = (FieldError(self.say(request, error.message)),)
        return Problem(errors=errors, status=status_of(error), form=form, prefix=prefix)

    def say(self, request: Request, message: str) -> str:
        """A message in the language of the request."""
        return self.renderer.gettext(self.language(request), message)


def status_of(error: DriehoekError) -> int:
    """HTTP status of a refusal."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def see_other(address: str) -> RedirectResponse:
    """After a POST: look there (303), so that a reload does not send again."""
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def sign_in_address(request: Request) -> str:
    """Where to sign in, and come back afterwards."""
    path = request.url.path
    back = "" if request.method != "GET" or path == "/" else f"?naar={quote(path)}"
    return f"/inloggen{back}"


def safe_way_back(asked: str, actor: Actor | None = None) -> str:
    """A path of this site, never an address of another one."""
    if asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable():
        return asked
    return home_of(actor) if actor else "/"
