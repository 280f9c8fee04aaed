"""The scenario playbooks of the catalogue: complete, with their guards, walked to the end in good and bad luck."""

import re
from typing import Any

import pytest

from adapters.packaged import catalogue, proposal_rules
from domain.parties import Function
from domain.severity import Severity
from playbooks.cacao import Playbook, Step
from playbooks.extension import TaskWords, words_of
from playbooks.rules import propose
from playbooks.run import run
from tests.builders import an_incident

RANSOM, DDOS, BREACH = "Gijzelsoftware bij de gemeente", "DDoS-aanval", "Datalek"
SUPPLIER = "Uitval of hack bij een leverancier"
CONTROL = "Verstoorde aansturing van bruggen, water of verkeer"
UNREST = "Onrust door een online oproep"
THREAT = "Bedreiging of doxing van bestuurders en medewerkers"
PHISHING = "Phishing, overgenomen account of betaalfraude"
ELECTIONS = "Desinformatie of nepaccount rond politiek en verkiezingen"
DEFACED = "Bekladde website of overgenomen account"
STEPS: dict[str, set[int]] = {
    RANSOM: set(range(1, 14)),
    DDOS: set(range(1, 10)),
    BREACH: set(range(1, 11)),
    SUPPLIER: set(range(1, 10)),
    CONTROL: set(range(1, 10)),
    UNREST: set(range(1, 13)) - {11},  # an online ban or removal order has no basis in law, so it is no step
    THREAT: set(range(1, 10)),
    PHISHING: set(range(1, 9)),
    ELECTIONS: set(range(1, 10)),
    DEFACED: set(range(1, 8)),
}
FALLBACKS = {
    RANSOM: "1 Isoleren lukt niet",
    DDOS: "2 Provider helpt niet",
    BREACH: "1 Lek is niet te stoppen",
    SUPPLIER: "1 Bevestigen via de IBD",
    CONTROL: "1 Stilzetten lukt niet",
    UNREST: "3 Geen antwoord",
    THREAT: "1 Hulp komt niet",
    PHISHING: "1 Bank helpt niet",
    ELECTIONS: "3 Publiceren lukt niet",
    DEFACED: "1 Offline halen lukt niet",
}
ALL = sorted(STEPS)


def named(name: str) -> Playbook:
    return next(each for each in catalogue().values() if each.name == name)


def actions(name: str) -> list[tuple[Step, TaskWords]]:
    playbook = named(name)
    return [(step, words_of(playbook, step)) for step in playbook.workflow.values() if step.type == "action"]


def played(name: str, **answers: Any) -> tuple[list[str], dict[str, Any]]:
    """Names of the steps that were told of, and the last line."""
    lines = list(run(named(name).source, answers, catalogue()))
    assert lines == list(run(named(name).source, answers, catalogue()))
    names = {key: step.name for each in catalogue().values() for key, step in each.workflow.items()}
    return [names[line["step"]] for line in lines[:-1]], lines[-1]


@pytest.mark.parametrize("name", ALL)
def test_each_scenario_has_all_its_steps(name: str) -> None:
    numbers = {int(found[0]) for step, _ in actions(name) if (found := re.match(r"\d+", step.name))}
    assert STEPS[name] - numbers == set()


@pytest.mark.parametrize("name", ALL)
def test_every_task_has_words_in_two_languages_and_says_how_sure_its_basis_is(name: str) -> None:
    for step, words in actions(name):
        assert {*words.title} == {*words.description} == {"nl", "en"}, step.name
        assert (words.basis is None) == (words.confidence is None), step.name
        assert words.confidence in (None, "bevestigd", "te bevestigen")
        assert words.mayor_decides == (words.function is Function.BURGEMEESTER)
        assert all(len(sentence.split()) <= 25 for sentence in re.split(r"[.?!:] ", words.description["nl"])), step.name


@pytest.mark.parametrize("name", ALL)
def test_every_scenario_begins_with_the_front_block_and_asks_the_parties_it_concerns(name: str) -> None:
    playbook = named(name)
    steps = playbook.workflow.values()
    front = next(each for each in catalogue().values() if each.name == "Voorblok")
    assert [step.playbook_id for step in steps if step.type == "playbook-action"] == [front.id]
    asked = {words.party for step, words in actions(name) if step.name.startswith("0 Kennisnemen")}
    assert {"politie", "om"} <= asked
    assert asked == {words.party for _, words in actions(name)} - {"gemeente"}


@pytest.mark.parametrize("name", ALL)
def test_the_main_path_comes_to_its_end(name: str) -> None:
    names, last = played(name, default={"outcome": "klaar"})
    assert last["status"] == "successfully_completed"
    assert not any(each.startswith(FALLBACKS[name]) for each in names)


@pytest.mark.parametrize("name", ALL)
def test_when_nothing_works_the_fallback_is_asked_and_the_end_is_reached(name: str) -> None:
    names, last = played(name, default={"outcome": "mislukt"})
    assert last["status"] == "successfully_completed"
    assert any(each.startswith(FALLBACKS[name]) for each in names)


@pytest.mark.parametrize("name", ALL)
def test_without_any_answer_every_party_sees_its_first_task_at_once(name: str) -> None:
    names, last = played(name)
    assert last["status"] == "ongoing"
    if name != THREAT:
        assert sum(each.startswith("0 Kennisnemen") for each in names) >= 2


def test_online_research_is_checked_before_anybody_looks() -> None:
    for name in (UNREST, ELECTIONS):
        order = [step.name for step, _ in actions(name)]
        assert "2 Toets online onderzoek" in order
        words = next(words for step, words in actions(name) if step.name == "2 Toets online onderzoek")
        assert words.second_pair_of_eyes


def test_the_threatened_are_shielded_and_politicians_come_in_through_the_registry() -> None:
    nobody, _ = played(THREAT)
    assert nobody == ["Begin", "0 Waardigheid: gesloten groep instellen"]
    first = "0 Waardigheid: gesloten groep instellen"
    for victim, through in (("politicus", True), ("onbekend", True), ("medewerker", False)):
        answer = {"out_args": {"__slachtoffer__": victim, "__burgemeester_is_slachtoffer__": "nee"}}
        names, _ = played(THREAT, default={}, answers={first: answer})
        assert ("2 Intake via de griffie" in names) == through
        assert "2 Loco-burgemeester laten overnemen" not in names


def test_heavy_decisions_ask_a_second_pair_of_eyes_and_the_mayor() -> None:
    ransom = next(words for step, words in actions(RANSOM) if step.name == "8 Standpunt over losgeld bepalen")
    measure = next(words for step, words in actions(UNREST) if step.name == "9 Besluit over fysieke maatregelen")
    assert (ransom.mayor_decides, ransom.second_pair_of_eyes) == (True, True)
    assert (measure.mayor_decides, measure.second_pair_of_eyes) == (True, True)


def test_nothing_without_a_basis_in_law_is_a_step() -> None:
    titles = " ".join(words.title["nl"].casefold() for name in ALL for _, words in actions(name))
    assert "gebiedsverbod" not in titles
    assert "verwijderbevel" not in titles


MODIFIED = "information-content-security/unauthorised-information-modification"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rsit": MODIFIED}, {RANSOM, DEFACED}),
        ({"rsit": "intrusions/system-compromise"}, {RANSOM}),
        ({"rsit": "availability/ddos"}, {DDOS}),
        ({"rsit": "availability/outage"}, {SUPPLIER}),
        ({"rsit": "information-content-security/data-leak"}, {BREACH}),
        ({"personal_data": "ja"}, {BREACH}),
        ({"personal_data": "onbekend"}, {"Voorblok"}),
        ({"rsit": "availability/sabotage"}, {CONTROL}),
        ({"rsit": "abusive-content/violence"}, {UNREST}),
        ({"rsit": "abusive-content/harmful-speech"}, {THREAT}),
        ({"rsit": "abusive-content/spam"}, {"Voorblok"}),
        ({"rsit": "fraud/phishing"}, {PHISHING}),
        ({"rsit": "fraud/masquerade"}, {PHISHING, ELECTIONS}),
        ({"rsit": "fraud/copyright"}, {"Voorblok"}),
    ],
)
def test_each_rule_proposes_what_fits_and_nothing_else(changes: dict[str, Any], expected: set[str]) -> None:
    plain: dict[str, Any] = {"services": (), "suppliers": (), "rsit": None, "severity": Severity.ONBEKEND}
    incident = an_incident().model_copy(update={**plain, "personal_data": "nee", "playbooks": (), **changes})
    found = dict(propose(proposal_rules(), incident))
    assert {catalogue()[each].name for each in found} == expected
    assert all(used.inputs and used.explanation for used in found.values())
