"""Who is concerned: each rule with a situation that triggers it and one that just does not."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import playbooks
from playbooks.routing import LABELS, Situation, parse_routing, route

TEXT = (Path(str(playbooks.__file__)).parent / "routing.yaml").read_text()
RULES = parse_routing(TEXT)
ORGANISATIONS = {"gemeente": "gemeente:GM0344", "politie": "politie:PE03", "om": "om:MN", "vr": "vr:VR09"}


def routed(**given: Any) -> dict[str, set[str]]:
    """Rule -> functions of parties."""
    found: dict[str, set[str]] = {}
    for each in route(RULES, Situation(**given), ORGANISATIONS).routes:
        for rule in each.rules:
            found.setdefault(rule.rule, set()).add(f"{each.party}/{each.function}")
    return found


@pytest.mark.parametrize(
    ("rule", "fits", "just_not", "to"),
    [
        (
            "eigen-dienst-uit",
            {"role": "slachtoffer", "service_down": "ja"},
            {"role": "betrokkene", "service_down": "ja"},
            {"gemeente/ciso", "gemeente/gemeentesecretaris", "gemeente/proceseigenaar", "ibd/responscel"},
        ),
        (
            "fysiek-effect-echt",
            {"physical_effect": "ja"},
            {"physical_effect": "mogelijk"},
            {"vr/coordinator", "gemeente/oov-adviseur"},
        ),
        ("fysiek-effect-mogelijk", {"physical_effect": "mogelijk"}, {"physical_effect": "nee"}, {"vr/coordinator"}),
        (
            "openbare-orde",
            {"public_order": "ja"},
            {"public_order": "onbekend"},
            {"gemeente/burgemeester", "gemeente/oov-adviseur", "politie/teamchef-politie", "om/officier-van-justitie"},
        ),
        ("strafbaar-feit", {"crime": "ja"}, {"crime": "nee"}, {"politie/teamchef-politie"}),
        (
            "strafbaar-feit-tegen-gemeente",
            {"crime": "ja", "role": "slachtoffer"},
            {"crime": "ja", "role": "betrokkene"},
            {"om/officier-van-justitie"},
        ),
        ("persoonsgegevens", {"personal_data": "onbekend"}, {"personal_data": "nee"}, {"gemeente/fg"}),
        (
            "meer-gemeenten",
            {"municipalities_in_region": 3},
            {"municipalities_in_region": 2},
            {"vr/coordinator", "ibd/responscel"},
        ),
        ("meer-regio-s", {"regions": 2}, {"regions": 1}, {"ibd/responscel", "ncsc/responscel", "vr/coordinator"}),
        (
            "ambtsdrager-slachtoffer",
            {"official_is_victim": "ja"},
            {"official_is_victim": "onbekend"},
            {
                "gemeente/gemeentesecretaris",
                "gemeente/oov-adviseur",
                "politie/teamchef-politie",
                "om/officier-van-justitie",
            },
        ),
    ],
)
def test_each_rule(rule: str, fits: dict[str, Any], just_not: dict[str, Any], to: set[str]) -> None:
    assert routed(**fits)[rule] == to
    assert rule not in routed(**just_not)


def test_every_rule_is_tested_and_says_its_inputs_in_dutch() -> None:
    assert len(RULES.rules) == 10
    assert LABELS.keys() == Situation.model_fields.keys()
    (only,) = route(RULES, Situation(crime="ja"), ORGANISATIONS).routes
    assert (only.organisation, only.within, only.next_on_duty_after) == ("politie:PE03", 120, 30)
    assert only.rules[0].inputs == {"strafbaar feit": "ja"}
    assert only.rules[0].explanation


def test_an_official_as_victim_closes_the_group_whatever_else_is_true() -> None:
    everything = Situation(
        role="slachtoffer",
        service_down="ja",
        physical_effect="ja",
        public_order="ja",
        crime="ja",
        personal_data="ja",
        official_is_victim="ja",
        municipalities_in_region=9,
        regions=3,
    )
    found = route(RULES, everything, ORGANISATIONS)
    assert found.closed
    assert {rule.rule for each in found.routes for rule in each.rules} == {"ambtsdrager-slachtoffer"}
    assert "burgemeester" not in {each.function.value for each in found.routes}


def test_one_function_is_routed_once_with_every_reason_and_the_soonest_time() -> None:
    found = route(RULES, Situation(public_order="ja", crime="ja", regions=2), ORGANISATIONS).routes
    police = [each for each in found if each.function.value == "teamchef-politie"]
    assert [(each.within, [rule.rule for rule in each.rules]) for each in police] == [
        (0, ["openbare-orde", "strafbaar-feit"])
    ]
    ibd = next(each for each in found if each.party.value == "ibd")
    assert (ibd.proposal, ibd.organisation) == (True, None)


def test_when_nothing_is_known_nobody_is_called() -> None:
    assert route(RULES, Situation(), ORGANISATIONS).routes == ()


@pytest.mark.parametrize("spoil", [{"when": {"weer": ["mooi"]}}, {"within": 7}, {"to": [{"party": "x"}]}, {"extra": 1}])
def test_a_mistake_in_the_file_is_refused(spoil: dict[str, Any]) -> None:
    data = yaml.safe_load(TEXT)
    data["rules"][0].update(spoil)
    with pytest.raises(ValueError, match=r".+"):
        parse_routing(yaml.safe_dump(data))
