"""Refusals on the wire: one table from class of error to status, and `application/problem+json` (RFC 9457) for all.

Each problem says what happened, where, and what to do. Nothing in it repeats what the caller sent.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from domain.errors import (
    AwayError,
    ConflictError,
    DriehoekError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
)
from usecases.access.sign_in import SignedOutError, WaitError, WrongCredentialsError
from usecases.known_sources import TokenUnknownError
from usecases.quota import QuotaError
from usecases.receive import SpoolFullError

MEDIA_TYPE = "application/problem+json"
LONGEST_NAME = 100
log = structlog.get_logger(__name__)


class TooLargeError(InvalidError):
    """Dit bericht is te groot. Meer dan 1 MiB nemen wij niet aan."""

    code = "te-groot"


class MediaTypeError(InvalidError):
    """Dit soort inhoud nemen wij hier niet aan."""

    code = "mediatype-onbekend"


class RouteUnknownError(NotFoundError):
    """Dit adres bestaat niet."""

    code = "adres-onbekend"


STATUS: Mapping[type[DriehoekError], int] = {
    SignedOutError: 401,
    TokenUnknownError: 401,
    WrongCredentialsError: 401,
    TooLargeError: 413,
    MediaTypeError: 415,
    QuotaError: 429,
    SpoolFullError: 429,
    WaitError: 429,
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    RefusedError: 409,
    InvalidError: 400,
    AwayError: 503,
    # Our own trouble, never that of the caller: wrong settings, an old schema.
    DriehoekError: 503,
}
"""The first class that fits decides: narrow ones stand before wide ones."""

RETRY_SECONDS: Mapping[int, int] = {429: 5, 503: 10}

TITLES: Mapping[int, str] = {
    400: "De invoer klopt niet",
    401: "Niet ingelogd, of geen geldig token",
    403: "Dit mag niet in uw functie",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    409: "Dit kan niet in deze toestand",
    413: "Te groot",
    415: "Dit soort inhoud kan hier niet",
    429: "Te veel, even wachten",
    500: "Er ging iets mis bij ons",
    503: "Even niet bereikbaar",
}

TO_DO: Mapping[int, str] = {
    400: "Herstel de genoemde velden en stuur het opnieuw.",
    401: "Log in, of stuur een geldig token mee als `Authorization: Bearer …`.",
    403: "Kies een functie die dit mag, of vraag uw beheerder.",
    404: "Controleer het adres. De beschrijving staat op /v1/openapi.json.",
    405: "Kijk in de kop `Allow` welke methode wel kan.",
    409: "Haal de laatste stand op en kijk of uw wijziging nog nodig is.",
    413: "Verdeel de inhoud over kleinere berichten.",
    415: "Stuur JSON of een CloudEvent, zonder compressie, en noem het mediatype.",
    429: "Wacht het aantal seconden van `Retry-After` en stuur het opnieuw met hetzelfde kenmerk.",
    500: "Probeer het opnieuw. Blijft het fout gaan, bel dan de beheerder.",
    503: "Wacht het aantal seconden van `Retry-After` en stuur het opnieuw met hetzelfde kenmerk.",
}


def status_of(error: DriehoekError) -> int:
    """HTTP status of a refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def problem(
    request: Request,
    status: int,
    *,
    code: str,
    detail: str,
    fields: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that says no: what happened, where, and what to do."""
    body: dict[str, Any] = {
        "type": f"urn:driehoek:probleem:{code}",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "instance": _plain(request.url.path),
        "watTeDoen": TO_DO.get(status, TO_DO[400]),
    }
    if fields:
        body["velden"] = list(fields)
    more = dict(headers or {})
    if status in RETRY_SECONDS:
        more.setdefault("Retry-After", str(RETRY_SECONDS[status]))
    if status == HTTPStatus.UNAUTHORIZED:
        more.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=more)


def refused(request: Request, error: DriehoekError) -> JSONResponse:
    """The problem of one of our own refusals."""
    return problem(request, status_of(error), code=error.code, detail=error.message)


def install(app: FastAPI) -> None:
    """Let every refusal, also those of the framework, leave as a problem."""
    app.add_exception_handler(DriehoekError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(Exception, _on_fault)


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, DriehoekError)  # noqa: S101 - the handler is registered for this class
    return refused(request, error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the same
    fields = [{"veld": _place(each["loc"]), "fout": _plain(str(each["msg"]))} for each in error.errors()[:50]]
    return problem(request, 400, code="ongeldig", detail="Deze velden kloppen niet.", fields=fields)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the same
    status = error.status_code
    if status == HTTPStatus.NOT_FOUND:
        return refused(request, RouteUnknownError())
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        answer = refused(request, TooLargeError())
        answer.headers.update(error.headers or {})
        return answer
    return problem(
        request, status, code=f"http-{status}", detail=TITLES.get(status, "Dit kan niet."), headers=error.headers
    )


async def _on_gone(request: Request, error: Exception) -> Response:
    """The caller hung up while it was still sending; nobody reads this."""
    del error
    return problem(request, 400, code="afgebroken", detail="Het bericht kwam niet helemaal aan.")


async def _on_fault(request: Request, error: Exception) -> Response:
    """The last resort. The log names the fault and where it was, never what was sent."""
    log.error("request-failed", path=_plain(request.url.path), error=type(error).__name__, exc_info=error)
    return problem(request, 500, code="fout", detail="Er ging iets mis bij ons. Wij hebben het vastgelegd.")


def _place(parts: Sequence[object]) -> str:
    return ".".join(_plain(str(part)) for part in parts) or "(geheel)"


def _plain(text: str) -> str:
    """Text that fits in JSON whatever the caller called things, and is not long."""
    return text[:LONGEST_NAME].encode("utf-8", "replace").decode()


DESCRIBED: Mapping[int | str, dict[str, Any]] = {
    status: {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
    }
    for status, title in TITLES.items()
    if status != HTTPStatus.INTERNAL_SERVER_ERROR
}
"""What may go wrong, for the API description."""


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of one route, for the API description."""
    return {status: DESCRIBED[status] for status in statuses}
