"""The vocabularies we share with others: RSIT for the kind of incident, TLP for who may see it."""

import json
from dataclasses import dataclass

from domain.tlp import Tlp


@dataclass(frozen=True, slots=True, kw_only=True)
class RsitType:
    """One type of the Reference Security Incident Taxonomy; `id` is `class/type`, as on the wire."""

    id: str
    name: str
    name_nl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RsitClass:
    """One class of RSIT with its types."""

    id: str
    name: str
    name_nl: str
    types: tuple[RsitType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TlpLabel:
    """A TLP 2.0 label with its prescribed colour and one Dutch sentence for people."""

    label: Tlp
    colour: str
    meaning_nl: str


def parse_rsit(text: str) -> tuple[RsitClass, ...]:
    """Classes and types in the order of the taxonomy. KeyError or ValueError when the file is not right."""
    return tuple(
        RsitClass(
            id=one["id"],
            name=one["name"],
            name_nl=one["nl"],
            types=tuple(
                RsitType(id=f"{one['id']}/{kind['id']}", name=kind["name"], name_nl=kind["nl"]) for kind in one["types"]
            ),
        )
        for one in json.loads(text)["classes"]
    )


def parse_tlp(text: str) -> tuple[TlpLabel, ...]:
    """The five labels, strictest first. KeyError or ValueError when the file is not right."""
    return tuple(
        TlpLabel(label=Tlp(one["label"]), colour=one["colour"], meaning_nl=one["nl"])
        for one in json.loads(text)["labels"]
    )
