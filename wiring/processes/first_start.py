"""Before the product starts: roles, schema, topics, demonstration data or the first administrator."""

import asyncio
from urllib.parse import unquote, urlsplit

from adapters.embedded.postgres import DATABASE, EmbeddedPostgres
from adapters.kafka.admin import ensure_topics
from adapters.store.migrate import ensure_app_role, ensure_database, migrate
from adapters.store.separation import mark_mode
from domain.errors import DriehoekError
from domain.parties import Function
from usecases.access.accounts import NewAccount, first_administrator
from wiring import demo
from wiring.kafka import connection_of
from wiring.output import say, stop
from wiring.parts import Parts, access_of, parts
from wiring.processes.checks import check_database, check_out_of_reach
from wiring.settings import Settings


async def prepare(settings: Settings, postgres: EmbeddedPostgres | None, *, make_topics: bool) -> str | None:
    """Make everything ready; gives the one-time link of the first administrator while nobody used it.

    `postgres` = our own server, None = the organisation's. On its servers we make nothing that we have no right to.
    """
    if postgres is not None:
        app_url = settings.database_url.get_secret_value() if settings.database_url else ""
        await ensure_database(postgres.url(database="postgres"), DATABASE)
        await ensure_app_role(postgres.url(), unquote(urlsplit(app_url).password or ""))
    if settings.database_owner_url is not None:
        await _schema(settings, settings.database_owner_url.get_secret_value())
    async with parts(settings, process="up") as made:
        await check_database(made)
        await ensure_topics(
            connection_of(settings),
            mode=settings.mode.value,
            replication=settings.kafka_replication,
            create=make_topics,
        )
        await check_out_of_reach(made)
        return await _people(made)


async def _people(made: Parts) -> str | None:
    access = access_of(made)
    if made.settings.demo:
        await demo.make_accounts(access, made.context.rules.reference)
        await demo.fill_registers(made)
        return None
    code = made.settings.gemeente
    invited = await first_administrator(
        access,
        NewAccount(
            login="beheerder",
            name="Beheerder",
            organisation=f"gemeente:{code}",
            organisation_name=made.context.rules.reference.municipality(code).name,
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
    await _schema(settings, owner_url)
    if settings.kafka_bootstrap:
        await ensure_topics(
            connection_of(settings), mode=settings.mode.value, replication=settings.kafka_replication, create=True
        )


async def _schema(settings: Settings, owner_url: str) -> None:
    await migrate(owner_url)
    await mark_mode(owner_url, settings.mode)
