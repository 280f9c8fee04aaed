"""English is complete: every message of pages, refusals, rules and playbooks has words, and none is left over."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from adapters import packaged
from dashboards import catalogue
from dashboards.views.questions import questions_of
from domain import severity_rule
from domain.errors import AwayError, DriehoekError
from domain.events.destruction import DESTROYED
from domain.sharing_text import WITHHELD
from signals.correlation import OPENED, RULES
from usecases.first_acts import DEFAULT_CONTACTS, FIRST_ACTS

ROOT = Path(catalogue.__file__).parent
KEYWORDS = dict.fromkeys(("_", "gettext", "N_"))
ROOMS = ("domain", "usecases", "playbooks", "dashboards", "adapters")
"""Their refusals reach a page; of the adapters only that something is away."""
PO = catalogue.HERE / "en" / "LC_MESSAGES" / "driehoek.po"


def used_in_pages() -> set[str]:
    """Messages that templates and Python mark."""
    found = extract_from_dir(
        ROOT,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": {"extensions": "jinja2.ext.do"}},
        keywords=KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in ("node_modules", "dist"),
    )
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def refusals() -> set[str]:
    """The sentence of every refusal."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "migrations" not in module.name and "assets.build" not in module.name:
                importlib.import_module(module.name)
    kinds = [kind for kind in _kinds(DriehoekError) if kind.__module__.split(".")[0] in ROOMS]
    shown = [kind for kind in kinds if not kind.__module__.startswith("adapters.") or issubclass(kind, AwayError)]
    return {(kind.__doc__ or "").strip() for kind in shown}


def _kinds(kind: type[DriehoekError]) -> Iterator[type[DriehoekError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


def told_by_data() -> set[str]:
    """Sentences that stand in rules, playbooks and first acts."""
    found = {rule.explanation for rule in (*RULES.values(), OPENED)} | {severity_rule.EXPLANATION}
    found |= {rule.explanation for rule in packaged.proposal_rules().rules}
    for playbook in packaged.catalogue().values():
        found |= {playbook.name, playbook.description or ""}
        for question in questions_of({name: v.description for name, v in playbook.playbook_variables.items()}):
            found |= {question.text, *question.options}
    for act in FIRST_ACTS:
        found |= {act.act, act.why}
    for contact in DEFAULT_CONTACTS:
        found |= {contact.name, contact.when}
    return found | {WITHHELD, DESTROYED}


def test_every_message_has_english_words() -> None:
    known = catalogue.catalogue("en").messages
    missing = sorted((used_in_pages() | refusals() | told_by_data()) - known.keys() - {""})
    assert missing == [], f"add to {PO.relative_to(ROOT.parent)}"


def test_no_english_words_are_left_over_or_unsure() -> None:
    with PO.open("rb") as file:
        entries = [each for each in read_po(file, locale="en") if each.id]
    assert [each.id for each in entries if each.fuzzy or not each.string] == []
    used = used_in_pages() | refusals() | told_by_data()
    assert sorted({str(each.id) for each in entries} - used) == []


def test_both_sides_of_a_message_have_the_same_places_to_fill() -> None:
    for dutch, english in catalogue.catalogue("en").messages.items():
        for mark in ("{", "%("):
            assert _places(dutch, mark) == _places(english, mark), dutch


def _places(text: str, mark: str) -> set[str]:
    return {each.partition("}" if mark == "{" else ")")[0] for each in text.split(mark)[1:]}


def test_what_is_not_known_stays_dutch() -> None:
    assert catalogue.catalogue("en").gettext("Gemeente Utrecht") == "Gemeente Utrecht"
    assert catalogue.language_of("fy") == "nl"
