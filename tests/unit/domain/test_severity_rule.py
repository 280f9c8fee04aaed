"""The severity that the answers point to, with the rule that says so."""

import pytest

from domain.severity import Severity
from domain.severity_rule import Answers, propose_severity


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (Answers(), Severity.WAAKZAAM),
        (Answers(services=["burgerzaken"]), Severity.VERSTOORD),
        (Answers(yes=["opzet"]), Severity.VERSTOORD),
        (Answers(effects=["water"]), Severity.VERSTOORD),
        (Answers(effects=["112"]), Severity.ERNSTIG),
        (Answers(effects=["water", "zorg"]), Severity.ERNSTIG),
    ],
)
def test_the_level_follows_from_the_answers_and_the_rule_names_them(answers: Answers, level: Severity) -> None:
    found, rule = propose_severity(answers)
    assert found is level
    assert (rule.rule, rule.version, rule.overruled_by) == ("ernst-van-melding", "1", "ciso")
    assert rule.inputs["diensten"] == ", ".join(answers.services)
