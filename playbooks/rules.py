"""Which playbook is proposed for which incident: dated rules as data. A rule proposes; a person starts."""

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from domain.events.core import RuleUsed
from domain.incidents import Incident
from domain.severity import Severity

ProposedPlaybook = tuple[str, RuleUsed]


class Value(BaseModel):
    """A closed, frozen piece of configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class When(Value):
    """All that is given must hold; `nothing_else` holds when no playbook was proposed or started."""

    has_supplier: bool = False
    has_service: bool = False
    rsit_classes: tuple[str, ...] = ()
    rsit_types: tuple[str, ...] = ()
    rsit_except: tuple[str, ...] = ()
    personal_data: bool = False
    severity_at_least: Severity = Severity.ONBEKEND
    nothing_else: bool = False


class ProposalRule(Value):
    """One rule with its version and its explanation in plain Dutch."""

    id: str
    version: str
    playbook_id: str
    when: When
    explanation: str
    overruled_by: str = "ciso"


class ProposalRules(Value):
    """The rules, in the order in which they are asked."""

    rules: tuple[ProposalRule, ...]


def parse_rules(text: str) -> ProposalRules:
    """Rules from YAML; a mistake in the file is pydantic's ValidationError."""
    data: Any = yaml.safe_load(text)
    return ProposalRules.model_validate(data)


def propose(rules: ProposalRules, incident: Incident) -> tuple[ProposedPlaybook, ...]:
    """Playbooks that fit and that were not proposed or started before, each once, with the first rule that fits."""
    taken = {each.playbook_id for each in incident.playbooks}
    found: list[ProposedPlaybook] = []
    for rule in rules.rules:
        if rule.playbook_id not in taken and _fits(rule.when, incident, taken=bool(taken)):
            taken.add(rule.playbook_id)
            found.append((rule.playbook_id, _used(rule, incident)))
    return tuple(found)


def _fits(when: When, incident: Incident, *, taken: bool) -> bool:
    asked = (
        not when.has_supplier or bool(incident.suppliers),
        not when.has_service or bool(incident.services),
        not when.rsit_types or incident.rsit in when.rsit_types,
        incident.rsit not in when.rsit_except,
        not when.personal_data or incident.personal_data == "ja",
        not when.rsit_classes or (incident.rsit or "").partition("/")[0] in when.rsit_classes,
        incident.severity.rank >= when.severity_at_least.rank,
        not (when.nothing_else and taken),
    )
    return all(asked)


def _used(rule: ProposalRule, incident: Incident) -> RuleUsed:
    when = rule.when
    inputs = {
        "leverancier": ", ".join(incident.suppliers) if when.has_supplier else "",
        "dienst": ", ".join(incident.services) if when.has_service else "",
        "soort": incident.rsit or "" if when.rsit_classes or when.rsit_types else "",
        "persoonsgegevens": incident.personal_data if when.personal_data else "",
        "ernst": incident.severity.value if when.severity_at_least.rank else "",
    }
    return RuleUsed(
        rule=rule.id,
        version=rule.version,
        inputs={name: value for name, value in inputs.items() if value} or {"incident": incident.number},
        explanation=rule.explanation,
        overruled_by=rule.overruled_by,
    )
