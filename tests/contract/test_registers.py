"""Port Registers: a register comes back whole; a municipality without one has an empty one."""

import pytest

from adapters import packaged
from domain.register import Register, empty
from tests.builders import UTRECHT
from usecases.ports import Registers


@pytest.fixture
def filled() -> Register:
    """The demonstration register of Utrecht."""
    return packaged.demo_registers()[UTRECHT]


async def test_a_register_comes_back_whole(registers: Registers, filled: Register) -> None:
    found = await registers.register(UTRECHT)

    assert found == filled
    assert found.supplier_of("brp") == "burgersoft"


async def test_without_a_register_it_is_empty(registers: Registers) -> None:
    assert await registers.register("GM9999") == empty("GM9999")
