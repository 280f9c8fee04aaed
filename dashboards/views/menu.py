"""Which pages a function finds in its menu, and where it starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.parties import Actor, Function

MUNICIPAL = ("incidenten", "melden", "taken", "register")
MENUS: Mapping[Function, tuple[str, ...]] = {
    Function.CISO: ("incidenten", "melden", "taken", "register", "quarantaine", "grootboek", "bronnen"),
    Function.FG: MUNICIPAL,
    Function.BURGEMEESTER: ("burgemeester", "incidenten", "taken"),
    Function.GEMEENTESECRETARIS: MUNICIPAL,
    Function.OOV: MUNICIPAL,
    Function.COMMUNICATIE: MUNICIPAL,
    Function.PROCESEIGENAAR: MUNICIPAL,
    Function.COORDINATOR: ("regio", "taken"),
    Function.POLITIE: ("partner", "taken"),
    Function.OFFICIER: ("partner", "taken"),
    Function.BEHEERDER: ("accounts", "register", "grootboek"),
}
FALLBACK = ("incidenten", "taken")
ADDRESSES: Mapping[str, str] = {
    "incidenten": "/incidenten",
    "melden": "/melden",
    "taken": "/taken",
    "burgemeester": "/burgemeester",
    "regio": "/regio",
    "partner": "/partner",
    "register": "/register",
    "quarantaine": "/quarantaine",
    "grootboek": "/grootboek",
    "accounts": "/beheer/accounts",
    "bronnen": "/beheer/accounts",
}


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the menu."""

    label: str
    href: str
    current: bool


def menu_of(actor: Actor, path: str) -> tuple[MenuItem, ...]:
    """The menu of the active function, with the page we are on marked."""
    return tuple(
        MenuItem(label=name, href=ADDRESSES[name], current=path.startswith(ADDRESSES[name])) for name in _names(actor)
    )


def home_of(actor: Actor) -> str:
    """The first page of the active function."""
    return ADDRESSES[_names(actor)[0]]


def _names(actor: Actor) -> tuple[str, ...]:
    return MENUS.get(actor.function, FALLBACK)
