"""Turns refusals into pages: the person sees a sentence and what to do, never a trace."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from dashboards.pages.desk import Desk, SignInNeeded, see_other, sign_in_address, status_of
from dashboards.pages.forms import FormErrors, Problem
from domain.errors import DriehoekError, InvalidError, NotFoundError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Route = tuple[str, str, Callable[..., Coroutine[Any, Any, Response]]]
"""Method, path, page."""


def page_router(desk: Desk, *routes: Route) -> APIRouter:
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

    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    for method, path, page in (*routes, *_ways_home(routes)):
        router.add_api_route(path, page, methods=[method], response_model=None)
    return router


def _ways_home(routes: Sequence[Route]) -> list[Route]:
    """Who opens or reloads the address of a form that has no page goes home."""
    opened = {path for method, path, _ in routes if method == "GET"}
    return [("GET", path, _home) for path in dict.fromkeys(path for _, path, _ in routes) if path not in opened]


async def _home() -> Response:
    return see_other("/")


def refusal(desk: Desk, request: Request, error: DriehoekError) -> Response:
    """The page that says no, why, and what to do."""
    values = {"message": error.message, "code": error.code}
    return desk.page(request, "refusal.html", values, problem=Problem(status=status_of(error)))
