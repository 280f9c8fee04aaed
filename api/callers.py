"""Who calls: a machine with a token, or a person with a session; and that an act comes from a page of ours."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Header, Request

from domain.errors import AwayError, NotAllowedError
from domain.parties import Actor
from usecases.access.sign_in import SignedOutError
from usecases.known_sources import TokenUnknownError

LONGEST_KEY = 200


class ForeignOriginError(NotAllowedError):
    """Dit verzoek kwam niet van een pagina van Driehoek. Stuur de kop `Origin` met het adres van deze site mee."""

    code = "origin-onbekend"


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=LONGEST_KEY,
        description="hetzelfde kenmerk nog eens geeft hetzelfde antwoord en geen tweede gevolg",
    ),
]


def bearer_of(request: Request) -> str:
    """The token of a machine. Raises TokenUnknownError when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenUnknownError
    return token.strip()


def actor_of(request: Request) -> Actor:
    """The person behind the session. Raises SignedOutError, or AwayError when nobody can tell."""
    actor: Actor | None = getattr(request.state, "actor", None)
    if actor is not None:
        return actor
    if getattr(request.state, "away", False):
        raise AwayError
    raise SignedOutError


def acting(request: Request, origins: Collection[str]) -> Actor:
    """The person who wants to change something, from a page of ours (a cookie alone proves no intention)."""
    actor = actor_of(request)
    origin = request.headers.get("origin")
    own = origins or (f"{request.url.scheme}://{request.headers.get('host', '')}",)
    if origin not in own:
        raise ForeignOriginError
    return actor
