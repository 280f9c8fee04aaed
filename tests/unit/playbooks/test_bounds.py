"""Hostile files: refused with findings, within a time and a memory that do not depend on who sent them."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from playbooks.check import MOST_BYTES, MOST_FINDINGS, check
from tests.unit.playbooks.books import Steps, book_data, book_text, named, variables

LINE: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e"}, "e": {}}
MOST_MEMORY = 3 * 1024**3


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < seconds


def codes(text: str) -> set[str]:
    report = check(text)
    assert not report.valid
    assert len(report.findings) <= MOST_FINDINGS + 1
    return {each.code for each in report.findings}


def test_a_file_of_32_mib_is_refused_at_once() -> None:
    with within(2):
        assert codes(book_text(LINE, description="x" * MOST_BYTES)) == {"size"}
        assert codes("é" * (MOST_BYTES // 2)) == {"size"}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 900 + "]" * 900])
def test_deep_nesting_is_refused(text: str) -> None:
    with within(2):
        assert codes(text) & {"depth", "json", "schema"}


def test_a_deep_part_inside_a_playbook_is_refused() -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"signature": deep}
    assert "schema" in codes(json.dumps({**book_data(LINE), "signatures": [deep]}))


def test_a_key_that_stands_twice_is_refused() -> None:
    text = book_text(LINE)
    assert codes(text.replace('"name": "boek"', '"name": "boek", "name": "ander"')) == {"duplicate"}
    twice = json.dumps(named("a1"))
    assert codes(text.replace(f"{twice}: ", f"{twice}: {{}}, {twice}: ", 1)) == {"duplicate"}


@pytest.mark.parametrize("text", ['{"impact": NaN}', '{"impact": Infinity}', '{"impact": -Infinity}'])
def test_what_is_no_json_number_is_refused(text: str) -> None:
    assert codes(text) == {"json"}


def test_a_number_with_more_digits_than_anybody_needs_is_refused() -> None:
    with within(2):
        assert codes(f'{{"impact": {"9" * 1_000_000}}}')


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "a*a*a*a*b", "((a*)*)*", "(.*)*x", "[", "a" * 10_000, "(?:a{1,99}){1,99}"]
)
def test_a_hostile_pattern_is_told_of_and_costs_nothing(pattern: str) -> None:
    condition = f"__x__:value MATCHES '{pattern}'"
    steps: Steps = {**LINE, "s": {"on_completion": "i"}, "i": {"condition": condition, "on_true": "a1"}}
    steps = {**steps, "i": {**steps["i"], "on_completion": "e"}}
    with within(1):
        report = check(book_text(steps, playbook_variables=variables(x="a" * 5000)))
    assert report.valid
    assert {each.code for each in report.findings} == {"condition"}


def test_html_in_a_title_stays_text() -> None:
    report = check(book_text({**LINE, "a1": {"on_completion": "e", "name": "<script>alert(1)</script>"}}))
    assert report.findings == ()


BIG = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
sys.path.insert(0, ".")
from playbooks.check import check
from tests.unit.playbooks.books import book_data, book_text
count, kind = 100_000, sys.argv[1]
steps = {{"s": {{"on_completion": "a0"}}, "e": {{}}}}
last = {{"line": "e", "ring": "a0", "dangling": "a999999"}}[kind]
steps |= {{f"a{{n}}": {{"on_completion": f"a{{n + 1}}" if n + 1 < count else last}} for n in range(count)}}
data = book_data({{"s": {{"on_completion": "e"}}, "e": {{}}}})
report = check(book_text(steps, agent_definitions=data["agent_definitions"]))
print(report.valid, len(report.findings), sorted({{each.code for each in report.findings}}))
"""


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("line", "True 0"),
        ("ring", "False 1001 ['cycle', 'more', 'no-end', 'unreachable']"),
        ("dangling", "False 1001 ['dangling'"),
    ],
)
def test_a_hundred_thousand_steps_cost_bounded_time_and_memory(kind: str, said: str) -> None:
    script = BIG.format(limit=MOST_MEMORY)
    with within(120):
        done = subprocess.run([sys.executable, "-c", script, kind], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith(said)


def test_a_million_findings_are_counted_and_not_kept() -> None:
    labels = [None] * 300_000
    report = check(json.dumps({**book_data(LINE), "labels": labels}))
    assert len(report.findings) == MOST_FINDINGS + 1
    assert report.findings[-1].code == "more"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024 * 1024
