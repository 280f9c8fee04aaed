"""What a reporter can do at once, and whom to call. The same for every digital disturbance (IBD and NCSC advice)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FirstAct:
    """An act that limits damage and never makes it worse."""

    act: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody to call. `number` is what is dialled."""

    name: str
    number: str
    when: str


FIRST_ACTS: tuple[FirstAct, ...] = (
    FirstAct(
        act="Isoleer wat geraakt is",
        why="Haal het systeem van het netwerk. Zet het niet uit: dan gaat bewijs verloren.",
    ),
    FirstAct(
        act="Maak back-ups los",
        why="Koppel back-ups los van het netwerk, zodat zij niet ook geraakt worden.",
    ),
    FirstAct(
        act="Bewaar bewijs",
        why="Wis niets. Maak schermafdrukken en schrijf op wat u deed en hoe laat.",
    ),
)

DEFAULT_CONTACTS: tuple[Contact, ...] = (
    Contact(name="IBD-helpdesk", number="070 204 55 11", when="dag en nacht, bij elk incident"),
    Contact(name="Politie", number="0900 8844", when="aangifte; bij spoed 112"),
)
"""Used when an instance is given no numbers of its own."""
