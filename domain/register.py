"""The register of one municipality: services, their suppliers, and configuration items. Correlation reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A closed, frozen entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(Entry):
    """A service in the words of the people; `aliases` are what machines call it.

    `products`: what it runs on, by which advisories are found. Without any, its supplier is looked for.
    """

    code: str
    name: str
    supplier: str | None = None
    aliases: tuple[str, ...] = ()
    critical: bool = False
    products: tuple[str, ...] = ()


class Supplier(Entry):
    """Who supplies services, with the number to call."""

    code: str
    name: str
    phone: str | None = None


class Item(Entry):
    """A configuration item of a service: host names and addresses by which a signal is recognised."""

    code: str
    name: str
    service: str | None = None
    observables: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Register:
    """All entries of one municipality, by code."""

    municipality: str
    services: Mapping[str, Service]
    suppliers: Mapping[str, Supplier]
    items: Mapping[str, Item]

    def service(self, called: str | None) -> Service | None:
        """The service that somebody means: by code, name or alias, whatever the case."""
        if not called:
            return None
        wanted = called.casefold()
        for service in self.services.values():
            if wanted in (service.code.casefold(), service.name.casefold(), *map(str.casefold, service.aliases)):
                return service
        return None

    def supplier_of(self, called: str | None) -> str | None:
        """Code of the supplier of a service, None when either is unknown."""
        service = self.service(called)
        return service.supplier if service else None

    def supplier(self, called: str | None) -> Supplier | None:
        """The supplier that somebody means: by code or name, whatever the case."""
        if not called:
            return None
        wanted = called.casefold()
        for supplier in self.suppliers.values():
            if wanted in (supplier.code.casefold(), supplier.name.casefold()):
                return supplier
        return None


def empty(municipality: str) -> Register:
    """A register without entries."""
    return Register(municipality=municipality, services={}, suppliers={}, items={})


def parse_registers(text: str) -> dict[str, Register]:
    """Registers by municipality from YAML. Raises yaml.YAMLError or pydantic.ValidationError."""
    data: Any = yaml.safe_load(text)
    suppliers = [Supplier.model_validate(each) for each in data["suppliers"]]
    found = {}
    for code, given in data["municipalities"].items():
        services = [Service.model_validate(each) for each in given["services"]]
        used = {service.supplier for service in services}
        found[code] = Register(
            municipality=code,
            services={service.code: service for service in services},
            suppliers={each.code: each for each in suppliers if each.code in used},
            items={each["code"]: Item.model_validate(each) for each in given.get("items", ())},
        )
    return found
