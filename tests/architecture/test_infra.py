"""What stands in infra exists in the product: metrics, commands, settings, prefixes of topics, roles."""

import re
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from adapters.store.migrate import APP_ROLE
from api.health import METRICS
from domain.events.core import Mode
from wiring.cli import app
from wiring.processes.up import PRODUCTS
from wiring.settings import Settings

INFRA = Path(__file__).resolve().parents[2] / "infra"
ALERTS = yaml.safe_load((INFRA / "observability" / "alerts.yaml").read_text())["groups"][0]["rules"]
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((INFRA / "kubernetes" / "driehoek.yaml").read_text()))
COMMANDS = set(get_command(app).list_commands(None))  # type: ignore[attr-defined]  # a click group, needs no context


def _pods() -> dict[str, dict[str, Any]]:
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in MANIFESTS if each["kind"] != "Service"
    }


def test_every_metric_in_an_alert_exists_and_each_alert_says_what_is_wrong() -> None:
    for rule in ALERTS:
        named = set(re.findall(r"driehoek_(\w+)", rule["expr"]))
        assert named, rule["alert"]
        assert named <= set(METRICS), rule["alert"]
        assert rule["annotations"]["summary"].endswith(".")


def test_every_process_is_deployed_with_a_probe_that_exists() -> None:
    pods = _pods()
    assert set(pods) == {f"driehoek-{name}" for name in (*PRODUCTS, "migrate")}
    for pod in pods.values():
        (container,) = pod["containers"]
        assert container["args"] == [container["name"]]
        assert container["name"] in COMMANDS
        if container["name"] != "migrate":
            assert container["livenessProbe"]["exec"]["command"] == ["driehoek", "healthy", container["name"]]


def test_pods_are_closed() -> None:
    for name, pod in _pods().items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


def test_settings_roles_and_prefixes_exist() -> None:
    texts = [path.read_text() for path in INFRA.rglob("*") if path.is_file()]
    named = {name.lower() for text in texts for name in re.findall(r"DRIEHOEK_([A-Z_]*[A-Z])", text)}
    assert named <= set(Settings.model_fields)
    assert APP_ROLE in (INFRA / "postgres" / "roles.sql").read_text()
    assert f"for mode in {Mode.LIVE} {Mode.OEFENING}" in (INFRA / "kafka" / "README.md").read_text()
