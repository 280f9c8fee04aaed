"""Pages for everybody, also without signing in: does it work, accessibility; and the hashed files."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class SitePages:
    """Status, accessibility, static files."""

    desk: Desk

    async def health(self, request: Request) -> Response:
        return self.desk.page(request, "health.html", {"parts": await self.desk.services.reads.parts()})

    async def accessibility(self, request: Request) -> Response:
        return self.desk.page(request, "accessibility.html")

    async def static(self, name: str) -> Response:
        assets = self.desk.renderer.assets
        if name not in assets.served:
            raise NotFoundError
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        return FileResponse(assets.folder / name, media_type=media_type, headers=dict(STATIC_HEADERS))


def create(desk: Desk) -> APIRouter:
    """Their addresses."""
    pages = SitePages(desk)
    return page_router(
        desk,
        ("GET", "/gezondheid", pages.health),
        ("GET", "/toegankelijkheid", pages.accessibility),
        ("GET", "/static/{name}", pages.static),
    )
