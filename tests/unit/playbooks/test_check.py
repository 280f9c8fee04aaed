"""Each finding of the check, what is only a warning, and that a large playbook costs bounded time."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.check import Report, check
from playbooks.extension import EXTENSION
from tests.unit.playbooks.books import AGENT, Steps, book_data, book_text, named, number, variables

SHARED = Path(__file__).resolve().parents[4] / "shared" / "samples" / "cacao"
LINE: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e"}, "e": {}}
Break = Callable[[dict[str, Any]], object]
A1, S, E = named("a1"), named("s"), named("e")


def errors(text: str) -> set[str]:
    report = check(text)
    assert report.valid == (not any(each.severity == "error" for each in report.findings))
    return {each.code for each in report.findings if each.severity == "error"}


def warnings(text: str) -> set[str]:
    return {each.code for each in check(text).findings if each.severity == "warning"}


def test_a_good_playbook_has_no_findings() -> None:
    report = check(book_text(LINE))
    assert (report.valid, report.executable, report.findings) == (True, True, ())


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda d: d.pop("created_by"), "schema"),
        (lambda d: d.update(spec_version="1.1"), "schema"),
        (lambda d: d.update(impact=101), "schema"),
        (lambda d: d.update(labels=[]), "schema"),
        (lambda d: d.update(created="gisteren"), "schema"),
        (lambda d: d.update(id="boek"), "schema"),
        (lambda d: d.update(workflow_start=A1), "start"),
        (lambda d: d.update(workflow_start=f"start--{number('weg')}"), "dangling"),
        (lambda d: d.update(workflow_exception=f"end--{number('weg')}"), "dangling"),
        (lambda d: d["workflow"].pop(S), "dangling"),
        (lambda d: d["workflow"].pop(E), "dangling"),
        (lambda d: d["workflow"][A1].update(agent=f"group--{number('weg')}"), "undefined"),
        (lambda d: d["workflow"][A1].update(targets=[f"group--{number('weg')}"]), "undefined"),
        (lambda d: d["workflow"][A1].update(out_args=["__weg__"]), "undefined"),
        (lambda d: d["workflow"][A1].pop("agent"), "schema"),
        (lambda d: d["workflow"][A1].pop("commands"), "schema"),
        (lambda d: d["workflow"][A1].update(commands=["x"]), "schema"),
        (lambda d: d["workflow"][A1].update(type="wait"), "schema"),
        (lambda d: d["workflow"][A1].update(delay=0), "schema"),
        (lambda d: d["workflow"][A1].update(on_success=E), "successor"),
        (lambda d: d["workflow"][S].update(on_failure=E), "schema"),
        (lambda d: d["workflow"][E].update(on_completion=A1), "schema"),
        (lambda d: d["workflow"][A1].update(on_completion=A1), "cycle"),
        (lambda d: d["workflow"][A1].pop("on_completion"), "no-end"),
        (lambda d: d["workflow"].update({"stap": d["workflow"][A1]}), "id"),
        (lambda d: d["workflow"].update({named("a2"): d["workflow"][A1]}), "unreachable"),
        (lambda d: d["workflow"].update({A1: "x"}), "schema"),
        (lambda d: d.update(signatures=[{}]), "schema"),
        (lambda d: d.update(agent_definitions={}), "schema"),
        (lambda d: d.update(playbook_variables={"__x__": {}}), "schema"),
        (lambda d: d.update(playbook_variables={"__x__": {"type": "integer", "value": 5}}), "schema"),
        (lambda d: d.update(agent_definitions={AGENT: {"type": "organization"}}), "schema"),
        (lambda d: d.update(agent_definitions={AGENT: {"type": "group", "name": "x"}}), "schema"),
        (lambda d: d["workflow"][A1].update(step_extensions={EXTENSION: {"party": "x"}}), "extension"),
    ],
)
def test_each_error_is_found(broken: Break, code: str) -> None:
    data = book_data(LINE)
    broken(data)
    assert code in errors(json.dumps(data))


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ({**LINE, "a1": {"on_completion": "p"}, "p": {"next_steps": ["e"], "on_completion": "e"}}, "parallel"),
        (
            {**LINE, "a1": {"on_completion": "a2"}, "a2": {"on_completion": "a3"}, "a3": {"on_completion": "a2"}},
            "cycle",
        ),
        ({**LINE, "a1": {"on_completion": "i"}, "i": {"on_true": "e", "on_completion": "e"}}, "schema"),
        (
            {
                **LINE,
                "a1": {"on_completion": "i"},
                "i": {"condition": "__weg__:value = 1", "on_true": "e", "on_completion": "e"},
            },
            "undefined",
        ),
        ({**LINE, "a1": {"on_completion": "b"}, "b": {"playbook_id": "boek", "on_completion": "e"}}, "cycle"),
        (
            {
                **LINE,
                "a1": {"on_completion": "p"},
                "p": {"next_steps": ["e", "a2"], "on_completion": "e"},
                "a2": {"on_completion": "a2"},
            },
            "no-end",
        ),
    ],
)
def test_each_error_in_the_walks_is_found(steps: Steps, code: str) -> None:
    assert code in errors(book_text(steps))


def test_a_cycle_with_a_way_out_is_no_error() -> None:
    steps: Steps = {
        **LINE,
        "a1": {"on_completion": "i"},
        "i": {"condition": "__x__:value = 'ja'", "on_true": "a1", "on_false": "e", "on_completion": "e"},
    }
    assert check(book_text(steps, playbook_variables=variables(x=None))).valid


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"created": "2026-11-24T12:00:00Z"}, "timestamp"),
        ({"valid_from": "2027-01-01T00:00:00.000Z", "valid_until": "2026-01-01T00:00:00.000Z"}, "validity"),
        ({"id": f"identity--{number('wij')}"}, "id"),
        ({"modified": "2025-11-24T12:00:00.000Z"}, "validity"),
        ({"markings": [f"marking-tlp--{number('weg')}"]}, "marking"),
        ({"playbook_variables": {"x": {"type": "string"}}}, "variable"),
        ({"target_definitions": {"soarca--1": {"type": "soarca", "name": "x"}}}, "id"),
    ],
)
def test_what_deserves_a_look_is_a_warning(changes: Mapping[str, Any], code: str) -> None:
    assert code in warnings(book_text(LINE, **changes))
    assert check(book_text(LINE, **changes)).valid


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"commands": [{"type": "manual"}]}, "command"),
        ({"step_variables": variables(x="1")}, "shadowed"),
        ({"step_variables": variables(z="1"), "out_args": ["__z__"]}, None),
    ],
)
def test_what_deserves_a_look_at_a_step(step: Mapping[str, Any], code: str | None) -> None:
    text = book_text({**LINE, "a1": {"on_completion": "e", **step}}, playbook_variables=variables(x=None))
    assert warnings(text) == ({code} if code else set())


@pytest.mark.parametrize("kind", ["bash", "http-api", "openc2-http", "sigma", "yara", "iets-nieuws"])
def test_what_is_shown_to_a_person_instead_of_run_is_listed(kind: str) -> None:
    step = {"commands": [{"type": kind, "command": "x"}, {"type": "manual", "command": "y"}]}
    report = check(book_text({**LINE, "a1": {"on_completion": "e", **step}}))
    assert (report.valid, report.executable) == (True, True)
    (found,) = report.findings
    assert (found.code, found.severity, found.step) == ("shown", "warning", A1)
    assert kind in found.message


def test_a_step_number_of_any_version_will_do() -> None:
    text = book_text(LINE).replace(number("a1"), "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    assert check(text).findings == ()


@pytest.mark.parametrize("text", ["", "[]", "5", "{", '{"type": "playbook"}', "null", '{"workflow": []}'])
def test_what_is_no_playbook_is_one_clear_error(text: str) -> None:
    report = check(text)
    assert not report.valid
    assert report.findings[0].message


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda kids: st.lists(kids) | st.dictionaries(st.text(), kids))
)
def test_any_value_anywhere_gives_a_report(value: object) -> None:
    good = book_data(LINE)
    for name in good:
        assert isinstance(check(json.dumps({**good, name: value})), Report)
    assert isinstance(check(json.dumps({**good, "workflow": {**good["workflow"], A1: value}})), Report)
    for name in ("on_completion", "commands", "agent", "out_args", "step_variables", "step_extensions"):
        step = {**good["workflow"][A1], name: value}
        assert isinstance(check(json.dumps({**good, "workflow": {**good["workflow"], A1: step}})), Report)


def test_a_large_playbook_is_checked_in_bounded_time() -> None:
    count = 20_000
    steps: dict[str, dict[str, Any]] = {"s": {"on_completion": "p"}, "e": {}}
    steps["p"] = {"next_steps": [f"a{place}" for place in range(count)], "on_completion": "e"}
    steps |= {f"a{place}": {"on_completion": f"a{place + 1}" if place + 1 < count else "e"} for place in range(count)}
    text = book_text(steps)
    began = time.perf_counter()
    assert check(text).valid
    assert time.perf_counter() - began < 20


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "valid", "schema"),
    [
        ("oasis-basic-example-1.json", True, True),
        ("oasis-spec-3.1-example.json", True, True),
        ("soarca-manual.json", True, True),
        ("oasis-rsa-signed-two-signatures.json", False, False),
        ("oca-quarantine-remediate.json", False, False),
        ("soarca-docs-if-while-openc2.json", False, False),
        ("soarca-invalid_playbook.json", False, False),
        ("soarca-test-parallels_playbook.json", False, True),
    ],
)
def test_the_verdicts_of_the_schema_on_real_playbooks(file: str, *, valid: bool, schema: bool) -> None:
    """`schema` is the verdict of the OASIS schemas under Draft 7; we find more, as the design asks."""
    report = check((SHARED / file).read_text())
    assert report.valid is valid
    assert (not any(each.code == "schema" and each.severity == "error" for each in report.findings)) is schema
