"""`.env.example` names exactly the settings there are, with their defaults."""

from pathlib import Path

from wiring.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def _example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)


def test_the_example_names_every_setting_with_its_default() -> None:
    assert _example() == {f"DRIEHOEK_{name.upper()}": _default(name) for name in Settings.model_fields}


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
