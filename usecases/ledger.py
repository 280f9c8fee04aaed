"""The two balances: every answered receipt has one outcome, every signal has one verdict. Nothing is a remainder."""

from dataclasses import dataclass

from usecases.readings import Counted, Readings


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Both balances with their verdict. `missing` = receipts without outcome: loss, unless it is still on its way."""

    counted: Counted
    missing: int
    unplaced: int

    @property
    def balanced(self) -> bool:
        """Whether both balances hold exactly."""
        return self.missing == 0 and self.unplaced == 0

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way: only then a difference means something."""
        return self.counted.spooled == 0 and self.counted.in_flight == 0


def balance(counted: Counted) -> Ledger:
    """Both differences. Exact whenever `spooled` and `in_flight` are 0; copies stand outside as `redelivered`."""
    outcomes = counted.read + counted.quarantined + counted.spooled + counted.in_flight
    verdicts = counted.in_incidents + counted.noted + counted.duplicates + counted.refused_rows
    return Ledger(counted=counted, missing=counted.received - outcomes, unplaced=counted.signals - verdicts)


async def ledger(readings: Readings) -> Ledger:
    """The balances now."""
    return balance(await readings.counted())
