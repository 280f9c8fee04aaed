"""Demonstration data: accounts with a mark and a known password, and registers. It sends no signals by itself."""

from dataclasses import dataclass
from datetime import datetime

from adapters import packaged
from domain.accounts import Holding
from domain.parties import Function
from domain.reference.municipalities import Reference
from usecases.access.accounts import NewAccount, demo_account
from usecases.access.sign_in import Access
from usecases.edit_register import fill_register
from wiring.parts import Parts

PASSWORD = "driehoek-demo"  # noqa: S105 - public on purpose: demonstration mode only, printed at start
HOME = "GM0344"
NEIGHBOURS = ("GM0310", "GM0355", "GM0353", "GM0363")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A demonstration account: login, who, in which kind of organisation, in which function."""

    login: str
    name: str
    where: str
    function: Function


PEOPLE = (
    Person(login="ciso", name="Sam de Vries", where="gemeente", function=Function.CISO),
    Person(login="burgemeester", name="Robin Jansen", where="gemeente", function=Function.BURGEMEESTER),
    Person(login="secretaris", name="Kim Bakker", where="gemeente", function=Function.GEMEENTESECRETARIS),
    Person(login="fg", name="Noor Visser", where="gemeente", function=Function.FG),
    Person(login="oov", name="Jip Smit", where="gemeente", function=Function.OOV),
    Person(login="communicatie", name="Luca Mulder", where="gemeente", function=Function.COMMUNICATIE),
    Person(login="proces", name="Bo Dekker", where="gemeente", function=Function.PROCESEIGENAAR),
    Person(login="beheer", name="Charlie Vos", where="gemeente", function=Function.BEHEERDER),
    Person(login="regio", name="Mika Peters", where="vr", function=Function.COORDINATOR),
    Person(login="politie", name="Toon Hendriks", where="politie", function=Function.POLITIE),
    Person(login="om", name="Sanne van Dijk", where="om", function=Function.OFFICIER),
)


async def make_accounts(access: Access, reference: Reference) -> None:
    """Make the accounts of the home municipality and one CISO for each neighbour; those that exist stay."""
    now = access.clock.now()
    for person in PEOPLE:
        more = _regional_chair(reference, now) if person.function is Function.BURGEMEESTER else ()
        await demo_account(access, _asked(person, HOME, reference), password=PASSWORD, more=more)
    for code in NEIGHBOURS:
        name = reference.municipality(code).name
        neighbour = Person(login=f"ciso-{code.lower()}", name=f"CISO {name}", where="gemeente", function=Function.CISO)
        await demo_account(access, _asked(neighbour, code, reference), password=PASSWORD)


async def fill_registers(made: Parts) -> None:
    """Load the demonstration registers; a register that has entries stays as it is."""
    for register in packaged.demo_registers().values():
        await fill_register(made.store, register, made.clock.now())


def told_accounts() -> list[str]:
    """The accounts, as they are printed at the start."""
    rows = [f"  {person.login:<14} {person.function.value:<22} {person.name}" for person in PEOPLE]
    return [*rows, f"  wachtwoord voor allemaal: {PASSWORD}"]


def shown_accounts() -> tuple[tuple[str, str, str], ...]:
    """Login, password and who, for the sign-in page of a demonstration."""
    return tuple((person.login, PASSWORD, f"{person.name}, {person.function.value}") for person in PEOPLE)


def _regional_chair(reference: Reference, now: datetime) -> tuple[Holding, ...]:
    """A mayor may also act for the safety region: one person, two functions."""
    region = reference.parties_of(HOME).safety_region
    return (
        Holding(
            organisation=region.id,
            organisation_name=region.name,
            function=Function.COORDINATOR,
            since=now,
        ),
    )


def _asked(person: Person, municipality: str, reference: Reference) -> NewAccount:
    parties = reference.parties_of(municipality)
    party = {
        "gemeente": parties.municipality,
        "vr": parties.safety_region,
        "politie": parties.police,
        "om": parties.prosecution,
    }[person.where]
    return NewAccount(
        login=person.login,
        name=person.name,
        organisation=party.id,
        organisation_name=party.name,
        function=person.function,
    )
