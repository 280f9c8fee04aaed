"""Turns refusals into pages: the person sees a sentence and what to do, never a trace."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from dashboards.pages.desk import Desk, SignInNeeded, see_other, sign_in_address
from dashboards.pages.forms import FormErrors
from domain.errors import (
    AwayError,
    ConflictError,
    DriehoekError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
STATUS: Mapping[type[DriehoekError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    RefusedError: 409,
    InvalidError: 400,
    AwayError: 503,
}


def status_of(error: DriehoekError) -> int:
    """HTTP status of a refusal."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def page_router(desk: Desk) -> APIRouter:
    """A router for pages: not in the API description, and every refusal becomes a page."""

    class PageRoute(APIRoute):
        @override
        def get_route_handler(self) -> Handler:
            handler = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                try:
                    return await handler(request)
                except SignInNeeded:
                    return see_other(sign_in_address(request))
                except RequestValidationError:
                    return refusal(desk, request, NotFoundError())
                except FormErrors as error:
                    return refusal(desk, request, InvalidError(str(error.errors[0].message)))
                except DriehoekError as error:
                    return refusal(desk, request, error)

            return guarded

    return APIRouter(route_class=PageRoute, include_in_schema=False)


def refusal(desk: Desk, request: Request, error: DriehoekError) -> Response:
    """The page that says no, why, and what to do."""
    return desk.page(request, "refusal.html", {"message": error.message, "code": error.code}, status=status_of(error))
