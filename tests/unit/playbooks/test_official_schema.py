"""Our verdict on the shape of a playbook equals that of the schemas of OASIS, on real playbooks and on spoilt ones."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

import playbooks
from playbooks.check import check
from tests.unit.playbooks.books import AGENT, book_data, named, number, variables

pytestmark = pytest.mark.shared
SHARED = Path(__file__).resolve().parents[4] / "shared"
SCHEMAS, SAMPLES = SHARED / "schemas" / "cacao", SHARED / "samples" / "cacao"
CATALOGUE = sorted((Path(str(playbooks.__file__)).parent / "catalogue").glob("*.json"))
NAMES = ("type", "name", "id", "created", "value", "url", "on_completion", "labels", "external_references", "kms")
SPOILT = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 200),
    st.just(3.0),
    st.just(3.5),
    st.text(max_size=5),
    st.sampled_from(["end", "action", f"action--{number('x')}", "2026-01-01T00:00:00.000Z", "2026-01-01", "::1"]),
    st.lists(st.sampled_from(["x", f"group--{number('x')}"]), max_size=2),
    st.just({}),
    st.just({"type": "x"}),
    st.just([{}]),
)


@cache
def official() -> Draft7Validator:
    texts = [json.loads(path.read_text()) for path in SCHEMAS.rglob("*.json")]
    resources = [(each["$id"], DRAFT7.create_resource(each)) for each in texts]
    top = next(each for each in texts if each["$id"].endswith("/playbook.json"))
    return Draft7Validator(top, registry=Registry().with_resources(resources))


def agree(data: Any) -> None:
    shape = [each for each in check(json.dumps(data)).findings if each.code == "schema"]
    theirs = [f"{list(each.absolute_path)}: {each.message[:200]}" for each in official().iter_errors(data)]
    assert bool(shape) == bool(theirs), (shape[:3], theirs[:3])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        found += places(each, (*path, key))
    return found


def rich() -> dict[str, Any]:
    """A playbook that uses nearly every part of the standard."""
    steps: dict[str, Any] = {
        "s": {"on_completion": "p", "delay": 5, "external_references": [{"name": "bron"}]},
        "p": {"next_steps": ["a1", "w"], "on_completion": "c"},
        "a1": {"on_success": "e1", "on_failure": "e1", "targets": [f"ssh--{number('t')}"], "in_args": ["__x__"]},
        "w": {"condition": "__x__:value = 1", "on_true": "e1", "on_completion": "e1"},
        "c": {"switch": "__x__:value", "cases": {"1": "i", "default": "e1"}, "on_completion": "b"},
        "i": {"condition": "__x__:value = 1", "on_true": "e1", "on_false": "e1", "on_completion": "e1"},
        "b": {"playbook_id": "ander", "playbook_version": "2026-11-24T12:00:00.000Z", "on_completion": "e"},
        "e": {},
        "e1": {},
    }
    reached = {"ipv4": ["10.0.0.1"], "url": ["https://voorbeeld.nl"], "vlan": [7], "ipv6": ["2001:db8::1"]}
    made = {"created_by": f"identity--{number('i')}", "created": "2026-11-24T12:00:00.000Z"}
    return book_data(
        steps,
        playbook_variables=variables(x="1"),
        agent_definitions={
            AGENT: {"type": "organization", "name": "x", "contact": {"email": {"werk": "a@voorbeeld.nl"}}},
            f"sector--{number('t')}": {"type": "sector", "name": "x", "sector": "government"},
            f"location--{number('t')}": {"type": "location", "name": "x", "location": {"region": "europe"}},
        },
        target_definitions={
            f"ssh--{number('t')}": {"type": "ssh", "name": "x", "address": reached, "port": "22"},
            f"net-address--{number('t')}": {
                "type": "net-address",
                "name": "x",
                "address": {"l2mac": ["aa:bb:cc:dd:ee:ff"]},
            },
        },
        authentication_info_definitions={
            f"oauth2--{number('l')}": {"type": "oauth2", "oauth_header": "x", "token": "x", "kms": False}
        },
        data_marking_definitions={
            f"marking-tlp--{number('m')}": {
                **made,
                "type": "marking-tlp",
                "id": f"marking-tlp--{number('m')}",
                "tlpv2_level": "TLP:GREEN",
            }
        },
        playbook_processing_summary={"if_logic": True},
        priority=3,
        labels=["x"],
        playbook_activities=["scan-system"],
    )


SOURCES = [rich(), *(json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.json")))]


def test_the_rich_one_is_valid_to_both() -> None:
    assert not list(official().iter_errors(rich()))
    assert check(json.dumps(rich())).valid


@pytest.mark.parametrize("file", [*sorted(SAMPLES.glob("*.json")), *CATALOGUE], ids=lambda path: path.stem)
def test_the_same_verdict_on_every_sample_and_on_our_own(file: Path) -> None:
    agree(json.loads(file.read_text()))


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda path: path.stem)
def test_our_own_playbooks_keep_the_official_schema(file: Path) -> None:
    assert not list(official().iter_errors(json.loads(file.read_text())))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_the_same_verdict_on_every_spoilt_sample(data: st.DataObject) -> None:
    spoilt = copy.deepcopy(data.draw(st.sampled_from(SOURCES)))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(spoilt)[1:]))
        parent = spoilt
        for key in path[:-1]:
            parent = parent[key]
        act = data.draw(st.sampled_from(["replace", "remove", "add"]))
        if act == "remove":
            del parent[path[-1]]
        elif act == "add" and isinstance(parent, dict):
            parent[data.draw(st.sampled_from(NAMES))] = copy.deepcopy(data.draw(SPOILT))
        else:
            parent[path[-1]] = copy.deepcopy(data.draw(SPOILT))
    agree(spoilt)


def test_a_broken_id_is_ours_alone() -> None:
    data = rich()
    data["workflow"]["stap"] = data["workflow"].pop(named("a1"))
    assert any(each.code == "id" for each in check(json.dumps(data)).findings)
    agree(data)
