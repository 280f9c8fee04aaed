"""The regimes as data: which obligations there are, from which moment they run, how long, and whom they reach."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from domain.duties.calendar import Calendar
from domain.errors import NotFoundError

Words = Mapping[str, str]
"""A text per language: `nl` and `en`."""
Rounding = Literal["elapsed_hours", "calendar_end_of_day_roll", "no_clock", "on_request"]


class UnknownObligationError(NotFoundError):
    """Deze meldplicht kennen wij niet."""


class Value(BaseModel):
    """A closed, frozen piece of configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Recipient(Value):
    """Who must be told; dated, because the law changes who that is."""

    name: Words
    from_: date = Field(alias="from")
    until: date | None = None
    confidence: str


class Ground(Value):
    """A reason that can be given with a decision."""

    id: str
    label: Words


class Obligation(Value):
    """One duty of a regime. `when`: `decided` = with the decision on significance; `asked` = only when somebody asks.

    `trigger`: `aware`, `handled`, `request` or `submitted:<obligation>`.
    """

    id: str
    label: Words
    when: Literal["decided", "asked"]
    trigger: str
    projected_from: str | None = None
    duration: int | None = None
    unit: Literal["hour", "day", "week", "month", "year"] | None = None
    rounding: Rounding
    urgency: str | None = None
    recipients: tuple[str, ...]
    ref: str
    confidence: str
    shown: bool = False

    @property
    def hours(self) -> int | None:
        """Length in hours, for an obligation that is counted in hours."""
        return self.duration if self.unit == "hour" else None


class Regime(Value):
    """One law with its question, its grounds and its obligations. `anchor`: how playbooks call its awareness."""

    id: str
    anchor: str | None = None
    label: Words
    from_: date = Field(alias="from")
    applies_to: tuple[str, ...]
    awareness: Words
    question: Words
    grounds: tuple[Ground, ...]
    obligations: tuple[Obligation, ...]


class RunningLadder(Value):
    """When people are warned for a clock that runs."""

    half_time: bool
    before_minutes: tuple[int, ...]
    at_limit: bool
    after_minutes: int
    after_count: int


class UndecidedLadder(Value):
    """When people are reminded that nobody decided yet."""

    after_minutes: tuple[int, ...]


class Ladder(Value):
    """Both ladders."""

    running: RunningLadder
    undecided: UndecidedLadder


class Regimes(Value):
    """All of the configuration, of one version."""

    version: str
    equated_days: tuple[date, ...]
    recipients: Mapping[str, Recipient]
    ladder: Ladder
    regimes: tuple[Regime, ...]

    def calendar(self) -> Calendar:
        """The Dutch calendar with the days that a decree equates with holidays."""
        return Calendar(equated=frozenset(self.equated_days))

    def regime(self, regime_id: str) -> Regime:
        """One regime. Raises UnknownObligationError."""
        for regime in self.regimes:
            if regime.id == regime_id:
                return regime
        raise UnknownObligationError

    def obligation(self, obligation_id: str) -> Obligation:
        """One obligation. Raises UnknownObligationError."""
        for regime in self.regimes:
            for obligation in regime.obligations:
                if obligation.id == obligation_id:
                    return obligation
        raise UnknownObligationError

    def regime_of(self, obligation_id: str) -> Regime:
        """The regime an obligation belongs to. Raises UnknownObligationError."""
        for regime in self.regimes:
            if any(obligation.id == obligation_id for obligation in regime.obligations):
                return regime
        raise UnknownObligationError

    def applying(self, kind: str, on: date) -> tuple[Regime, ...]:
        """Regimes in force on this date for this kind of organisation."""
        return tuple(regime for regime in self.regimes if kind in regime.applies_to and regime.from_ <= on)

    def regime_ids(self) -> frozenset[str]:
        """Ids of all regimes."""
        return frozenset(regime.id for regime in self.regimes)

    def obligation_ids(self) -> frozenset[str]:
        """Ids of all obligations."""
        return frozenset(obligation.id for regime in self.regimes for obligation in regime.obligations)


def parse_regimes(text: str) -> Regimes:
    """Read the configuration. Raises pydantic.ValidationError or yaml.YAMLError."""
    data: Any = yaml.safe_load(text)
    return Regimes.model_validate(data)
