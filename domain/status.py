"""States, roles and lanes of an incident. Every change of state is a human act."""

from enum import StrEnum


class Status(StrEnum):
    """`te duiden` until a person says what it is; `samengevoegd` = goes on in another incident."""

    TE_DUIDEN = "te-duiden"
    BEVESTIGD = "bevestigd"
    CRISIS = "crisis"
    ONTWRICHTING = "ontwrichting"
    AFGESLOTEN = "afgesloten"
    SAMENGEVOEGD = "samengevoegd"

    @property
    def is_open(self) -> bool:
        """Whether people are still working on it."""
        return self not in (Status.AFGESLOTEN, Status.SAMENGEVOEGD)


class MunicipalRole(StrEnum):
    """Is the municipality hit itself, or involved in what hits others?"""

    SLACHTOFFER = "slachtoffer"
    BETROKKENE = "betrokkene"


class Lane(StrEnum):
    """Fighting the source and fighting the effects each have one owner."""

    BRON = "bron"
    EFFECT = "effect"
