"""Which signals are one disturbance: three rules, each with keys, a window and an explanation. Constant cost a signal.

Keys are computed first, so that one query finds the open incidents for a whole batch; deciding is pure and sees what
was decided earlier in the same batch. A strong key joins; a weak key proposes, because people decide.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from domain.events.core import RuleUsed
from domain.register import Register
from signals.normal import NormalSignal


@dataclass(frozen=True, slots=True)
class CorrelationKey:
    """A key of a rule, within one municipality."""

    rule: str
    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """The open incident a key leads to, and when a signal with that key was last observed."""

    incident_id: UUID
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationRule:
    """One rule. `joins`: a match is the same disturbance; otherwise a match is proposed to a person."""

    id: str
    version: str
    joins: bool
    window: timedelta
    explanation: str


SAME_DISTURBANCE = CorrelationRule(
    id="zelfde-melding",
    version="1",
    joins=True,
    window=timedelta(days=7),
    explanation="De bron noemt dit dezelfde verstoring als een eerder signaal van dit incident.",
)
SAME_SERVICE = CorrelationRule(
    id="zelfde-dienst",
    version="1",
    joins=True,
    window=timedelta(hours=24),
    explanation="Zelfde dienst van dezelfde gemeente, binnen 24 uur na het vorige signaal.",
)
SAME_SUPPLIER = CorrelationRule(
    id="zelfde-leverancier",
    version="1",
    joins=False,
    window=timedelta(hours=24),
    explanation="Andere dienst van dezelfde leverancier, binnen 24 uur. Mogelijk dezelfde verstoring: beslis zelf.",
)
SAME_OBSERVABLE = CorrelationRule(
    id="zelfde-kenmerk",
    version="1",
    joins=False,
    window=timedelta(hours=72),
    explanation="Zelfde adres, domein of hash, binnen 72 uur. Mogelijk dezelfde verstoring: beslis zelf.",
)
RULES: Mapping[str, CorrelationRule] = {
    rule.id: rule for rule in (SAME_DISTURBANCE, SAME_SERVICE, SAME_SUPPLIER, SAME_OBSERVABLE)
}
FIRM = frozenset(rule.id for rule in RULES.values() if rule.joins)
"""Rules that say for sure that two signals are one disturbance."""
OPENED = CorrelationRule(
    id="nieuwe-verstoring",
    version="1",
    joins=True,
    window=timedelta(),
    explanation="Geen open incident past bij dit signaal; daarom een nieuw incident, te duiden door een mens.",
)
MOST_OBSERVABLES = 20
"""More keys than this would let one signal cost what a batch costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a signal means in the register of its municipality."""

    municipality: str
    service: str | None
    supplier: str | None
    product: str | None = None
    """By which name of the register an advisory was found to concern it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one signal. `proposal`: another open incident that may be the same."""

    outcome: Literal["joins", "opens"]
    incident_id: UUID
    rule: RuleUsed
    meant: Meant
    proposal: UUID | None = None
    proposal_rule: RuleUsed | None = None


def meaning(signal: NormalSignal, register: Register) -> Meant:
    """Service and supplier as the register names them; what it does not know stays as the sender said."""
    service = register.service(signal.service)
    supplier = register.supplier(signal.supplier)
    return Meant(
        municipality=register.municipality,
        service=service.code if service else signal.service,
        supplier=supplier.code if supplier else (service.supplier if service and service.supplier else signal.supplier),
    )


def keys(signal: NormalSignal, meant: Meant) -> tuple[CorrelationKey, ...]:
    """Keys of a signal, strongest first."""
    place = meant.municipality
    found = [CorrelationKey(SAME_DISTURBANCE.id, f"{place}|{signal.source_key}")]
    found += keys_of(place, services=(meant.service,), suppliers=(meant.supplier,))
    found += [CorrelationKey(SAME_OBSERVABLE.id, f"{place}|{each}") for each in signal.observables[:MOST_OBSERVABLES]]
    return tuple(found)


def keys_of(
    municipality: str, *, services: Sequence[str | None], suppliers: Sequence[str | None]
) -> tuple[CorrelationKey, ...]:
    """Keys of an incident that people reported: its services and suppliers, as the register names them."""
    by_service = [CorrelationKey(SAME_SERVICE.id, f"{municipality}|{each.casefold()}") for each in services if each]
    by_supplier = [CorrelationKey(SAME_SUPPLIER.id, f"{municipality}|{each.casefold()}") for each in suppliers if each]
    return (*by_service, *by_supplier)


def decide(
    signal: NormalSignal, meant: Meant, known: Mapping[CorrelationKey, Known], new_id: Callable[[], UUID]
) -> Decision:
    """Join by the strongest key that matches in its window; otherwise open, and propose by the strongest weak key.

    A signal that two strong keys lead to two incidents joins the first and proposes the second: together they are one
    disturbance, whatever came first.
    """
    matches = _matches(signal, meant, known)
    strong = next((match for match in matches if match[0].joins), None)
    if strong:
        rule, incident_id, key = strong
        other = next((match for match in matches if match[0].joins and match[1] != incident_id), None)
        return Decision(
            outcome="joins",
            incident_id=incident_id,
            rule=used(rule, key),
            meant=meant,
            proposal=other[1] if other else None,
            proposal_rule=used(other[0], other[2]) if other else None,
        )
    weak = next(iter(matches), None)
    return Decision(
        outcome="opens",
        incident_id=new_id(),
        rule=used(OPENED, None, service=meant.service, supplier=meant.supplier, product=meant.product),
        meant=meant,
        proposal=weak[1] if weak else None,
        proposal_rule=used(weak[0], weak[2]) if weak else None,
    )


def repeat(signal: NormalSignal, meant: Meant, known: Mapping[CorrelationKey, Known], home: UUID) -> Decision:
    """What a repeat adds: it belongs where its first copy is, and a strong key of its own may lead elsewhere too.

    Which of two copies counts as the repeat depends on the order; what the two tie together does not.
    """
    strong = [match for match in _matches(signal, meant, known) if match[0].joins]
    other = next((match for match in strong if match[1] != home), None)
    return Decision(
        outcome="joins",
        incident_id=home,
        rule=used(SAME_DISTURBANCE, None),
        meant=meant,
        proposal=other[1] if other else None,
        proposal_rule=used(other[0], other[2]) if other else None,
    )


def remember(signal: NormalSignal, decision: Decision, known: MutableMapping[CorrelationKey, Known]) -> None:
    """Let later signals see this one. A weak key keeps leading to the incident that had it first.

    A signal from long ago that arrives late does not take a key away from what is happening now.
    """
    for key in keys(signal, decision.meant):
        old = known.get(key)
        if old is None:
            known[key] = Known(decision.incident_id, signal.observed_at)
        elif not _fits(signal, key, known):
            if signal.observed_at > old.last_at:
                known[key] = Known(decision.incident_id, signal.observed_at)
        elif old.incident_id == decision.incident_id or not RULES[key.rule].joins:
            known[key] = Known(old.incident_id, max(old.last_at, signal.observed_at))
        else:
            known[key] = Known(decision.incident_id, max(old.last_at, signal.observed_at))


def used(rule: CorrelationRule, key: CorrelationKey | None, **inputs: str | None) -> RuleUsed:
    """The rule as it stands in the log: id, version, inputs, explanation."""
    given = {name: value for name, value in inputs.items() if value}
    if key is not None:
        municipality, _, value = key.key.partition("|")
        shown = value if key.rule != SAME_DISTURBANCE.id else "kenmerk van de bron"
        given |= {"gemeente": municipality, "sleutel": shown}
    return RuleUsed(rule=rule.id, version=rule.version, inputs=given, explanation=rule.explanation)


def _matches(
    signal: NormalSignal, meant: Meant, known: Mapping[CorrelationKey, Known]
) -> list[tuple[CorrelationRule, UUID, CorrelationKey]]:
    """Rules that match in their window and the incidents they lead to, strongest first."""
    return [(RULES[key.rule], known[key].incident_id, key) for key in keys(signal, meant) if _fits(signal, key, known)]


def _fits(signal: NormalSignal, key: CorrelationKey, known: Mapping[CorrelationKey, Known]) -> bool:
    """Whether a key leads to an incident whose last signal with that key lies in the window, in event time."""
    found = known.get(key)
    return found is not None and abs(signal.observed_at - found.last_at) <= RULES[key.rule].window
