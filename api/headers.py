"""Headers on every answer of the API: its version, and what keeps answers out of caches, frames and other sites."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSION = "1.0.0"
PREFIX = "/v1"
PUBLIC = (f"{PREFIX}/openapi.json", f"{PREFIX}/schemas/")
"""What pages of any site may read: the description of the API."""

API_HEADERS: Mapping[str, str] = {
    "API-Version": VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
HSTS = "max-age=31536000; includeSubDomains"


class HeadersMiddleware:
    """`secure` = people reach us over https: then browsers are told to keep doing so."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add them when the answer starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, headed)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        if is_api(path):
            for name, value in API_HEADERS.items():
                headers[name] = value
            if path.startswith(PUBLIC):
                headers["Access-Control-Allow-Origin"] = "*"
        else:
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("X-Frame-Options", "DENY")
        if self._secure:
            headers["Strict-Transport-Security"] = HSTS


def is_api(path: str) -> bool:
    """Whether an address belongs to the API, not to the pages."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
