"""Who is calling: the session cookie becomes an `Actor` in the request. Nothing else reads the cookie."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.types import ASGIApp, Receive, Scope, Send

from domain.errors import AwayError
from usecases.access.sign_in import NoFunctionError, Present, SignedOutError

LONGEST_TOKEN = 128
"""Ours have 43 characters; longer ones are not worth a look-up."""


@dataclass(frozen=True, kw_only=True)
class CookieRules:
    """Name and flags of the session cookie. `secure` is False on plain http over loopback only.

    An exercise has a cookie name of its own, so that one browser can hold both sessions and mix up neither.
    """

    name: str
    secure: bool

    @classmethod
    def of(cls, *, mode: str, secure: bool) -> "CookieRules":
        """`__Host-` binds the cookie to this host and to https (RFC 6265bis 4.1.3.2)."""
        return cls(name=f"{'__Host-' if secure else ''}driehoek-{mode}", secure=secure)

    def header(self, token: str, *, max_age: int) -> str:
        """Value of Set-Cookie. Lax, because Strict would sign out whoever follows a mailed link."""
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}"


class IdentityMiddleware:
    """Puts `actor`, `present`, `session_token` and `away` in `request.state`, for http and websocket alike."""

    def __init__(
        self, app: ASGIApp, *, who: Callable[[str], Awaitable[Present]], cookie: CookieRules, skip: tuple[str, ...]
    ) -> None:
        self._app = app
        self._who = who
        self._cookie = cookie
        self._skip = skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look up the session once per request; paths of machines and static files are left alone."""
        if scope["type"] in ("http", "websocket"):
            state = scope.setdefault("state", {})
            state.update(actor=None, present=None, session_token=None, away=False, cookie=self._cookie)
            if not scope["path"].startswith(self._skip):
                await self._identify(scope, state)
        await self._app(scope, receive, send)

    async def _identify(self, scope: Scope, state: dict[str, object]) -> None:
        token = self._token(scope)
        state["session_token"] = token
        if not token:
            return
        try:
            present = await self._who(token)
        except (SignedOutError, NoFunctionError):
            return
        except AwayError:
            state["away"] = True
            return
        state["present"] = present
        state["actor"] = present.actor

    def _token(self, scope: Scope) -> str | None:
        cookies: SimpleCookie = SimpleCookie()
        for name, value in scope["headers"]:
            if name == b"cookie":
                try:
                    cookies.load(value.decode("latin-1"))
                except CookieError:
                    return None
        morsel = cookies.get(self._cookie.name)
        return morsel.value if morsel and len(morsel.value) <= LONGEST_TOKEN else None
