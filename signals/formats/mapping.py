"""A mapping: which column or pointer of a source's own CSV or JSON is which of our fields. Stored as data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_COLUMNS = 500
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Target(StrEnum):
    """Fields of the normal form that a mapping fills; named as in our own form."""

    ID = "id"
    VERSTORING = "verstoring"
    TIJDSTIP = "tijdstip"
    GEMEENTE = "gemeente"
    DIENST = "dienst"
    LEVERANCIER = "leverancier"
    TYPE = "type"
    ERNST = "ernst"
    ZEKERHEID = "zekerheid"
    TLP = "tlp"
    TITEL = "titel"
    TEKST = "tekst"
    KENMERKEN = "kenmerken"
    PRODUCT = "product"
    CAMPAGNE = "campagne"
    VERWIJZING = "verwijzing"
    TOESTAND = "toestand"


ANY_OF = frozenset({Target.DIENST, Target.LEVERANCIER, Target.TITEL, Target.TEKST, Target.KENMERKEN})
"""Without one of these a signal says nothing."""


class SourceMapping(BaseModel):
    """How to read one source.

    `fields`: columns of a CSV, or JSON pointers (RFC 6901) from a row; several are joined, and kenmerken and product
    keep each apart. `values`: what a written value means, compared in lower case; a value that is not in its table
    stays as it is. `constants`: what holds for every row that says nothing itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["csv", "json"]
    delimiter: Literal[",", ";", "\t", "|"] = ","
    encoding: Literal["utf-8", "utf-16", "iso-8859-1", "windows-1252"] = "utf-8"
    has_header: bool = True
    columns: Annotated[tuple[Name, ...], Field(max_length=MOST_COLUMNS)] = ()
    """Names of the columns, in order, when the file does not say them itself."""
    rows: Annotated[str, Field(max_length=200, pattern=r"^(/.*)?$")] = ""
    """JSON pointer to the list of rows; empty = the document itself."""
    fields: Mapping[Target, Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]]
    values: Mapping[Target, Mapping[str, Annotated[str, Field(max_length=200)]]] = {}
    constants: Mapping[Target, Name] = {}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not ANY_OF & (self.fields.keys() | self.constants.keys()):
            raise ValueError(f"koppel ten minste één van: {', '.join(sorted(ANY_OF))}")
        if self.kind == "csv" and not self.has_header and not self.columns:
            raise ValueError("noem de kolommen: dit bestand heeft geen kopregel")
        if self.kind == "csv" and self.columns:
            missing = {name for names in self.fields.values() for name in names} - set(self.columns)
            if missing:
                raise ValueError(f"deze kolommen zijn er niet: {', '.join(sorted(missing))}")
        if self.kind == "json" and any(not name.startswith("/") for names in self.fields.values() for name in names):
            raise ValueError("schrijf velden van JSON als verwijzing, zoals /bron/adres")
        return self
