"""What becomes of each signal of a batch: noted, a repeat, joined or opening. Pure: what is known is given.

Noted signals are never compared: a repeat of one is noted too, so that the order of arrival can not change the count.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.register import Register
from signals import advisories, correlation, repetition
from signals.correlation import CorrelationKey, Decision, Known, Meant
from signals.normal import NormalSignal, State
from usecases.intake_rows import SignalRow, Verdict
from usecases.receipts import Read

NOTED: Mapping[State, str] = {
    State.NIEUW: "De bron zegt dat alles normaal is; genoteerd, er is niets te doen.",
    State.OPGELOST: "De bron zegt dat dit voorbij is; genoteerd, er is niets te doen.",
    State.TEST: "Testsignaal; genoteerd, het opent geen incident.",
    State.OEFENING: "Oefensignaal; genoteerd, het opent geen incident.",
    State.ONDERHOUD: "Aangekondigd onderhoud; genoteerd, het opent geen incident.",
}
CONCERNS_NOBODY = "Waarschuwing over producten die niet in uw register staan; genoteerd, er is niets te doen."
REPEATED = "Dit signaal is al eerder binnengekomen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A signal with its verdict. `decision` is there when it joins or opens; `repeats` when its first copy did."""

    read: Read
    row: SignalRow
    decision: Decision | None = None
    repeats: Decision | None = None

    @property
    def opens(self) -> bool:
        """It is the first signal of a disturbance."""
        return self.decision is not None and self.decision.outcome == "opens"


@dataclass(kw_only=True)
class Judge:
    """Judges signals one after the other; each sees what was decided before. `known` and `seen` grow."""

    registers: Mapping[str, Register]
    new_id: Callable[[], UUID]
    seen: MutableMapping[str, UUID | None]
    known: MutableMapping[CorrelationKey, Known]
    before: Mapping[CorrelationKey, Known] = field(init=False)

    def __post_init__(self) -> None:
        self.before = dict(self.known)

    def judge(self, reads: Sequence[Read]) -> Sequence[Judged]:
        """Every signal of these receipts, in order."""
        return [self._one(read, place, signal) for read in reads for place, signal in read.signals]

    def changed(self) -> Mapping[CorrelationKey, Known]:
        """The keys that lead elsewhere, or were seen later, than before."""
        return {key: found for key, found in self.known.items() if self.before.get(key) != found}

    def _one(self, read: Read, place: str, signal: NormalSignal) -> Judged:
        if signal.is_noted:
            return Judged(read=read, row=self._row(read, place, signal, (Verdict.NOTED, NOTED[signal.state])))
        meant = advisories.meaning(signal, self.registers[place])
        if meant is None:
            return Judged(read=read, row=self._row(read, place, signal, (Verdict.NOTED, CONCERNS_NOBODY)))
        if repetition.is_repeat(signal, self.seen):
            row = self._row(read, place, signal, (Verdict.DUPLICATE, REPEATED))
            return Judged(read=read, row=row, repeats=self._repeat(signal, meant))
        decision = correlation.decide(signal, meant, self.known, self.new_id)
        correlation.remember(signal, decision, self.known)
        repetition.remember(signal, decision.incident_id, self.seen)
        row = self._row(read, place, signal, (Verdict.IN_INCIDENT, decision.rule.explanation), decision.incident_id)
        return Judged(read=read, row=row, decision=decision)

    def _repeat(self, signal: NormalSignal, meant: Meant) -> Decision | None:
        """A repeat under another identity ties that identity to the incident of the first copy, while it is open."""
        if (home := repetition.home(signal, self.seen)) is None:
            return None
        found = correlation.repeat(signal, meant, self.known, home)
        correlation.remember(signal, found, self.known)
        return found

    def _row(
        self,
        read: Read,
        place: str,
        signal: NormalSignal,
        became: tuple[Verdict, str],
        incident_id: UUID | None = None,
    ) -> SignalRow:
        """The row; only what is in an incident is remembered, so that its repeats are recognised."""
        verdict, explanation = became
        return SignalRow(
            signal_id=self.new_id(),
            receipt_id=read.receipt.receipt_id,
            row=signal.raw_pointer,
            normal=signal,
            municipality=place,
            verdict=verdict,
            incident_id=incident_id,
            dedupe_keys=() if incident_id is None else repetition.dedupe_keys(signal),
            explanation=explanation,
        )


def asked_of(reads: Sequence[Read], registers: Mapping[str, Register]) -> tuple[set[str], set[CorrelationKey]]:
    """What must be known before judging: dedupe keys and correlation keys, of all signals at once."""
    repeats: set[str] = set()
    keys: set[CorrelationKey] = set()
    for read in reads:
        for place, signal in read.signals:
            if not signal.is_noted and (meant := advisories.meaning(signal, registers[place])) is not None:
                repeats.update(repetition.asked_keys(signal))
                keys.update(correlation.keys(signal, meant))
    return repeats, keys


def places_of(reads: Sequence[Read]) -> Sequence[str]:
    """Municipalities about which something is decided, sorted."""
    return sorted({place for read in reads for place, signal in read.signals if not signal.is_noted})
