"""`signal send`: a file through the same door as any machine, with a token of a source of that municipality."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from domain.errors import DriehoekError
from domain.parties import Party
from domain.reference.municipalities import UnknownMunicipalityError
from signals.formats.table import FORMATS
from usecases.access.sources import add_local_source
from wiring.parts import access_of, parts, rules
from wiring.processes.listening import Address, address_of
from wiring.runtime import keep_private
from wiring.settings import Settings

DOOR = "/v1/signalen"
DOORS: Mapping[str, str] = {each.id: f"{DOOR}/{each.id}" for each in FORMATS.values() if each.webhook}
"""Formats with a door of their own."""
JSON = "application/json"
ANY = "auto"
LABEL = "driehoek signal send"
PATIENCE_SECONDS = 15.0
UNAUTHORIZED = 401


async def send_file(settings: Settings, body: bytes, *, municipality: str, source_format: str) -> dict[str, Any]:
    """`{"ontvangstbewijs": …}` when it was taken in, otherwise `{"fout": …}` with a sentence."""
    if source_format not in (ANY, *FORMATS):
        return {"fout": f"Dit formaat kennen wij niet. Kies {', '.join((ANY, *FORMATS))}."}
    try:
        rules().reference.municipality(municipality)
        address = address_of(settings)
        token = _kept(settings, municipality) or await _new(settings, municipality)
        answer = await _post(settings, address, body, source_format, token)
        if answer.status_code == UNAUTHORIZED:
            # The kept token is of another database, or was revoked.
            answer = await _post(settings, address, body, source_format, await _new(settings, municipality))
    except UnknownMunicipalityError:
        return {"fout": "Deze gemeentecode bestaat niet. Schrijf hem als GM0344."}
    except DriehoekError as error:
        return {"fout": error.message}
    except httpx.HTTPError as error:
        return {"fout": f"serve antwoordt niet op {address_of(settings).url} ({type(error).__name__})."}
    return _told(answer)


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told: dict[str, Any] = answer.json()
    except ValueError:
        told = {}
    if answer.is_success and "ontvangstbewijs" in told:
        return {"ontvangstbewijs": told["ontvangstbewijs"]}
    return {"fout": str(told.get("detail", "Het signaal is niet aangenomen.")), "status": answer.status_code}


async def _post(settings: Settings, address: Address, body: bytes, source_format: str, token: str) -> httpx.Response:
    known = FORMATS.get(source_format)
    media_type = known.media_types[0] if known and known.media_types else JSON
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media_type}
    async with httpx.AsyncClient(verify=_trust(settings, address), timeout=PATIENCE_SECONDS) as client:
        return await client.post(f"{address.url}{DOORS.get(source_format, DOOR)}", content=body, headers=headers)


def _trust(settings: Settings, address: Address) -> ssl.SSLContext | bool:
    """On this machine serve proves itself by its very certificate, whatever name stands in it."""
    if not address.own_tls or settings.tls_cert is None:
        return True
    context = ssl.create_default_context(cafile=str(settings.tls_cert))
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


async def _new(settings: Settings, municipality: str) -> str:
    """A new source of this municipality; its token is kept for the next time."""
    async with parts(settings, process="send") as made:
        _, token = await add_local_source(access_of(made), f"{Party.GEMEENTE}:{municipality}", LABEL)
    keep_private(_place(settings, municipality), token)
    return token


def _kept(settings: Settings, municipality: str) -> str | None:
    try:
        return _place(settings, municipality).read_text().strip() or None
    except OSError:
        return None


def _place(settings: Settings, municipality: str) -> Path:
    """Beside the signing key, in the data folder of this instance; otherwise at home."""
    folder = settings.signing_key.parent if settings.signing_key else Path.home() / ".driehoek"
    return folder / f"bron-{settings.mode.value}-{municipality}.secret"
