"""Changing the register of one's own municipality: one entry at a time, recorded in the log of the organisation."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from domain import sharing
from domain.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from domain.events.organisation import RegisterGewijzigd, stream_of
from domain.parties import SYSTEM, Actor, Party
from domain.register import Item, Register, Service, Supplier
from domain.sharing_table import Act
from usecases import once
from usecases.ports import Clock, Transaction

EntryKind = Literal["dienst", "leverancier", "configuratie-item"]
AnyEntry = Service | Supplier | Item


class EntryUnknownError(NotFoundError):
    """Deze regel staat niet in het register. Ververs de pagina."""

    code = "registerregel-onbekend"


class EntryCodeMissingError(InvalidError):
    """Geef de regel een code en een naam."""

    code = "registerregel-leeg"


class ReferenceUnknownError(InvalidError):
    """De leverancier of dienst waarnaar deze regel verwijst staat niet in het register. Voeg die eerst toe."""

    code = "verwijzing-onbekend"


class EntryInUseError(ConflictError):
    """Een andere regel verwijst hiernaar. Wijzig eerst die regel."""

    code = "registerregel-in-gebruik"


class RegisterTransaction(Transaction, Protocol):
    """The rows of the registers, in the transaction of the facts about them."""

    async def register(self, municipality: str) -> Register:
        """The register of one municipality; empty when it has none."""
        ...

    async def put_entry(self, municipality: str, entry: AnyEntry) -> None:
        """Add an entry, or replace the one with the same code."""
        ...

    async def remove_entry(self, municipality: str, kind: EntryKind, code: str) -> None:
        """Remove an entry."""
        ...


class RegisterStore(Protocol):
    """Where such transactions come from."""

    def begin_register(self) -> AbstractAsyncContextManager[RegisterTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        ...


@dataclass(frozen=True, kw_only=True)
class PutEntry:
    """Add this entry, or replace the one with the same code."""

    entry: AnyEntry


@dataclass(frozen=True, kw_only=True)
class RemoveEntry:
    """Take this entry away."""

    kind: EntryKind
    code: str


class Edited(BaseModel):
    """What the person gets back; the same for a second click."""

    model_config = ConfigDict(frozen=True)
    kind: EntryKind
    code: str
    change: Literal["toegevoegd", "gewijzigd", "verwijderd"]


async def edit_register(
    store: RegisterStore, clock: Clock, actor: Actor, asked: PutEntry | RemoveEntry, *, key: str
) -> Edited:
    """Change the register once per key.

    Raises NotAllowedError, EntryCodeMissingError, EntryUnknownError, ReferenceUnknownError or EntryInUseError.
    """
    if actor.party is not Party.GEMEENTE or not sharing.may(
        actor, Act.REGISTER, sharing.of_organisation(actor.organisation)
    ):
        raise NotAllowedError
    municipality = actor.organisation.partition(":")[2]
    stream = stream_of(actor.organisation)
    async with store.begin_register() as tx:
        if (first := await once.answered(tx, actor, key, Edited)) is not None:
            return first
        await tx.lock([stream])
        event = change_of(await tx.register(municipality), asked)
        match asked:
            case PutEntry():
                await tx.put_entry(municipality, asked.entry)
            case RemoveEntry():
                await tx.remove_entry(municipality, asked.kind, asked.code)
        await tx.append(stream, [event], by=actor.signature(), at=clock.now())
        return await once.remember(tx, actor, key, Edited(kind=event.entry, code=event.entry_id, change=event.change))


async def fill_register(store: RegisterStore, register: Register, at: datetime) -> bool:
    """Fill a register that is empty, signed by the machine; False when it has entries already."""
    stream = stream_of(f"{Party.GEMEENTE}:{register.municipality}")
    async with store.begin_register() as tx:
        await tx.lock([stream])
        found = await tx.register(register.municipality)
        if found.services or found.suppliers or found.items:
            return False
        entries: list[AnyEntry] = [
            *register.suppliers.values(),
            *register.services.values(),
            *register.items.values(),
        ]
        for entry in entries:
            await tx.put_entry(register.municipality, entry)
        events = [_fact(entry, "toegevoegd") for entry in entries]
        await tx.append(stream, events, by=SYSTEM, at=at)
        return True


def change_of(register: Register, asked: PutEntry | RemoveEntry) -> RegisterGewijzigd:
    """The fact that this change makes on this register, or a refusal."""
    if isinstance(asked, RemoveEntry):
        return _removed(register, asked)
    entry = asked.entry
    if not entry.code.strip() or not entry.name.strip():
        raise EntryCodeMissingError
    if isinstance(entry, Service) and entry.supplier is not None and entry.supplier not in register.suppliers:
        raise ReferenceUnknownError
    if isinstance(entry, Item) and entry.service is not None and entry.service not in register.services:
        raise ReferenceUnknownError
    return _fact(entry, "gewijzigd" if entry.code in _rows(register, kind_of(entry)) else "toegevoegd")


def kind_of(entry: AnyEntry) -> EntryKind:
    """What the log and the pages call an entry of this kind."""
    match entry:
        case Service():
            return "dienst"
        case Supplier():
            return "leverancier"
        case Item():
            return "configuratie-item"


def _rows(register: Register, kind: EntryKind) -> Mapping[str, AnyEntry]:
    rows: Mapping[EntryKind, Mapping[str, AnyEntry]] = {
        "dienst": register.services,
        "leverancier": register.suppliers,
        "configuratie-item": register.items,
    }
    return rows[kind]


def _removed(register: Register, asked: RemoveEntry) -> RegisterGewijzigd:
    entry = _rows(register, asked.kind).get(asked.code)
    if entry is None:
        raise EntryUnknownError
    used = {
        "leverancier": {service.supplier for service in register.services.values()},
        "dienst": {item.service for item in register.items.values()},
    }
    if asked.code in used.get(asked.kind, set()):
        raise EntryInUseError
    return _fact(entry, "verwijderd")


def _fact(entry: AnyEntry, change: Literal["toegevoegd", "gewijzigd", "verwijderd"]) -> RegisterGewijzigd:
    given = entry.model_dump(mode="json", exclude={"code"}, exclude_defaults=True)
    values = {name: ", ".join(value) if isinstance(value, list) else str(value) for name, value in given.items()}
    return RegisterGewijzigd(entry=kind_of(entry), entry_id=entry.code, change=change, values=values)
