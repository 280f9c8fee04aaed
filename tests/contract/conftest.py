"""The same ports twice: in memory and on PostgreSQL."""

from dataclasses import dataclass

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.store.due import PgDue
from adapters.store.readings import PgReadings
from adapters.store.registers import PgRegisters
from adapters.store.signing import SigningKey
from adapters.store.store import PgStore
from domain.events.core import Mode
from domain.register import Register
from tests.fake_access import FakeAccess
from tests.fake_readings import FakeDue, FakeReadings
from tests.fakes import FakeRegisters, FakeStore
from usecases.access.ports import AccessStore
from usecases.edit_register import fill_register
from usecases.ports import DueReader, Registers, Store
from usecases.readings import Readings

KEY = SigningKey(Ed25519PrivateKey.generate())
WAITING = 3
"""What the broker is said to hold."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """One implementation of each port, over the same rows."""

    store: Store
    due: DueReader
    readings: Readings
    access: AccessStore


async def _waiting() -> int:
    return WAITING


@pytest.fixture
def in_memory() -> Ports:
    """The doubles of the unit tests."""
    store = FakeStore()
    return Ports(store=store, due=FakeDue(store), readings=FakeReadings(store, in_flight=WAITING), access=FakeAccess())


@pytest.fixture
def on_postgres(pool: asyncpg.Pool) -> Ports:
    """The real ones, as the application role."""
    store = a_store(pool)
    return Ports(store=store, due=PgDue(pool), readings=PgReadings(pool, _waiting), access=store)


@pytest.fixture(params=["in_memory", "on_postgres"])
def ports(request: pytest.FixtureRequest) -> Ports:
    """The ports, empty."""
    made: Ports = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def registers_in_memory(filled: Register) -> Registers:
    """The double of the unit tests."""
    return FakeRegisters({filled.municipality: filled})


@pytest.fixture
async def registers_on_postgres(pool: asyncpg.Pool, filled: Register) -> Registers:
    """The real ones, filled as a demonstration is."""
    assert await fill_register(a_store(pool), filled, SystemClock().now())
    return PgRegisters(pool)


@pytest.fixture(params=["registers_in_memory", "registers_on_postgres"])
def registers(request: pytest.FixtureRequest) -> Registers:
    """Registers that hold `filled`."""
    made: Registers = request.getfixturevalue(request.param)
    return made


def a_store(pool: asyncpg.Pool) -> PgStore:
    """The store of the application."""
    return PgStore(pool, Mode.LIVE, TimeOrderedIds(SystemClock()).new, KEY.sign)
