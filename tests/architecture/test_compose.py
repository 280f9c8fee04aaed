"""The container files are valid, and every command and setting in them exists."""

import re
from pathlib import Path

import yaml
from compose_spec import PyOptions
from compose_spec.models import ComposeSpecification
from typer.main import get_command

from wiring.cli import app
from wiring.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
COMMANDS = set(get_command(app).list_commands(None))  # type: ignore[attr-defined]  # a click group, needs no context


def test_the_compose_file_is_valid() -> None:
    spec: ComposeSpecification = PyOptions(apply_merge=True).from_yaml(COMPOSE).to_spec()
    assert spec.services is not None
    assert set(spec.services) == set(SERVICES)


def test_every_command_exists() -> None:
    started = {words["command"][0] for words in SERVICES.values()}
    checked = {words["healthcheck"]["test"][3] for words in SERVICES.values() if "healthcheck" in words}
    assert started <= COMMANDS
    assert checked == started - {"migrate"}


def test_containers_are_closed() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert not service["user"].startswith("0"), name
        assert service["cap_drop"] == ["ALL"], name


def test_every_setting_that_is_named_exists() -> None:
    text = COMPOSE + (ROOT / "infra" / "docker" / "Dockerfile").read_text()
    named = {name.lower() for name in re.findall(r"DRIEHOEK_([A-Z_]+)", text)}
    assert named <= set(Settings.model_fields)
