"""The rooms are where the design says, and no installed package takes their names."""

import importlib.util
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_ours(room: str) -> None:
    spec = importlib.util.find_spec(room)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)


@pytest.mark.parametrize("room", ROOMS)
def test_an_init_file_is_empty(room: str) -> None:
    full = [path for path in (ROOT / room).rglob("__init__.py") if path.read_text().strip()]
    assert full == []


def test_infra_holds_no_python() -> None:
    assert list((ROOT / "infra").rglob("*.py")) == []
