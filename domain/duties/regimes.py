"""The regimes as data: which obligations there are, from which moment they run, how long, and whom they reach."""

from collections.abc import Collection, Iterator
from datetime import date

from domain.duties.calendar import Calendar
from domain.duties.regime_checks import faults
from domain.duties.regime_file import RegimesError, read
from domain.duties.regime_models import (
    Ground,
    Ladder,
    Obligation,
    Recipient,
    Regime,
    RegimeData,
    Rounding,
    RunningLadder,
    UndecidedLadder,
    Value,
    Words,
)
from domain.errors import NotFoundError

__all__ = [
    "Ground",
    "Ladder",
    "Obligation",
    "Recipient",
    "Regime",
    "Regimes",
    "RegimesError",
    "Rounding",
    "RunningLadder",
    "UndecidedLadder",
    "UnknownObligationError",
    "Value",
    "Words",
    "parse_regimes",
]


class UnknownObligationError(NotFoundError):
    """Deze meldplicht kennen wij niet."""


class Regimes(RegimeData):
    """All of the configuration, with the ways to look things up in it."""

    def calendar(self) -> Calendar:
        """The Dutch calendar with the days that a decree equates with holidays."""
        return Calendar(equated=frozenset(self.equated_days))

    def regime(self, regime_id: str, on: date | None = None) -> Regime:
        """One regime, as it reads on this date (default: its newest text). Raises UnknownObligationError."""
        return _on([regime for regime in self.regimes if regime.id == regime_id], on)

    def obligation(self, obligation_id: str, on: date | None = None) -> Obligation:
        """One obligation, as it reads on this date (default: its newest text). Raises UnknownObligationError."""
        regime = self.regime_of(obligation_id, on)
        return next(obligation for obligation in regime.obligations if obligation.id == obligation_id)

    def regime_of(self, obligation_id: str, on: date | None = None) -> Regime:
        """The regime an obligation belongs to. Raises UnknownObligationError."""
        return _on([regime for regime, one in self._all() if one.id == obligation_id], on)

    def applying(self, kind: str, on: date, decided: Collection[str] = ()) -> tuple[Regime, ...]:
        """Regimes in force on this date for this kind of organisation, with what was decided that it is."""
        is_ = self.qualities_of(kind, decided)
        return tuple(
            regime
            for regime in self.regimes
            if regime.holds(on) and (regime.applies_if is None or regime.applies_if in is_)
        )

    def qualities_of(self, kind: str, decided: Collection[str] = ()) -> frozenset[str]:
        """What an organisation is: by law, and by recorded decisions that the law leaves room for."""
        known = self.kinds.get(kind)
        if known is None:
            return frozenset(decided)
        return frozenset({*known.has, *decided} - set(known.never))

    def recipients_of(self, obligation: Obligation, on: date) -> tuple[Recipient, ...]:
        """Who must be told on this date, in the order of the configuration."""
        return tuple(each for name in obligation.recipients for each in self.recipients[name] if each.holds(on))

    def regime_ids(self) -> frozenset[str]:
        """Ids of all regimes."""
        return frozenset(regime.id for regime in self.regimes)

    def obligation_ids(self) -> frozenset[str]:
        """Ids of all obligations."""
        return frozenset(obligation.id for _, obligation in self._all())

    def referenced(self) -> frozenset[str]:
        """Ids of obligations whose receiver gives a reference number."""
        return frozenset(obligation.id for _, obligation in self._all() if obligation.gets_reference)

    def in_force(self) -> dict[str, date]:
        """From which date each law exists."""
        return {one: min(each.from_ for each in self.regimes if each.id == one) for one in self.regime_ids()}

    def _all(self) -> Iterator[tuple[Regime, Obligation]]:
        return ((regime, obligation) for regime in self.regimes for obligation in regime.obligations)


def _on(versions: list[Regime], on: date | None) -> Regime:
    """The text that holds on this date; the first one before that, the last one after it."""
    if not versions:
        raise UnknownObligationError
    ordered = sorted(versions, key=lambda each: each.from_)
    if on is None:
        return ordered[-1]
    return next((each for each in reversed(ordered) if each.from_ <= on), ordered[0])


def parse_regimes(text: str) -> Regimes:
    """Read the configuration. Raises RegimesError, with line, place and reason of each mistake."""
    return read(text, Regimes, faults)
