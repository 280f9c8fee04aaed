"""Before the product starts: roles, schema, topics, demonstration data or the first administrator."""

import asyncio
from urllib.parse import unquote, urlsplit

from adapters.embedded.postgres import DATABASE, EmbeddedPostgres
from adapters.kafka.admin import ensure_topics
from adapters.store.migrate import ensure_app_role, ensure_database, migrate
from domain.errors import DriehoekError
from domain.parties import Function
from usecases.access.accounts import NewAccount, first_administrator
from wiring import demo
from wiring.kafka import connection_of
from wiring.output import say, stop
from wiring.parts import Parts, access_of, parts
from wiring.runtime import Instance
from wiring.settings import Settings

FIRST_ORGANISATION = "gemeente:GM0344"


async def prepare_instance(instance: Instance, postgres: EmbeddedPostgres) -> str | None:
    """Make everything ready on the embedded servers. Gives the one-time link of the first administrator, if any."""
    settings = Settings.model_validate(instance.settings)
    app_url = settings.database_url.get_secret_value() if settings.database_url else ""
    await ensure_database(postgres.url(database="postgres"), DATABASE)
    await ensure_app_role(postgres.url(), unquote(urlsplit(app_url).password or ""))
    await migrate(postgres.url())
    await ensure_topics(connection_of(settings), mode=settings.mode.value, replication=1, create=True)
    async with parts(settings, process="up") as made:
        return await _people(made)


async def _people(made: Parts) -> str | None:
    access = access_of(made)
    if made.settings.demo:
        await demo.make_accounts(access, made.context.rules.reference)
        await demo.fill_registers(made)
        return None
    invited = await first_administrator(
        access,
        NewAccount(
            login="beheerder",
            name="Beheerder",
            organisation=FIRST_ORGANISATION,
            organisation_name=made.context.rules.reference.municipality("GM0344").name,
            function=Function.BEHEERDER,
        ),
    )
    return invited.token if invited else None


def migrate_and_check(settings: Settings) -> None:
    """`driehoek migrate`: the schema as owner, then the topics when they may be made. One clear line on a fault."""
    if settings.database_owner_url is None:
        stop("DRIEHOEK_DATABASE_OWNER_URL ontbreekt: alleen de eigenaar mag het schema wijzigen.")
    try:
        asyncio.run(_migrate(settings, settings.database_owner_url.get_secret_value()))
    except DriehoekError as error:
        stop(error.message)
    say("Schema en topics zijn in orde.")


async def _migrate(settings: Settings, owner_url: str) -> None:
    await migrate(owner_url)
    if settings.kafka_bootstrap:
        await ensure_topics(
            connection_of(settings), mode=settings.mode.value, replication=settings.kafka_replication, create=True
        )
