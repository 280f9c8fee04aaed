"""Whether one process still works, for the checks of containers: its heartbeat is young, or serve answers."""

import asyncio

import httpx

from adapters.store.connections import connected
from adapters.store.heartbeats import Heartbeats
from domain.errors import DriehoekError
from wiring.processes.listening import address_of
from wiring.processes.vitals import ALIVE_SECONDS
from wiring.settings import Settings

PATIENCE_SECONDS = 5.0
BEATS = {"scheduler": "sweep"}
"""Processes that beat under the name of what they do."""


async def is_healthy(settings: Settings, name: str) -> bool:
    """Serve by its address; the others by a heartbeat of at most thirty seconds old (a stand-by relay counts too)."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _serve_answers(settings) if name == "serve" else await _beats(settings, BEATS.get(name, name))
    except (DriehoekError, OSError, TimeoutError):
        return False


async def _serve_answers(settings: Settings) -> bool:
    # The certificate names the public address, and this question comes from the machine itself.
    async with httpx.AsyncClient(verify=False, timeout=PATIENCE_SECONDS) as client:  # noqa: S501 - see above
        try:
            return (await client.get(f"{address_of(settings).url}/health/live")).is_success
        except httpx.HTTPError:
            return False


async def _beats(settings: Settings, name: str) -> bool:
    if settings.database_url is None:
        return False
    async with connected(settings.database_url.get_secret_value(), process="healthy", size=1) as pool:
        known = await Heartbeats(pool).read()
    mine = [beat for beat in known.values() if beat.name == name or beat.name.startswith(f"{name}:")]
    return any(beat.age_seconds <= ALIVE_SECONDS for beat in mine)
