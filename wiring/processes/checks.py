"""What must be right before a process works: schema, mode, and for an exercise that the live side is out of reach."""

from adapters.kafka.admin import admin_of, ensure_topics
from adapters.store.connections import check_schema
from adapters.store.revision import newest
from adapters.store.separation import check_alone, check_mode
from domain.errors import DriehoekError
from domain.events.core import Mode
from wiring.kafka import connection_of
from wiring.parts import Parts
from wiring.settings import Settings


class OtherTopicsReachableError(DriehoekError):
    """Deze oefening ziet topics van de echte stand. Beperk de gebruiker van Kafka eerst tot `oefening.`."""

    code = "andere-topics-bereikbaar"


async def check_database(made: Parts) -> None:
    """Raise SchemaError, OtherModeError, DatabaseRefusesError or DatabaseAwayError: one clear line each."""
    await check_schema(made.pool, newest())
    await check_mode(made.pool, made.settings.mode)


async def check_topics(settings: Settings) -> None:
    """Raise when a topic is missing, or a right, or when the broker refuses us."""
    connection = connection_of(settings)
    await ensure_topics(connection, mode=settings.mode.value, replication=settings.kafka_replication, create=False)


async def check_out_of_reach(made: Parts) -> None:
    """An exercise asks its server for another database and its broker for live topics; neither may answer."""
    if made.settings.mode is not Mode.OEFENING:
        return
    await check_alone(made.pool)
    async with admin_of(connection_of(made.settings)) as admin:
        live = [name for name in await admin.list_topics() if name.startswith(f"{Mode.LIVE}.")]
    if live:
        raise OtherTopicsReachableError(f"{OtherTopicsReachableError.__doc__} ({', '.join(sorted(live)[:3])})")
