"""One word, one meaning: every value that people or machines read stands in the glossary."""

from enum import StrEnum
from pathlib import Path

import pytest

from domain.events.table import EVENTS
from domain.parties import Function
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from domain.tasks import TaskState
from domain.tlp import Tlp
from signals.normal import State
from usecases.intake_rows import Verdict

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text()
VOCABULARIES = (Status, Severity, Lane, MunicipalRole, TaskState, Function, State, Verdict, Tlp)


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_an_event_type_is_explained(event: str) -> None:
    assert f"| `{event}` | " in GLOSSARY


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.__name__)
def test_a_value_is_explained(vocabulary: type[StrEnum]) -> None:
    assert [value.value for value in vocabulary if f"| `{value.value}` | " not in GLOSSARY] == []
