"""What follows from an incident in the same transaction: its duty rows, and the keys that lead signals to it."""

from collections.abc import Mapping

from domain.duties.assessment import Awareness, DutyFacts, Significance, duties
from domain.duties.ladder import next_at
from domain.incidents import Incident
from domain.register import Register
from signals import correlation
from signals.correlation import CorrelationKey, Known
from usecases.context import Rules
from usecases.ports import DutyRow


def duty_rows(rules: Rules, incident: Incident) -> tuple[DutyRow, ...]:
    """The duties of an incident with when the sweep must look; none when it goes on in another incident."""
    if incident.merged_into is not None:
        return ()
    facts = DutyFacts(
        first_signal_at=incident.first_signal_at,
        awareness={
            regime: Awareness(at=known.aware_at, earlier=known.earlier) for regime, known in incident.awareness.items()
        },
        significance={
            regime: Significance(outcome=decided.outcome, decided_at=decided.decided_at)
            for regime, decided in incident.significance.items()
        },
        submissions=incident.submissions,
        closed_at=incident.closed_at,
        reasons_given=incident.delays_explained,
    )
    return tuple(
        DutyRow(duty=duty, next_warning_at=next_at(duty, rules.regimes, incident.warnings_given))
        for duty in duties(facts, rules.regimes, rules.calendar)
    )


def keys_of(incident: Incident, register: Register) -> Mapping[CorrelationKey, Known]:
    """The keys by which signals find this incident: its services, and the suppliers behind them."""
    services = [service.code if (service := register.service(each)) else each for each in incident.services]
    behind = [register.supplier_of(each) for each in incident.services]
    named = [supplier.code if (supplier := register.supplier(each)) else each for each in incident.suppliers]
    suppliers = tuple(dict.fromkeys(each for each in (*named, *behind) if each))
    keys = correlation.keys_of(incident.municipality, services=services, suppliers=suppliers)
    return {key: Known(incident.incident_id, incident.last_signal_at) for key in keys}
