"""Puts the parts together from settings: pool, store, rules, access. Each process takes what it needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from adapters import packaged
from adapters.clock import SystemClock, TimeOrderedIds
from adapters.secrecy import LibrarySecrets
from adapters.store.connections import connected
from adapters.store.registers import PgRegisters
from adapters.store.signing import SigningKey
from adapters.store.store import PgStore
from usecases.access.sign_in import Access
from usecases.context import Context, Rules
from wiring.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What every process has."""

    settings: Settings
    pool: asyncpg.Pool
    store: PgStore
    clock: SystemClock
    ids: TimeOrderedIds
    context: Context


def rules() -> Rules:
    """The packaged configuration: law, reference data, playbooks."""
    return Rules(
        regimes=packaged.regimes(),
        calendar=packaged.calendar(),
        reference=packaged.reference(),
        catalogue=packaged.catalogue(),
        proposals=packaged.proposal_rules(),
    )


@asynccontextmanager
async def parts(settings: Settings, *, process: str) -> AsyncIterator[Parts]:
    """The parts of one process, on a pool that closes at the end of the block."""
    if settings.database_url is None:
        raise ValueError("DRIEHOEK_DATABASE_URL ontbreekt")
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    async with connected(settings.database_url.get_secret_value(), process=process) as pool:
        seal = SigningKey.read(settings.signing_key).sign if settings.signing_key else None
        store = PgStore(pool, settings.mode, ids.new, seal)
        context = Context(
            store=store,
            registers=PgRegisters(pool),
            clock=clock,
            ids=ids,
            rules=rules(),
            mode=settings.mode,
            oin=settings.oin,
        )
        yield Parts(settings=settings, pool=pool, store=store, clock=clock, ids=ids, context=context)


def access_of(made: Parts) -> Access:
    """Signing in. The second factor is left out in demonstration mode only."""
    return Access(
        store=made.store,
        secrets=LibrarySecrets(),
        clock=made.clock,
        ids=made.ids,
        second_factor=not made.settings.demo,
    )
