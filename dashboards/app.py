"""Puts the pages together. `wiring` makes the services, the hub and the middleware around it."""

from fastapi import APIRouter
from starlette.websockets import WebSocket

from dashboards.assets.manifest import Assets, read_assets
from dashboards.hub import Hub
from dashboards.pages import accounts, entry, incident, management, myself, overview, report, site
from dashboards.pages.desk import Desk
from dashboards.render import Renderer
from dashboards.services import Services


def create_renderer(services: Services, assets: Assets | None = None) -> Renderer:
    """The templates of this instance. Raises AssetsMissingError when set-up has not built the browser files."""
    return Renderer(assets or read_assets(), services.site)


def create_router(services: Services, *, renderer: Renderer | None = None, hub: Hub | None = None) -> APIRouter:
    """All pages, the hashed files and, with a hub, the websocket `/live`.

    `request.state` holds `actor`, `present`, `session_token`, `away` and `cookie` (identity middleware).
    """
    desk = Desk(services=services, renderer=renderer or create_renderer(services))
    router = APIRouter()
    # The confirmation and the logbook come before `/incidenten/{id}/{act}`, which takes any last part.
    for room in (entry, report, incident, overview, management, accounts, myself, site):
        router.include_router(room.create(desk))
    if hub is not None:

        @router.websocket("/live")
        async def live(websocket: WebSocket) -> None:
            await hub.serve(websocket)

    return router
