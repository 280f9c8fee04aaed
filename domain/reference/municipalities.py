"""Municipalities and the parties of their cyberdriehoek: who belongs to whom. Pure parsers; others read the files."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from domain.errors import NotFoundError


class UnknownMunicipalityError(NotFoundError):
    """Deze gemeentecode kennen wij niet. Een code ziet eruit als GM0344."""


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """One municipality with the codes of what it belongs to."""

    code: str
    name: str
    safety_region_code: str
    police_unit_code: str
    court_district_code: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True)
class Organisation:
    """An organisation by id (`gemeente:GM0344`, `politie:RE03`, `om:AR04`, `vr:VR09`) and name."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Parties:
    """The four parties of one municipality."""

    municipality: Organisation
    police: Organisation
    prosecution: Organisation
    safety_region: Organisation

    @property
    def all(self) -> tuple[Organisation, ...]:
        """All four, the municipality first."""
        return (self.municipality, self.police, self.prosecution, self.safety_region)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Who there are. Names by code."""

    municipalities: Mapping[str, Municipality]
    safety_regions: Mapping[str, str]
    police_units: Mapping[str, str]
    court_districts: Mapping[str, str]
    rsit: frozenset[str]
    """Types as `class/type`."""

    def municipality(self, code: str) -> Municipality:
        """One municipality. Raises UnknownMunicipalityError."""
        try:
            return self.municipalities[code]
        except KeyError as error:
            raise UnknownMunicipalityError from error

    def parties_of(self, code: str) -> Parties:
        """The parties of a municipality. Raises UnknownMunicipalityError."""
        one = self.municipality(code)
        return Parties(
            municipality=Organisation(f"gemeente:{code}", f"Gemeente {one.name}"),
            police=Organisation(
                f"politie:{one.police_unit_code}", f"Politie {self.police_units[one.police_unit_code]}"
            ),
            prosecution=Organisation(
                f"om:{one.court_district_code}",
                f"Arrondissementsparket {self.court_districts[one.court_district_code]}",
            ),
            safety_region=Organisation(f"vr:{one.safety_region_code}", self.safety_regions[one.safety_region_code]),
        )

    def name_of(self, organisation: str) -> str:
        """Name of an organisation id; the id itself when we do not know it."""
        kind, _, code = organisation.partition(":")
        names: Mapping[str, Mapping[str, str]] = {
            "gemeente": {each.code: f"Gemeente {each.name}" for each in self.municipalities.values()},
            "politie": {key: f"Politie {name}" for key, name in self.police_units.items()},
            "om": {key: f"Arrondissementsparket {name}" for key, name in self.court_districts.items()},
            "vr": self.safety_regions,
        }
        return names.get(kind, {}).get(code, organisation)


def parse_reference(files: Mapping[str, str]) -> Reference:
    """Reference data from the texts of the files beside this module, by file name."""
    classes = json.loads(files["rsit.json"])["classes"]
    return Reference(
        municipalities={row["code"]: _municipality(row) for row in _rows(files["municipalities.csv"])},
        safety_regions={row["code"]: row["organisation_name"] for row in _rows(files["safety_regions.csv"])},
        police_units={row["code"]: row["name"] for row in _rows(files["police_units.csv"])},
        court_districts={row["code"]: row["name"] for row in _rows(files["court_districts.csv"])},
        rsit=frozenset(f"{each['id']}/{kind}" for each in classes for kind in each["types"]),
    )


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def _municipality(row: Mapping[str, str]) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        safety_region_code=row["safety_region_code"],
        police_unit_code=row["police_unit_code"],
        court_district_code=row["court_district_code"],
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        population=int(row["population_2023"]),
    )
