"""Our own JSON: one signal or a list of them, with Dutch names. The JSON Schema is published from the model here."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from signals.formats.reading import (
    Reading,
    Received,
    Refused,
    Rows,
    UnreadableError,
    fingerprint,
    moment_of,
    observable_of,
    read_json,
    text_of,
)
from signals.formats.vocabulary import CERTAINTY, SEVERITY, STATE, tlp_of
from signals.normal import Certainty, NormalSignal, State

FORMAT = "driehoek"
MOST_ROWS = 10_000
ONE_OF = ("dienst", "leverancier", "titel", "tekst")
"""A signal says at least one of these, or has `kenmerken`."""
Words = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(max_length=200)]


class Signaal(BaseModel):
    """Een signaal over een digitale verstoring."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: Annotated[str, Field(max_length=500, description="kenmerk van dit signaal bij de bron")] | None = None
    verstoring: Annotated[Name, Field(description="kenmerk van de verstoring; gelijk bij vervolg en einde")] | None = (
        None
    )
    tijdstip: Annotated[str, Field(max_length=60, description="waargenomen op, RFC 3339")] | None = None
    gemeente: Annotated[str, Field(pattern=r"^GM[0-9]{4}$", description="gemeentecode")] | None = None
    dienst: Annotated[Name, Field(description="dienst, zoals in uw register")] | None = None
    leverancier: Annotated[Name, Field(description="leverancier, zoals in uw register")] | None = None
    type: Annotated[Name, Field(description="RSIT-type, zoals availability/outage")] | None = None
    ernst: Annotated[Name, Field(description="waakzaam, verstoord of ernstig-verstoord")] | None = None
    zekerheid: Annotated[Name, Field(description="bevestigd, waarschijnlijk of onbekend")] | None = None
    tlp: Annotated[Name, Field(description="TLP 2.0; zonder label geldt TLP:AMBER")] | None = None
    titel: Annotated[str, Field(max_length=300)] | None = None
    tekst: Words | None = None
    kenmerken: Annotated[list[Name], Field(max_length=500, description="domeinen, adressen, hashes")] = []
    toestand: Annotated[Name, Field(description="nieuw, opgelost, onderhoud, test of oefening")] | None = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of one signal, as it is published; the parser takes and refuses exactly the same."""
    says = [{"required": [name], "properties": {name: {"type": "string", "pattern": r"\S"}}} for name in ONE_OF]
    marks = {"required": ["kenmerken"], "properties": {"kenmerken": {"type": "array", "minItems": 1}}}
    schema = Signaal.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "anyOf": [*says, marks]}


def recognises(value: object) -> bool:
    """Whether this JSON looks like ours: an object, or a list of objects, that names a service, text or title."""
    rows = value if isinstance(value, list) else [value]
    ours = {"dienst", "titel", "tekst", "leverancier", "kenmerken", "verstoring"}
    return bool(rows) and all(isinstance(row, dict) and ours & row.keys() for row in rows)


def parse(received: Received) -> Reading:
    """Read one signal or a list of them. Raises UnreadableError when nothing can be read."""
    value = read_json(received.body)
    given = value if isinstance(value, list) else [value]
    if not given:
        raise UnreadableError("de lijst is leeg")
    if len(given) > MOST_ROWS:
        raise UnreadableError(f"meer dan {MOST_ROWS} signalen in één bericht")
    rows = Rows()
    for place, row in enumerate(given, start=1):
        try:
            rows.signals.append(signal_of(row, received, place))
        except UnreadableError as error:
            rows.refused.append(Refused(place, str(error)))
    return rows.reading(FORMAT)


def signal_of(row: object, received: Received, place: int, *, format_id: str = FORMAT) -> NormalSignal:
    """One signal from one object of our form. Raises UnreadableError."""
    try:
        given = Signaal.model_validate(row)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) or "(geheel)" for each in error.errors()}))
        raise UnreadableError(f"veld klopt niet: {fields}") from error
    if not given.kenmerken and not any(text_of(getattr(given, name)) for name in ONE_OF):
        raise UnreadableError("geen dienst, leverancier, kenmerk, titel of tekst")
    at, original = moment_of(given.tijdstip, received.received_at)
    content = fingerprint(given.model_dump(exclude={"id", "tijdstip"}))
    identity = text_of(given.id) or content
    return NormalSignal(
        format=format_id,
        source_key=f"{received.source_id}|{text_of(given.verstoring) or identity}",
        signal_key=f"{received.source_id}|{identity}",
        content_hash=content,
        observed_at=at,
        observed_original=original,
        municipality=given.gemeente or received.municipality,
        service=text_of(given.dienst),
        supplier=text_of(given.leverancier),
        observables=tuple(sorted({o for each in given.kenmerken if (o := observable_of(each))})),
        rsit=text_of(given.type),
        severity=SEVERITY.get((given.ernst or "").lower(), SEVERITY["none"]),
        certainty=CERTAINTY.get((given.zekerheid or "").lower(), Certainty.ONBEKEND),
        tlp=tlp_of(given.tlp),
        title=text_of(given.titel) or "",
        text=text_of(given.tekst) or "",
        state=STATE.get((given.toestand or "nieuw").lower(), State.NIEUW),
        unknown=given.model_extra or {},
        raw_pointer=place,
    )
