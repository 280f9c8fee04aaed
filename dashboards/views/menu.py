"""Which pages a function finds in its menu, and where it starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.parties import Actor, Function, Party
from domain.sharing import FACILITATORS, RELATIONS
from domain.sharing_table import SEES, Kind, Relation

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
OF_INCIDENTS = frozenset({"incidenten", "burgemeester", "regio", "partner"})
"""Overviews of incidents: empty means that there is none, so they are only for who may see incidents."""
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


def sees_incidents(actor: Actor) -> bool:
    """Whether this function may see incidents at all; the policy then says which."""
    own = actor.party is Party.GEMEENTE or actor.function in FACILITATORS
    how = Relation.EIGEN if own else RELATIONS.get(actor.party, Relation.ANDERS)
    return Kind.INCIDENT in SEES.get((how, actor.function), frozenset())


def is_meant_for(page: str, actor: Actor) -> bool:
    """Whether this overview is in the menu of the function. The plain list of incidents is for all who see them."""
    return page in {"incidenten", "taken"} or page in _names(actor) or actor.function in FACILITATORS


def _names(actor: Actor) -> tuple[str, ...]:
    names = MENUS.get(actor.function, FALLBACK)
    return names if sees_incidents(actor) else tuple(name for name in names if name not in OF_INCIDENTS) or ("taken",)
