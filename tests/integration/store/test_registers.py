"""Changing the register: by who may, once per click, recorded in the log of the organisation."""

import asyncpg
import pytest

from adapters import packaged
from adapters.clock import SystemClock
from adapters.store.readings import PgReadings
from adapters.store.registers import PgRegisters
from domain.errors import NotAllowedError
from domain.events.organisation import RegisterGewijzigd, stream_of
from domain.parties import Function
from domain.register import Item, Service, Supplier
from tests.builders import UTRECHT, an_actor
from tests.integration.store.a_log import a_store
from usecases import edit_register as edit
from usecases.edit_register import PutEntry, RemoveEntry, edit_register, fill_register

CLOCK = SystemClock()
NEW = Service(code="parkeren", name="Parkeren", supplier="burgersoft", aliases=("park",))


async def _none() -> int:
    return 0


async def test_an_entry_is_added_changed_and_removed_and_the_log_says_so(pool: asyncpg.Pool) -> None:
    store, ciso = a_store(pool), an_actor()
    await fill_register(store, packaged.demo_registers()[UTRECHT], CLOCK.now())

    added = await edit_register(store, CLOCK, ciso, PutEntry(entry=NEW), key="1")
    again = await edit_register(store, CLOCK, ciso, PutEntry(entry=NEW), key="1")
    changed = await edit_register(
        store, CLOCK, ciso, PutEntry(entry=NEW.model_copy(update={"critical": True})), key="2"
    )
    assert (await PgRegisters(pool).register(UTRECHT)).services["parkeren"].critical
    removed = await edit_register(store, CLOCK, ciso, RemoveEntry(kind="dienst", code="parkeren"), key="3")

    assert again == added
    assert [each.change for each in (added, changed, removed)] == ["toegevoegd", "gewijzigd", "verwijderd"]
    assert (await PgRegisters(pool).register(UTRECHT)) == packaged.demo_registers()[UTRECHT]
    log = await PgReadings(pool, _none).log([stream_of(ciso.organisation)], limit=3)
    assert log[-1].recorded.event == RegisterGewijzigd(
        entry="dienst",
        entry_id="parkeren",
        change="toegevoegd",
        values={"name": "Parkeren", "supplier": "burgersoft", "aliases": "park"},
    )
    assert log[-1].recorded.by == ciso.signature()


async def test_a_register_is_filled_once(pool: asyncpg.Pool) -> None:
    register = packaged.demo_registers()[UTRECHT]

    assert await fill_register(a_store(pool), register, CLOCK.now())
    assert not await fill_register(a_store(pool), register, CLOCK.now())


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (PutEntry(entry=Service(code=" ", name="x")), edit.EntryCodeMissingError),
        (PutEntry(entry=Service(code="x", name="X", supplier="niemand")), edit.ReferenceUnknownError),
        (PutEntry(entry=Item(code="x", name="X", service="niets")), edit.ReferenceUnknownError),
        (RemoveEntry(kind="dienst", code="niets"), edit.EntryUnknownError),
        (RemoveEntry(kind="leverancier", code="burgersoft"), edit.EntryInUseError),
        (RemoveEntry(kind="dienst", code="website"), edit.EntryInUseError),
    ],
)
async def test_what_does_not_fit_is_refused(
    pool: asyncpg.Pool, asked: PutEntry | RemoveEntry, refusal: type[Exception]
) -> None:
    store, register = a_store(pool), packaged.demo_registers()[UTRECHT]
    await fill_register(store, register, CLOCK.now())

    with pytest.raises(refusal):
        await edit_register(store, CLOCK, an_actor(), asked, key="1")
    assert await PgRegisters(pool).register(UTRECHT) == register


@pytest.mark.parametrize(
    ("function", "organisation"),
    [(Function.BURGEMEESTER, "gemeente:GM0344"), (Function.COORDINATOR, "vr:VR09"), (Function.POLITIE, "politie:RE03")],
)
async def test_who_may_not_is_refused(pool: asyncpg.Pool, function: Function, organisation: str) -> None:
    asked = PutEntry(entry=Supplier(code="x", name="X"))

    with pytest.raises(NotAllowedError):
        await edit_register(a_store(pool), CLOCK, an_actor(function, organisation), asked, key="1")
