"""Small files and small functions: median file at most 100 lines, none over 400; no function over 40."""

import ast
import statistics
from pathlib import Path

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
ALLOWED_LONG_FUNCTIONS: dict[str, str] = {
    "signals/formats/mapped.py:_builder": "a closure over the places of the columns; half of it names the fields",
    "signals/formats/shadowserver.py:_builder": "the same: rows are read at tens of thousands a second",
}
"""`file:function` -> why it may be longer."""


def _sources(*rooms: str) -> list[Path]:
    skipped = ("node_modules", "versions")
    return [
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "__init__.py" and not any(part in skipped for part in path.parts)
    ]


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_file_is_over_400_lines() -> None:
    templates = [
        p
        for p in (ROOT / "dashboards").rglob("*")
        if p.suffix in (".html", ".js", ".css") and "dist" not in p.parts and "node_modules" not in p.parts
    ]
    long = {
        str(path.relative_to(ROOT)): _lines(path)
        for path in (*_sources(*ROOMS, "tests"), *templates)
        if _lines(path) > 400
    }
    assert long == {}


def test_the_median_file_is_at_most_100_lines_and_p90_at_most_250() -> None:
    sizes = sorted(_lines(path) for path in _sources(*ROOMS))
    assert statistics.median(sizes) <= 100
    assert sizes[int(len(sizes) * 0.9)] <= 250


def test_no_function_is_over_40_lines() -> None:
    long = {}
    for path in _sources(*ROOMS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or 0) - node.lineno + 1
                key = f"{path.relative_to(ROOT)}:{node.name}"
                if size > 40 and key not in ALLOWED_LONG_FUNCTIONS:
                    long[key] = size
    assert long == {}


def test_every_file_says_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(ROOT)) for p in _sources(*ROOMS, "tests") if not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []
