"""Which open incident a report probably belongs to. The form shows it before sending; the person chooses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.core import RuleUsed
from domain.register import Register
from signals import correlation
from signals.correlation import RULES, CorrelationKey, Known


@dataclass(frozen=True, kw_only=True)
class Likely:
    """An open incident with the rule that leads to it, strongest first."""

    incident_id: UUID
    rule: RuleUsed
    joins: bool


def asked_keys(register: Register, services: Collection[str], supplier: str | None) -> tuple[CorrelationKey, ...]:
    """The keys of what was filled in: services, the suppliers behind them, and a supplier that was named."""
    known = [service.code if (service := register.service(each)) else each for each in services]
    named = register.supplier(supplier)
    suppliers = [named.code if named else supplier, *(register.supplier_of(each) for each in services)]
    unique = tuple(dict.fromkeys(each for each in suppliers if each))
    return correlation.keys_of(register.municipality, services=known, suppliers=unique)


def likely(
    asked: Sequence[CorrelationKey], found: dict[CorrelationKey, Known] | None, moment: datetime
) -> tuple[Likely, ...]:
    """Incidents behind the keys whose window holds, each once, by its strongest key."""
    hits: dict[UUID, Likely] = {}
    for key in asked:
        known = (found or {}).get(key)
        rule = RULES[key.rule]
        if known is not None and abs(moment - known.last_at) <= rule.window and known.incident_id not in hits:
            hits[known.incident_id] = Likely(
                incident_id=known.incident_id, rule=correlation.used(rule, key), joins=rule.joins
            )
    return tuple(sorted(hits.values(), key=lambda hit: not hit.joins))
