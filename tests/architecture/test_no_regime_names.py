"""No code knows a law by name: a regime or an obligation is data, so that another one needs no code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from adapters import packaged

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "domain",
    "signals",
    "playbooks",
    "exercises",
    "usecases",
    "streams",
    "api",
    "dashboards",
    "adapters",
    "wiring",
)
SKIPPED = ("node_modules", "translations", "dist")
NAMES = packaged.regimes().regime_ids() | packaged.regimes().obligation_ids()


def _files(pattern: str) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob(pattern)):
            if not any(part in SKIPPED for part in path.parts):
                yield path


def test_no_string_in_the_code_is_the_name_of_a_regime_or_obligation() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in _files("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in NAMES
    ]
    assert named == []


def test_no_template_or_script_names_one() -> None:
    quoted = re.compile("[\"'`](" + "|".join(map(re.escape, sorted(NAMES))) + ")[\"'`]")
    found = [
        f"{path.relative_to(ROOT)} {match.group(1)}"
        for pattern in ("*.html", "*.txt", "*.js", "*.ts", "*.typ")
        for path in _files(pattern)
        for match in quoted.finditer(path.read_text())
    ]
    assert found == []


def test_the_check_would_see_one() -> None:
    tree = ast.parse(f'if regime == "{min(NAMES)}": pass')
    assert any(isinstance(node, ast.Constant) and node.value in NAMES for node in ast.walk(tree))
