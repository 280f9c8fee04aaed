"""Traffic Light Protocol 2.0 of FIRST: labels are never translated."""

from enum import StrEnum


class Tlp(StrEnum):
    """Who may see it, from everybody to named persons only."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """Place in the order, 0 = may be public."""
        return list(Tlp).index(self)


def strictest(*labels: Tlp) -> Tlp:
    """The label that allows least; at least one is given."""
    return max(labels, key=lambda label: label.rank)
