"""Commands without a running system: JSON on stdout, one object a line; exit codes 0, 1 and 2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.unit.playbooks.books import book_text
from wiring.commands import pure

app = typer.Typer()
for command in (pure.signal_check, pure.duties_compute, pure.playbook_check, pure.playbook_run):
    app.command(command.__name__)(command)
GOOD = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e"}, "e": {}}
Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and say where it is."""

    def _write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return _write


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_duties_one_answer_a_line_and_an_error_for_a_bad_one(write: Write) -> None:
    asked = [
        '{"id": 1, "obligation": "cbw.early_warning", "trigger_at": "2027-10-30T14:30"}',
        "geen json",
        '{"id": 3, "obligation": "cbw.early_warning", "trigger_at": "2027-03-28T02:30"}',
        '{"id": 4, "obligation": "cbw.early_warning", "trigger_at": "2027-10-31T02:30"}',
        '{"id": 5, "obligation": "cbw.early_warning", "trigger_at": "2027-10-31T02:30", "fold": 1}',
        '{"id": 6, "obligation": "cbw.early_warning", "trigger_at": "9999-12-31T23:00"}',
        '{"id": 7, "obligation": "cbw.early_warning", "trigger_at": "2027-01-01T00:00", "fold": "x"}',
        '{"id": 8, "obligation": "cbw.final"}',
    ]
    result = run("duties_compute", write("f", "\n".join(asked)), "--json")
    found = lines(result)
    assert result.exit_code == 1
    assert found[0]["due_at"] == "2027-10-31T12:30:00Z"
    assert found[4]["due_at"] == "2027-11-01T01:30:00Z"
    assert [place for place, each in enumerate(found, 1) if "error" in each] == [2, 3, 4, 6, 7]
    assert found[7] == {"id": 8, "due_at": None, "waits_for": "submitted:cbw.notification"}
    assert run("duties_compute", write("g", asked[0]), "--json").exit_code == 0


def test_playbook_check(write: Write) -> None:
    good, bad = write("goed", book_text(GOOD)), write("fout", "{}")
    result = run("playbook_check", good, bad, "--json")
    assert result.exit_code == 1
    assert [each["valid"] for each in lines(result)] == [True, False]
    assert lines(result)[0] == {"file": good, "valid": True, "executable": True, "findings": []}
    assert {*lines(result)[1]["findings"][0]} == {"code", "severity", "step", "message"}
    assert run("playbook_check", good, "--json").exit_code == 0


def test_playbook_run(write: Write) -> None:
    book, answers = write("b", book_text(GOOD)), write("a", '{"default": {}}')
    result = run("playbook_run", book, "--answers", answers, "--json")
    assert result.exit_code == 0
    assert lines(result)[-1] == {"status": "successfully_completed", "variables": {}}
    assert {*lines(result)[0]} == {"step", "type", "status", "at", "by"}
    assert run("playbook_run", book, "--answers", write("leeg", "{}"), "--json").exit_code == 1
    assert run("playbook_run", book, "--answers", write("raar", "[]"), "--json").exit_code == 2
    assert run("playbook_run", book, "--answers", write("geen", "{"), "--json").exit_code == 2


def test_signal_check(write: Write) -> None:
    good, bad = write("goed", '[{"dienst": "a"}, {"dienst": "b", "toestand": "test"}, 5]'), write("fout", "<x/>")
    result = run("signal_check", write("een", '{"dienst": "a"}'), "--json")
    assert (result.exit_code, lines(result)[0]["verdict"]) == (0, "accepted")
    result = run("signal_check", good, bad, "--format", "driehoek", "--json")
    assert result.exit_code == 1
    first, second = lines(result)
    assert (first["signals"], first["noted"], first["refused_rows"], len(first["reasons"])) == (2, 1, 1, 1)
    assert (second["verdict"], second["signals"]) == ("quarantined", 0)
    assert {*first} == {"file", "verdict", "format", "signals", "noted", "refused_rows", "reasons"}


@pytest.mark.parametrize("command", ["signal_check", "duties_compute", "playbook_check"])
def test_a_file_that_is_not_there_is_wrong_use_and_one_line(command: str, tmp_path: Path) -> None:
    result = run(command, str(tmp_path / "weg"), "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert run(command, str(tmp_path), "--json").exit_code == 2


def test_an_unknown_format_is_wrong_use(write: Write) -> None:
    assert run("signal_check", write("een", "{}"), "--format", "nergens").exit_code == 2
