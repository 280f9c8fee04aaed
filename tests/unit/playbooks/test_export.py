"""What comes in goes out the same: equal in canonical form, whatever it holds that we do not know."""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

import playbooks
from playbooks.cacao import UnreadablePlaybookError, export, parse
from playbooks.engine import book_of, definition
from tests.unit.playbooks.books import Steps, book_data, named

SHARED = Path(__file__).resolve().parents[4] / "shared" / "samples" / "cacao"
CATALOGUE = sorted((Path(str(playbooks.__file__)).parent / "catalogue").glob("*.json"))
LINE: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e"}, "e": {}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=9),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside, max_size=3),
    max_leaves=8,
)


def same(data: Any) -> None:
    playbook = parse(json.dumps(data))
    assert export(playbook).encode() == rfc8785.dumps(data)
    (kept,) = book_of(definition({playbook.id: playbook}, playbook.id)).values()
    assert export(kept) == export(playbook)
    assert kept.text_digest == playbook.text_digest


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda path: path.stem)
def test_our_own_playbooks(file: Path) -> None:
    playbook = parse(file.read_text())
    assert export(playbook).encode() == rfc8785.dumps(json.loads(file.read_text()))


@pytest.mark.shared
@pytest.mark.parametrize("file", sorted(SHARED.glob("*.json")), ids=lambda path: path.stem)
def test_playbooks_of_others(file: Path) -> None:
    data = json.loads(file.read_text())
    if "workflow" not in data:
        with pytest.raises(UnreadablePlaybookError):
            parse(json.dumps(data))
    else:
        same(data)


@given(st.dictionaries(st.text(min_size=1, max_size=9).map("x_{}".format), JSON, max_size=4), JSON)
def test_anything_that_we_do_not_know(more: dict[str, Any], value: object) -> None:
    data = {**book_data(LINE), **more, "agent_definitions": {"eigen": value}}
    data["workflow"] = {**data["workflow"], named("a1"): {**data["workflow"][named("a1")], **more, "cases": value}}
    data["playbook_variables"] = {"geen naam": value}
    same(data)
