"""The documents say what is: commands, options, links, targets and files that they name exist."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from wiring.cli import app

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
RUNBOOK = sorted((ROOT / "docs" / "runbook").glob("*.md"))
ADR_HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "The check that guards it"]
RUNBOOK_STEPS = ["Signal", "Check", "Act", "After", "Undo"]
COMMANDS = (ROOT / "docs" / "commands.md").read_text()
ROOMS = (
    "domain",
    "signals",
    "playbooks",
    "exercises",
    "usecases",
    "adapters",
    "streams",
    "api",
    "dashboards",
    "wiring",
)
FILE = re.compile(rf"`((?:{'|'.join((*ROOMS, 'tests', 'infra', 'docs', 'requirements'))})/[\w./-]+)`")
CHECK = re.compile(r"`(tests/[\w./-]+|lint-imports|make check)`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)")
TARGET = re.compile(r"`make ([a-z][a-z-]*)`|^    make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"(?:`|^\$ |^    )driehoek ([a-z]+(?: [a-z]+)?)", re.MULTILINE)
# Machines of whoever builds this, and how the work was organised, are nobody's business.
FOREIGN = re.compile(r"/(?:work|tmp|home|root)/|https?://[^\s)]*(?:pypi|npm|artifactory|nexus|proxy)", re.IGNORECASE)


def pages() -> list[Path]:
    """Every Markdown page of ours that git knows or will know."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split()]


def commands() -> Mapping[str, TyperCommand]:
    """Each command by its full name, as a person types it."""
    return dict(_walk(typer.main.get_command(app), ()))


def _walk(command: object, above: tuple[str, ...]) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from _walk(below, (*above, name))
    elif isinstance(command, TyperCommand):
        yield " ".join(above), command


def section(name: str) -> str:
    """The words of `docs/commands.md` about one command: its own heading, or the chapter with its row."""
    own = re.search(rf"^### `driehoek {name}`$(.*?)(?=^##)", COMMANDS + "\n## ", re.MULTILINE | re.DOTALL)
    if own:
        return own[1]
    chapters = re.split(r"^## ", COMMANDS, flags=re.MULTILINE)
    return next((chapter for chapter in chapters if f"| `driehoek {name}` |" in chapter), "")


@pytest.mark.parametrize("name", commands())
def test_a_command_is_described_with_each_of_its_options(name: str) -> None:
    said = section(name)
    assert said, name
    options = [max(each.opts, key=len) for each in commands()[name].params if isinstance(each, TyperOption)]
    assert [option for option in options if option not in said and option != "--help"] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_what_exists(page: Path) -> None:
    text = page.read_text()
    known = {*commands(), *(name.split()[0] for name in commands())}
    said = {
        words if words.split()[0] in ("signal", "duties", "playbook") else words.split()[0]
        for words in COMMAND.findall(text)
    }
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    links = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    assert said - known == set()
    assert {one or other for one, other in TARGET.findall(text)} - targets == set()
    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [name for name in FILE.findall(text) if not (ROOT / name).exists()] == []
    assert FOREIGN.findall(text) == []


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_has_five_headings_and_a_check_that_exists(page: Path) -> None:
    text = page.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ADR_HEADINGS
    checks = CHECK.findall(text.partition(f"## {ADR_HEADINGS[-1]}")[2])
    assert checks, "names no check"
    assert [check for check in checks if check.startswith("tests/") and not (ROOT / check).is_file()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in ADRS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", RUNBOOK, ids=lambda page: page.stem)
def test_a_page_of_the_runbook_has_five_steps(page: Path) -> None:
    assert re.findall(r"^\*\*(\w+)\.\*\*", page.read_text(), re.MULTILINE) == RUNBOOK_STEPS
