"""How bad it is, in the words of the status palette; the order is the order of severity."""

from enum import StrEnum


class Severity(StrEnum):
    """Severity of a disturbance. `onbekend` is no statement: no report is not safety."""

    ONBEKEND = "onbekend"
    NORMAAL = "normaal"
    WAAKZAAM = "waakzaam"
    VERSTOORD = "verstoord"
    ERNSTIG = "ernstig-verstoord"

    @property
    def rank(self) -> int:
        """Place in the order, 0 = unknown."""
        return list(Severity).index(self)


def worst(*levels: Severity) -> Severity:
    """The most severe of these; at least one is given."""
    return max(levels, key=lambda level: level.rank)
