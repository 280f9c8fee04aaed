"""Who belongs to whom, for every municipality, and what a register recognises."""

from pathlib import Path

import pytest

from domain.reference.municipalities import Reference, UnknownMunicipalityError, parse_reference
from domain.register import Register, empty, parse_registers

FOLDER = Path(__file__).parents[4] / "domain" / "reference"
FILES = {path.name: path.read_text() for path in FOLDER.iterdir() if path.suffix in (".csv", ".json", ".yaml")}
REFERENCE: Reference = parse_reference(FILES)
REGISTERS: dict[str, Register] = parse_registers(FILES["demo_register.yaml"])


def test_there_are_342_municipalities_in_25_regions() -> None:
    assert len(REFERENCE.municipalities) == 342
    assert len({each.safety_region_code for each in REFERENCE.municipalities.values()}) == 25


@pytest.mark.parametrize("code", sorted(REFERENCE.municipalities))
def test_every_municipality_has_its_four_parties_by_name(code: str) -> None:
    parties = REFERENCE.parties_of(code)
    assert [each.id.partition(":")[0] for each in parties.all] == ["gemeente", "politie", "om", "vr"]
    assert all(REFERENCE.name_of(each.id) == each.name for each in parties.all)


def test_utrecht() -> None:
    names = [each.name for each in REFERENCE.parties_of("GM0344").all]
    assert names == [
        "Gemeente Utrecht",
        "Politie Midden-Nederland",
        "Arrondissementsparket Midden-Nederland",
        "Veiligheidsregio Utrecht",
    ]


def test_an_unknown_code_is_refused_and_an_unknown_organisation_keeps_its_id() -> None:
    with pytest.raises(UnknownMunicipalityError):
        REFERENCE.parties_of("GM9999")
    assert REFERENCE.name_of("ibd:IBD") == "ibd:IBD"


def test_the_taxonomy_knows_an_outage() -> None:
    assert "availability/outage" in REFERENCE.rsit


def test_ten_municipalities_in_two_regions_have_a_register() -> None:
    assert len(REGISTERS) == 10
    assert {REFERENCE.municipality(code).safety_region_code for code in REGISTERS} == {"VR09", "VR13"}


def test_a_service_is_recognised_by_code_name_or_alias() -> None:
    utrecht = REGISTERS["GM0344"]
    found = {utrecht.service(called) for called in ("burgerzaken", "BRP", "Paspoorten, rijbewijzen en burgerzaken")}
    assert len(found) == 1
    assert utrecht.supplier_of("BRP") == "burgersoft"
    assert utrecht.supplier_of("zaaksysteem") == "zaakwerk"
    assert utrecht.supplier_of("reisdocumenten") == "burgersoft"
    supplier = utrecht.supplier("BURGERSOFT BV")
    assert supplier is not None
    assert supplier.code == "burgersoft"


def test_what_nobody_knows_is_none() -> None:
    nothing = empty("GM0344")
    assert (nothing.service("x"), nothing.supplier_of(None), nothing.supplier("x"), nothing.supplier(None)) == (
        None,
        None,
        None,
        None,
    )
