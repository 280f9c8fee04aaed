"""What every use case is handed: ports and dated configuration, put together once in `wiring`."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.duties.calendar import Calendar
from domain.duties.regimes import Regimes
from domain.events.core import Mode
from domain.reference.municipalities import Reference
from playbooks.cacao import Playbook
from playbooks.rules import ProposalRules
from usecases.cloudevents import NO_OIN
from usecases.ports import Clock, Ids, Registers, Store


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The packaged and dated configuration: law, reference data, playbooks."""

    regimes: Regimes
    calendar: Calendar
    reference: Reference
    catalogue: Mapping[str, Playbook]
    proposals: ProposalRules


@dataclass(frozen=True, kw_only=True)
class Context:
    """The ports and the configuration. Tests make one with a clock of their own."""

    store: Store
    registers: Registers
    clock: Clock
    ids: Ids
    rules: Rules
    mode: Mode = Mode.LIVE
    oin: str = NO_OIN
    """Who speaks in what leaves the house: the number of the organisation that runs this."""
