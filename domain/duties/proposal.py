"""A rule proposes whether a regime's duty to report applies. It shows what it used; a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.duties.known_facts import Fact, KnownFacts, in_words, is_unknown
from domain.duties.regime_models import Condition, Outcome, ProposalRule, Words
from domain.duties.regimes import Regime
from domain.events.core import RuleUsed


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the rules say for one regime. `outcome` is None while too little is known; `missing` says what to ask."""

    regime: str
    outcome: Outcome | None
    grounds: tuple[str, ...] = ()
    used: RuleUsed | None = None
    explanation: Words
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reopened:
    """Re-assessment is asked, never done: these facts changed since the decision."""

    regime: str
    changed: tuple[str, ...]
    proposal: Proposal


TOO_LITTLE: Words = {
    "nl": "Er is nog te weinig bekend voor een voorstel. Beantwoord de vragen, of besluit zelf.",
    "en": "Too little is known for a proposal. Answer the questions, or decide yourself.",
}


def propose(regime: Regime, known: KnownFacts) -> Proposal:
    """The first rule whose conditions are all met; none: what is still missing."""
    facts = known.values()
    missing = tuple(each.fact for each in regime.guide if is_unknown(facts[each.fact]))
    for rule in regime.proposals:
        if all(_met(condition, facts[condition.fact]) for condition in rule.when):
            return Proposal(
                regime=regime.id,
                outcome=rule.outcome,
                grounds=rule.grounds,
                used=_used(rule, facts),
                explanation=rule.explanation,
                missing=missing,
            )
    return Proposal(regime=regime.id, outcome=None, explanation=TOO_LITTLE, missing=missing)


def reopen(regime: Regime, decided_on: KnownFacts, now: KnownFacts) -> Reopened | None:
    """Whether a decision on these facts must be looked at again, now that others are known.

    Asked when a fact that the rules or the questions of this regime use has changed.
    """
    before, after = decided_on.values(), now.values()
    changed = tuple(name for name in facts_of(regime) if before[name] != after[name])
    return Reopened(regime=regime.id, changed=changed, proposal=propose(regime, now)) if changed else None


def facts_of(regime: Regime) -> tuple[str, ...]:
    """The facts this regime depends on, in the order of its questions and rules."""
    asked = [question.fact for question in regime.guide]
    used = [condition.fact for rule in regime.proposals for condition in rule.when]
    return tuple(dict.fromkeys((*asked, *used)))


def _met(condition: Condition, fact: Fact) -> bool:
    if is_unknown(fact):
        return UNKNOWN_COUNTS in condition.any_of
    if isinstance(fact, tuple):
        return bool(set(fact) & set(condition.any_of))
    if isinstance(fact, int | float):
        low, high = condition.at_least, condition.below
        return (low is None or fact >= low) and (high is None or fact < high)
    return fact in condition.any_of


UNKNOWN_COUNTS = "onbekend"
"""A condition that names it is met by what nobody knows yet."""


def _used(rule: ProposalRule, facts: Mapping[str, Fact]) -> RuleUsed:
    inputs = {condition.fact: in_words(facts[condition.fact]) for condition in rule.when}
    return RuleUsed(rule=rule.rule, version=rule.version, inputs=inputs, explanation=rule.explanation["nl"])
