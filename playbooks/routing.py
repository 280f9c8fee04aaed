"""Who is concerned by an incident: versioned rules as data. A route says why; it gives nobody a right to look."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from domain.events.core import RuleUsed
from domain.parties import Function, Party

Answer = Literal["ja", "nee", "onbekend"]


class Value(BaseModel):
    """A closed, frozen piece of configuration or of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Situation(Value):
    """What the picture says. Everything may be unknown; unknown is only a trigger where a rule names it."""

    role: Literal["slachtoffer", "betrokkene", "onbekend"] = "onbekend"
    service_down: Answer = "onbekend"
    physical_effect: Literal["ja", "nee", "mogelijk", "onbekend"] = "nee"
    public_order: Answer = "nee"
    crime: Answer = "nee"
    personal_data: Answer = "nee"
    official_is_victim: Answer = "nee"
    municipalities_in_region: int = 1
    """Municipalities of the region with the same supplier or type within an hour."""
    regions: int = 1


class Addressee(Value):
    """A function of a party."""

    party: Party
    function: Function


class RoutingRule(Value):
    """One rule with its version and its explanation in plain Dutch."""

    id: str
    version: str
    when: dict[str, tuple[str, ...]] = {}
    at_least: dict[str, int] = {}
    to: tuple[Addressee, ...]
    within: int
    proposal: bool = False
    closed: bool = False
    explanation: str
    overruled_by: str = "oov-adviseur"


class RoutingRules(Value):
    """The rules, and after how many minutes of silence the next on duty is called, by urgency."""

    version: str
    next_on_duty_after: dict[int, int]
    rules: tuple[RoutingRule, ...]


class Route(Value):
    """Somebody who is concerned: how soon, and by which rules. `proposal`: a person decides first."""

    party: Party
    organisation: str | None
    """None: nobody said which organisation this is for this municipality."""
    function: Function
    within: int
    next_on_duty_after: int
    proposal: bool
    rules: tuple[RuleUsed, ...]


class Routing(Value):
    """All routes. In a closed one nobody else may be told and nothing appears on an ordinary screen."""

    version: str
    closed: bool
    routes: tuple[Route, ...]


def parse_routing(text: str) -> RoutingRules:
    """Rules from YAML; a mistake in the file, also a name that is no input, is a ValueError."""
    data: Any = yaml.safe_load(text)
    rules = RoutingRules.model_validate(data)
    known = Situation.model_fields.keys()
    for rule in rules.rules:
        if unknown := (rule.when.keys() | rule.at_least.keys()) - known:
            raise ValueError(f"{rule.id}: {', '.join(sorted(unknown))}")
        if rule.within not in rules.next_on_duty_after:
            raise ValueError(f"{rule.id}: {rule.within}")
    return rules


def route(rules: RoutingRules, situation: Situation, organisations: Mapping[str, str]) -> Routing:
    """Who is concerned, each once, with every rule that says so. `organisations`: party -> organisation."""
    fitting = [rule for rule in rules.rules if _fits(rule, situation)]
    closed = any(rule.closed for rule in fitting)
    if closed:
        fitting = [rule for rule in fitting if rule.closed]
    found: dict[tuple[Party, Function], list[RoutingRule]] = {}
    for rule in fitting:
        for each in rule.to:
            found.setdefault((each.party, each.function), []).append(rule)
    routes = tuple(
        Route(
            party=party,
            organisation=organisations.get(party.value),
            function=function,
            within=(soonest := min(rule.within for rule in because)),
            next_on_duty_after=rules.next_on_duty_after[soonest],
            proposal=all(rule.proposal for rule in because),
            rules=tuple(_used(rule, situation) for rule in because),
        )
        for (party, function), because in found.items()
    )
    return Routing(version=rules.version, closed=closed, routes=routes)


def _fits(rule: RoutingRule, situation: Situation) -> bool:
    values = situation.model_dump()
    named = all(values[name] in among for name, among in rule.when.items())
    return named and all(values[name] >= least for name, least in rule.at_least.items())


def _used(rule: RoutingRule, situation: Situation) -> RuleUsed:
    return RuleUsed(
        rule=rule.id,
        version=rule.version,
        inputs=dict(_inputs(rule, situation)),
        explanation=rule.explanation,
        overruled_by=rule.overruled_by,
    )


def _inputs(rule: RoutingRule, situation: Situation) -> Iterator[tuple[str, str]]:
    for name in (*rule.when, *rule.at_least):
        yield LABELS[name], str(getattr(situation, name))


LABELS: Mapping[str, str] = {
    "role": "rol",
    "service_down": "dienst uit",
    "physical_effect": "gevolgen op straat",
    "public_order": "openbare orde",
    "crime": "strafbaar feit",
    "personal_data": "persoonsgegevens",
    "official_is_victim": "ambtsdrager slachtoffer",
    "municipalities_in_region": "gemeenten in de regio",
    "regions": "regio's",
}
