"""What is known of an incident when somebody must decide whether it must be reported. Unknown is a value too."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

from domain.severity import Severity

Answer = Literal["ja", "nee", "onbekend"]
Fact = str | float | tuple[str, ...] | None
UNKNOWN: Final = "onbekend"


@dataclass(frozen=True, kw_only=True)
class KnownFacts:
    """The facts of the guided decision: has it led, or can it lead, to what the law asks?"""

    severity: Severity = Severity.ONBEKEND
    effects: tuple[str, ...] = ()
    personal_data: Answer = UNKNOWN
    intent_suspected: Answer = UNKNOWN
    outage_hours: float | None = None
    """So far."""
    expected_outage_hours: float | None = None
    """In all, by the prognosis."""
    planned_maintenance: Answer = UNKNOWN
    fits_budget: Answer = UNKNOWN
    injury: Literal["ja", "mogelijk", "nee", "onbekend"] = UNKNOWN
    risk_to_persons: Literal["hoog", "risico", "onwaarschijnlijk", "onbekend"] = UNKNOWN
    essential_service: Answer = UNKNOWN

    def values(self) -> Mapping[str, Fact]:
        """The facts by name."""
        return asdict(self)


def is_unknown(fact: Fact) -> bool:
    """Whether nobody said anything about it yet."""
    return fact is None or fact in ((), UNKNOWN)


def in_words(fact: Fact) -> str:
    """A fact as it stands in the explanation of a rule."""
    if is_unknown(fact):
        return UNKNOWN
    if isinstance(fact, tuple):
        return ", ".join(fact)
    return f"{fact:g}" if isinstance(fact, float) else str(fact)
