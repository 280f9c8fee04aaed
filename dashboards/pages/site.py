"""Pages for everybody, also without signing in: does it work, accessibility; and the hashed files."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dashboards.headers import STATIC_HEADERS
from dashboards.pages.desk import Desk
from dashboards.pages.route import page_router
from domain.errors import NotFoundError

MEDIA_TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


def create(desk: Desk) -> APIRouter:
    """Status, accessibility, static files."""
    router = page_router(desk)
    assets = desk.renderer.assets

    @router.get("/gezondheid")
    async def health(request: Request) -> Response:
        return desk.page(request, "health.html", {"parts": await desk.services.reads.parts()})

    @router.get("/toegankelijkheid")
    async def accessibility(request: Request) -> Response:
        return desk.page(request, "accessibility.html")

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in assets.served:
            raise NotFoundError
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        return FileResponse(assets.folder / name, media_type=media_type, headers=dict(STATIC_HEADERS))

    return router
