"""The playbooks we bring along: valid, complete, and walked to their end, also when much goes wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785

import playbooks
from adapters.packaged import catalogue, proposal_rules
from domain.incidents import PlaybookProposal
from domain.parties import Function
from domain.severity import Severity
from playbooks.cacao import Playbook, parse
from playbooks.check import check
from playbooks.extension import words_of
from playbooks.rules import propose
from playbooks.run import run
from tests.builders import an_incident

FILES = sorted((Path(str(playbooks.__file__)).parent / "catalogue").glob("*.json"))
FRONT, SUPPLIER = "Voorblok", "Uitval of hack bij een leverancier"


def named(name: str) -> Playbook:
    return next(each for each in catalogue().values() if each.name == name)


def said(step: str, **out_args: str) -> dict[str, Any]:
    return {step: {"out_args": {f"__{name}__": value for name, value in out_args.items()}}}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_playbook_is_valid_and_executable_without_a_single_finding(file: Path) -> None:
    report = check(file.read_text())
    assert (report.valid, report.executable, report.findings) == (True, True, ())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_digest_does_not_depend_on_how_the_file_is_laid_out(file: Path) -> None:
    text = file.read_text()
    assert parse(text).text_digest == parse(rfc8785.dumps(json.loads(text))).text_digest


def test_the_front_block_has_all_its_steps() -> None:
    names = " ".join(step.name for step in named(FRONT).workflow.values())
    assert [f"G{place}" for place in range(1, 16) if f"G{place} " not in names] == []


def test_the_supplier_playbook_begins_the_front_block_and_has_all_its_steps() -> None:
    playbook = named(SUPPLIER)
    names = [step.name for step in playbook.workflow.values()]
    assert [place for place in range(1, 10) if not any(name.startswith(f"{place} ") for name in names)] == []
    first = playbook.workflow[playbook.workflow[playbook.workflow_start].on_completion or ""]
    assert playbook.workflow[first.next_steps[0]].playbook_id == named(FRONT).id


@pytest.mark.parametrize("name", [FRONT, SUPPLIER])
def test_every_task_has_words_in_both_languages_and_a_basis_that_says_how_sure_it_is(name: str) -> None:
    playbook = named(name)
    for step in playbook.workflow.values():
        if step.type == "action":
            words = words_of(playbook, step)
            assert {*words.title} == {*words.description} == {"nl", "en"}
            assert (words.basis is None) == (words.confidence is None)
            assert words.confidence in (None, "bevestigd", "te bevestigen")
            assert not words.mayor_decides or words.function is Function.BURGEMEESTER


def test_when_all_goes_well_every_party_gets_its_tasks_and_the_end_is_reached() -> None:
    answers = {
        "default": {"outcome": "klaar"},
        "answers": said("G9 Cyberdriehoek: informeren, bijeenroepen of niet nodig", cyberdriehoek="bijeenroepen"),
    }
    lines = list(run(_text(SUPPLIER), answers, catalogue()))
    assert lines[-1]["status"] == "successfully_completed"
    assert lines[-1]["variables"]["__cyberdriehoek__"] == "bijeenroepen"
    parties = {line["by"].partition("@")[2] for line in lines[:-1]} - {""}
    assert parties == {"gemeente:voorbeeld", "politie:voorbeeld", "om:voorbeeld", "vr:voorbeeld"}


def test_when_nobody_can_do_anything_the_others_still_get_their_tasks() -> None:
    lines = list(run(_text(SUPPLIER), {"default": {"outcome": "kan-niet"}}, catalogue()))
    assert lines[-1]["status"] == "successfully_completed"
    done = {line["step"] for line in lines[:-1]}
    names = {step.name for key, step in named(SUPPLIER).workflow.items() if key in done}
    assert "1 Bevestigen via de IBD: de leverancier is niet bereikbaar" in names


@pytest.mark.parametrize("answer", ["nee", "ja", "onbekend"])
def test_unknown_is_treated_as_yes_until_somebody_says_no(answer: str) -> None:
    answers = {"default": {"outcome": "klaar"}, "answers": said("G6 Beslis over melden", cbw_significant=answer)}
    steps = [line["step"] for line in run(_text(FRONT), answers) if "step" in line]
    warned = next(key for key, step in named(FRONT).workflow.items() if "24 uur" in step.name)
    assert (warned in steps) == (answer != "nee")


def _text(name: str) -> str:
    return next(text for file in FILES if parse(text := file.read_text()).name == name)


@pytest.mark.parametrize(
    ("changes", "rule", "playbook"),
    [
        ({"suppliers": ("zaakwaar",)}, "leverancier-geraakt", SUPPLIER),
        ({"suppliers": (), "rsit": "availability/outage"}, "dienst-niet-beschikbaar", SUPPLIER),
        ({"suppliers": (), "services": ("burgerzaken",), "severity": Severity.VERSTOORD}, "dienst-verstoord", SUPPLIER),
        ({"suppliers": (), "services": ("burgerzaken",), "severity": Severity.WAAKZAAM}, "elk-incident", FRONT),
    ],
)
def test_a_rule_proposes_once_with_its_inputs(changes: dict[str, Any], rule: str, playbook: str) -> None:
    plain: dict[str, Any] = {"services": (), "suppliers": (), "rsit": None, "severity": Severity.ONBEKEND}
    incident = an_incident().model_copy(update={**plain, "playbooks": (), **changes})
    ((playbook_id, used),) = propose(proposal_rules(), incident)
    assert (used.rule, playbook_id) == (rule, named(playbook).id)
    assert used.inputs
    assert used.explanation
    started = PlaybookProposal(playbook_id=playbook_id, execution_id=incident.incident_id)
    assert playbook_id not in dict(propose(proposal_rules(), incident.model_copy(update={"playbooks": (started,)})))
