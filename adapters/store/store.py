"""The store: a pool of connections and the transactions on them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from adapters.store.access_rows import AccountRows, SessionRows
from adapters.store.connections import transaction
from adapters.store.correlation_rows import CorrelationRows
from adapters.store.intake_rows import IntakeRows
from adapters.store.log_rows import LogRows
from adapters.store.message_rows import MessageRows
from adapters.store.registers import RegisterRows
from adapters.store.state_rows import StateRows
from domain.events.core import Mode


class PgTransaction(LogRows, StateRows, CorrelationRows, MessageRows):
    """One transaction on one connection: the rows of each file beside this one."""

    def __init__(
        self, sql: asyncpg.Connection, mode: Mode, new_id: Callable[[], UUID], seal: Callable[[bytes], bytes] | None
    ) -> None:
        self._sql = sql
        self._mode = mode
        self._new_id = new_id
        self._seal = seal
        self._heads: dict[str, tuple[int, bytes]] = {}


class PgIntakeTransaction(PgTransaction, IntakeRows):
    """The same for a batch of signals."""


class PgAccessTransaction(PgTransaction, AccountRows, SessionRows):
    """The same for accounts, sessions and sources."""


class PgRegisterTransaction(PgTransaction, RegisterRows):
    """The same for the registers."""


class PgStore:
    """Transactions of one mode on one database. `seal` signs destructions; without it there are none."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        mode: Mode,
        new_id: Callable[[], UUID],
        seal: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._seal = seal
        self._pool = pool
        self._mode = mode
        self._new_id = new_id

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PgTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        async with transaction(self._pool) as connection:
            yield PgTransaction(connection, self._mode, self._new_id, self._seal)

    @asynccontextmanager
    async def begin_intake(self) -> AsyncIterator[PgIntakeTransaction]:
        """A transaction for a batch of signals."""
        async with transaction(self._pool) as connection:
            yield PgIntakeTransaction(connection, self._mode, self._new_id, self._seal)

    @asynccontextmanager
    async def begin_access(self) -> AsyncIterator[PgAccessTransaction]:
        """A transaction for accounts."""
        async with transaction(self._pool) as connection:
            yield PgAccessTransaction(connection, self._mode, self._new_id, self._seal)

    @asynccontextmanager
    async def begin_register(self) -> AsyncIterator[PgRegisterTransaction]:
        """A transaction for the registers."""
        async with transaction(self._pool) as connection:
            yield PgRegisterTransaction(connection, self._mode, self._new_id, self._seal)
