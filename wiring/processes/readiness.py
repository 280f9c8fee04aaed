"""Whether a part answers now: used while starting and by health checks."""

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError


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


async def http_answers(url: str) -> bool:
    """Whether serve answers its health address."""
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            return (await client.get(f"{url}/health/live")).is_success
    except httpx.HTTPError:
        return False
