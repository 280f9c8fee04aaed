"""Reads the data files that lie in the pure rooms: regimes, reference data, playbooks. Parsing is theirs."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import domain.duties
import domain.reference
import playbooks
from domain.duties.calendar import Calendar
from domain.duties.regimes import Regimes, parse_regimes
from domain.reference.municipalities import Reference, parse_reference
from domain.register import Register, parse_registers
from playbooks.cacao import Playbook, parse
from playbooks.rules import ProposalRules, parse_rules


def _folder(package: object) -> Path:
    return Path(str(getattr(package, "__file__", ""))).parent


@cache
def regimes() -> Regimes:
    """The statutory regimes, dated."""
    return parse_regimes((_folder(domain.duties) / "regimes.yaml").read_text())


@cache
def calendar() -> Calendar:
    """The Dutch calendar of the Algemene termijnenwet, with the equated days of the regimes."""
    return regimes().calendar()


@cache
def reference() -> Reference:
    """Municipalities, safety regions, police units and prosecution offices."""
    folder = _folder(domain.reference)
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".json", ".yaml")]
    return parse_reference({path.name: path.read_text() for path in files})


@cache
def catalogue() -> Mapping[str, Playbook]:
    """The playbooks of the catalogue by their CACAO id."""
    folder = _folder(playbooks) / "catalogue"
    found = [parse(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return {playbook.id: playbook for playbook in found}


@cache
def proposal_rules() -> ProposalRules:
    """Which playbook is proposed for which incident."""
    return parse_rules((_folder(playbooks) / "rules.yaml").read_text())


def demo_registers() -> Mapping[str, Register]:
    """Demonstration registers by municipality."""
    return parse_registers((_folder(domain.reference) / "demo_register.yaml").read_text())
