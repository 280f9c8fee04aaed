"""The description of the API (OpenAPI 3.1), in the form that the Dutch API Design Rules ask for."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.requests import Request

from api.headers import PREFIX, VERSION
from api.models import Probleem
from signals.formats import driehoek

TITLE = "Driehoek"
DESCRIPTION = (
    "Signalen aanbieden, incidenten melden en lezen, taken beantwoorden. Machines sturen een token mee, mensen"
    " gebruiken de sessie van de pagina's. Momenten zijn RFC 3339; antwoorden staan in UTC."
)
CONTACT = {
    "name": "Beheer van deze Driehoek",
    "url": "https://driehoek.example/contact",
    "email": "beheer@driehoek.example",
}
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "token van een bron"},
    "sessie": {"type": "apiKey", "in": "cookie", "name": "driehoek-live", "description": "sessie van de pagina's"},
}
VERSION_HEADER = {"description": "versie van de API", "schema": {"type": "string", "example": VERSION}}
REFERENCES = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document; paths are relative to the server `/v1`, as the version belongs in the address."""
    made = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes, contact=CONTACT)
    paths = {
        path.removeprefix(PREFIX): {verb: _operation(path, operation) for verb, operation in verbs.items()}
        for path, verbs in made["paths"].items()
    }
    schemas = dict(made.get("components", {}).get("schemas", {}))
    schemas |= {"Probleem": Probleem.model_json_schema(ref_template=REFERENCES), "Signaal": _signal()}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return {
        **{name: made[name] for name in ("openapi", "info")},
        "servers": [{"url": PREFIX}],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SECURITY},
    }


def text(app: FastAPI) -> str:
    """The document as it stands in `docs/openapi.json`."""
    return json.dumps(document(app), ensure_ascii=False, indent=2) + "\n"


def install(app: FastAPI) -> None:
    """Publish it, for everybody, at `/v1/openapi.json`."""

    async def published(request: Request) -> JSONResponse:
        del request
        return JSONResponse(app.openapi())

    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's way to replace it
    app.add_route(f"{PREFIX}/openapi.json", published, include_in_schema=False)


def _operation(path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    responses = {status: answer for status, answer in operation["responses"].items() if status != "422"}
    for answer in responses.values():
        answer["headers"] = {**answer.get("headers", {}), "API-Version": VERSION_HEADER}
    summary = operation["description"].partition("\n")[0].rstrip(".")
    made = {**operation, "summary": summary, "responses": dict(sorted(responses.items()))}
    if not path.startswith(f"{PREFIX}/schemas"):
        made["security"] = _security(path, operation)
    return made


def _security(path: str, operation: Mapping[str, Any]) -> list[dict[str, list[str]]]:
    token: dict[str, list[str]] = {"token": []}
    session: dict[str, list[str]] = {"sessie": []}
    if not path.startswith(f"{PREFIX}/signalen"):
        return [session]
    return [token] if "202" in operation["responses"] else [token, session]


def _signal() -> dict[str, Any]:
    schema = driehoek.json_schema()
    return {name: value for name, value in schema.items() if name != "$schema"}
