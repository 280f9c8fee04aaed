"""The whole web side in one application: API, health, identity, limits, headers; the pages come in as a router."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api import health, incidents, openapi, problems, signals
from api.headers import HeadersMiddleware
from api.health import Watch
from api.identity import CookieRules, IdentityMiddleware
from api.incidents import People
from api.limits import BodyLimitMiddleware
from api.signals import DoorDesk
from usecases.access.sign_in import Present

WITHOUT_SESSION = ("/health", "/metrics", "/static", "/v1/openapi.json", "/v1/schemas")
"""Addresses that never look up who calls."""


@dataclass(frozen=True, kw_only=True)
class Web:
    """What the application is made of."""

    door: DoorDesk
    people: People
    watch: Watch
    who: Callable[[str], Awaitable[Present]]
    cookie: CookieRules
    pages: APIRouter | None = None


def create_app(web: Web) -> FastAPI:
    """Nothing connects or starts here."""
    app = FastAPI(
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(HeadersMiddleware, secure=web.cookie.secure),
            Middleware(BodyLimitMiddleware),
            Middleware(IdentityMiddleware, who=web.who, cookie=web.cookie, skip=WITHOUT_SESSION),
        ],
    )
    problems.install(app)
    openapi.install(app)
    app.include_router(health.create_router(web.watch))
    app.include_router(signals.create_router(web.door))
    app.include_router(incidents.create_router(web.people))
    if web.pages is not None:
        app.include_router(web.pages)
    return app


def description() -> str:
    """The text of `docs/openapi.json`: the routes are described without anything behind them."""
    app = FastAPI(openapi_url=None)
    nothing = cast(Any, None)
    for router in (signals.create_router(nothing), incidents.create_router(nothing)):
        app.include_router(router)
    return openapi.text(app)
