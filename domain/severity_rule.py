"""The severity that the answers of a report point to: a proposal with its rule. The person who reports decides."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.events.core import RuleUsed
from domain.severity import Severity

SERIOUS_EFFECT = "112"
VERSION = "1"
EXPLANATION = (
    "Ernst volgens de antwoorden: bij 112 of meer gevolgen buiten ernstig, "
    "bij een geraakte dienst, gegevens, opzet of anderen verstoord, anders waakzaam."
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What counts. `yes` names the questions (gegevens, opzet, anderen) that were answered with yes."""

    services: Collection[str] = ()
    effects: Collection[str] = ()
    yes: Collection[str] = ()


def propose_severity(answers: Answers) -> tuple[Severity, RuleUsed]:
    """The proposal, and the rule that made it with its inputs. The same answers always give the same."""
    inputs = {
        "diensten": ", ".join(sorted(answers.services)),
        "gevolgen": ", ".join(sorted(answers.effects)),
        "met-ja": ", ".join(sorted(answers.yes)),
    }
    rule = RuleUsed(rule="ernst-van-melding", version=VERSION, inputs=inputs, explanation=EXPLANATION)
    return _level(answers), rule


def _level(answers: Answers) -> Severity:
    if SERIOUS_EFFECT in answers.effects or len(answers.effects) > 1:
        return Severity.ERNSTIG
    if answers.effects or answers.services or answers.yes:
        return Severity.VERSTOORD
    return Severity.WAAKZAAM
