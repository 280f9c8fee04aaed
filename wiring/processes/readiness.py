"""Whether a part answers now: used while starting and by health checks."""

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from wiring.settings import Settings


async def postgres_answers(url: str) -> bool:
    """Whether PostgreSQL takes a connection."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


async def kafka_answers(bootstrap: str) -> bool:
    """Whether the broker gives metadata and has a group coordinator."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=3000)
    try:
        await admin.start()
        await admin.list_topics()
        await admin.find_coordinator("driehoek-readiness")
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True


def local_url(settings: Settings) -> str:
    """The address at which this machine itself reaches `serve`."""
    host, _, port = settings.bind.rpartition(":")
    inside = "127.0.0.1" if host in ("", "0.0.0.0", "[::]") else host  # noqa: S104 - compared, not bound
    return f"{'https' if settings.tls_cert else 'http'}://{inside}:{port}"


async def http_answers(url: str) -> bool:
    """Whether serve answers its health address."""
    try:
        # On loopback we ask whether it lives; the name in its certificate is for people's browsers.
        async with httpx.AsyncClient(timeout=2, verify=False) as client:  # noqa: S501
            return (await client.get(f"{url}/health/live")).is_success
    except httpx.HTTPError:
        return False
