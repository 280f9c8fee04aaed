"""No body larger than the limit is read into memory, whether the caller announces its size or not."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import TooLargeError, refused

LARGEST_BODY = 1024 * 1024
MOST_DROPPED = 8 * 1024 * 1024
DROP_SECONDS = 5.0
"""What is too large is dropped while it comes, within these limits: who still sends can not read our answer."""
TOO_LARGE = 413


class BodyLimitMiddleware:
    """Refuses by Content-Length before anything is kept, and by counting while the rest is read."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = _announced(scope)
        if announced > self._largest:
            if announced <= MOST_DROPPED:
                await _drop(receive)
            answer = refused(Request(scope), TooLargeError())
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._largest:
                if message.get("more_body"):
                    await _drop(receive)
                raise HTTPException(TOO_LARGE, headers={"Connection": "close"})
            return message

        await self._app(scope, counted, send)


async def _drop(receive: Receive) -> None:
    dropped = 0
    try:
        async with asyncio.timeout(DROP_SECONDS):
            while dropped < MOST_DROPPED:
                message = await receive()
                dropped += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0
