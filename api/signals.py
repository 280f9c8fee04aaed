"""The door for machines. It looks at token, size, media type and quota, and never reads what a signal says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from api.callers import actor_of, bearer_of
from api.headers import PREFIX
from api.models import Ontvangst, OntvangstStatus
from api.problems import MediaTypeError, described
from domain import sharing
from domain.errors import NotAllowedError
from domain.sharing_table import Kind
from signals.formats import driehoek
from signals.formats.table import FORMATS, Format
from usecases.known_sources import Known, KnownSources
from usecases.ports import Clock
from usecases.quota import Quota
from usecases.receipt_status import ReceiptRows, ReceiptStatus, ReceiptUnknownError
from usecases.receive import Door, Post

JSON = "application/json"
GENERAL = ("application/xml", "text/xml", "text/csv", "message/rfc822")
"""Media types of several formats: what it is, is told by the content."""
CLOUDEVENTS = ("application/cloudevents+json", "application/cloudevents-batch+json")
OWN = tuple(sorted({media for each in FORMATS.values() for media in each.media_types} - {*GENERAL, *CLOUDEVENTS}))
"""Media types that only one other format uses."""
LONGEST_VALUE = 2_000
LONGEST_MEDIA_TYPE = 200
DOOR_PROBLEMS = described(401, 413, 415, 429, 503)


@dataclass(frozen=True, kw_only=True)
class DoorDesk:
    """What the door needs."""

    door: Door
    sources: KnownSources
    quota: Quota
    receipts: ReceiptRows
    clock: Clock


def create_router(desk: DoorDesk) -> APIRouter:
    """`/v1/signalen` and what belongs to it."""
    router = APIRouter(prefix=PREFIX, tags=["signalen"])

    async def source(request: Request) -> Known:
        known = await desk.sources.of(bearer_of(request))
        desk.quota.take(known.source.source_id, desk.clock.now())
        return known

    async def organisation(request: Request) -> str:
        return await _organisation(desk, request)

    @router.post("/signalen", status_code=202, response_model=Ontvangst, responses=DOOR_PROBLEMS, openapi_extra=BODIES)
    async def receive(request: Request, known: Annotated[Known, Depends(source)]) -> JSONResponse:
        """Een signaal aanbieden in elk formaat dat wij lezen: ons eigen JSON, een CloudEvent, CAP, CSAF, MISP en meer.

        Het formaat wordt aan de inhoud herkend. Het antwoord is een ontvangstbewijs: het signaal is bewaard en wordt
        gelezen.
        """
        return await _receive(desk, request, known, None)

    _add_webhooks(router, desk, source)

    @router.get("/signalen/{ontvangstbewijs}", responses=described(400, 401, 403, 404, 503))
    async def status(ontvangstbewijs: UUID, owner: Annotated[str, Depends(organisation)]) -> OntvangstStatus:
        """Wat er van een aangeboden signaal werd; alleen voor de eigen organisatie."""
        found = await desk.receipts.status(ontvangstbewijs, owner)
        if found is None and desk.door.is_under_way(ontvangstbewijs, owner):
            found = ReceiptStatus(receipt_id=ontvangstbewijs, outcome="onderweg")
        if found is None:
            raise ReceiptUnknownError
        return OntvangstStatus.of(found)

    _publish_schema(router)
    return router


def _add_webhooks(router: APIRouter, desk: DoorDesk, source: Callable[[Request], Awaitable[Known]]) -> None:
    for each in FORMATS.values():
        if each.webhook:
            _add_webhook(router, each, desk, source)


def _add_webhook(router: APIRouter, own: Format, desk: DoorDesk, source: Callable[[Request], Awaitable[Known]]) -> None:
    """A door of its own for one format: what comes in there is read as that, also when it does not look like it."""

    async def receive(request: Request, known: Annotated[Known, Depends(source)]) -> JSONResponse:
        return await _receive(desk, request, known, own.id)

    router.add_api_route(
        f"/signalen/{own.id}",
        receive,
        methods=["POST"],
        name=f"receive_{own.id}",
        description=own.webhook,
        status_code=202,
        response_model=Ontvangst,
        responses=DOOR_PROBLEMS,
    )


def _publish_schema(router: APIRouter) -> None:
    @router.get("/schemas/signaal.json", response_class=JSONResponse)
    async def schema() -> JSONResponse:
        """Het JSON Schema van ons eigen signaal."""
        return JSONResponse(driehoek.json_schema(), media_type="application/schema+json")


BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/Signaal"}},
            **{media: {"schema": {"type": "object"}} for media in CLOUDEVENTS[:1]},
            **{media: {"schema": {"type": "array", "items": {"type": "object"}}} for media in CLOUDEVENTS[1:]},
            **{media: {"schema": {"type": "string"}} for media in (*OWN, *GENERAL)},
        },
    }
}


async def _receive(desk: DoorDesk, request: Request, known: Known, hint: str | None) -> JSONResponse:
    headers = event_headers(request.headers)
    media_type = checked_media_type(request.headers, headers, hint)
    body = await request.body()
    post = Post(body=body, media_type=media_type, hint=hint, headers=headers)
    receipt = await desk.door.receive(known, post)
    where = f"{PREFIX}/signalen/{receipt}"
    answer = Ontvangst(ontvangstbewijs=receipt, status=where)
    return JSONResponse(answer.model_dump(mode="json"), status_code=202, headers={"Location": where})


def checked_media_type(headers: Mapping[str, str], event: Mapping[str, str], hint: str | None) -> str:
    """The media type as it was sent. Raises MediaTypeError for what no format here can be, or for compression."""
    given = headers.get("content-type", "")[:LONGEST_MEDIA_TYPE]
    base = given.partition(";")[0].strip().lower()
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeError
    is_binary_event = hint is None and "ce-specversion" in event and bool(base)
    accepted = (JSON,) if hint else (JSON, *CLOUDEVENTS, *OWN, *GENERAL)
    if base not in accepted and not is_binary_event:
        raise MediaTypeError
    return given


def event_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a binary CloudEvent: percent-decoded (CloudEvents HTTP 3.1.3.2), without null bytes."""
    return {
        name: unquote(value[:LONGEST_VALUE], errors="replace").replace("\x00", "")
        for name, value in headers.items()
        if name.startswith("ce-")
    }


async def _organisation(desk: DoorDesk, request: Request) -> str:
    """Whose receipts may be seen: of the organisation of the token, or of a person who may see technical things."""
    if "authorization" in request.headers:
        return (await desk.sources.of(bearer_of(request))).source.organisation
    actor = actor_of(request)
    if not sharing.may(actor, Kind.TECHNIEK, sharing.of_organisation(actor.organisation)):
        raise NotAllowedError
    return actor.organisation
