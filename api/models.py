"""What goes over the wire: Dutch names in camelCase, moments in UTC. Records only, no rules."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from domain.commands import YesNo
from domain.events.core import beside_fields
from domain.severity import Severity
from domain.status import Status
from domain.tasks import Task, TaskState
from domain.tlp import Tlp
from usecases.answer_task import Answered
from usecases.reading import Listed
from usecases.readings import LogLine
from usecases.receipt_status import ReceiptStatus
from usecases.report_incident import Reported

OLDEST_YEAR = 2000


def _plain(text: str) -> str:
    """Null bytes can not be stored; half a character (a lone surrogate) can not be sent."""
    if "\x00" in text or text.encode("utf-8", "ignore").decode() != text:
        raise ValueError("bevat tekens die geen tekst zijn")
    return text


def _near(moment: datetime) -> datetime:
    if not OLDEST_YEAR <= moment.year < OLDEST_YEAR + 1000:
        raise ValueError("dit moment ligt te ver weg")
    return moment


Plain = Annotated[str, AfterValidator(_plain)]
Code = Annotated[Plain, Field(max_length=100)]
Line = Annotated[Plain, Field(max_length=200)]
Words = Annotated[Plain, Field(max_length=2000)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class Wire(BaseModel):
    """Base of what we send and take."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Probleem(Wire):
    """Wat er misging, waar, en wat u kunt doen (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    wat_te_doen: str
    velden: tuple[dict[str, str], ...] = ()


class Ontvangst(Wire):
    """Het ontvangstbewijs van een signaal, en waar staat wat ervan werd."""

    ontvangstbewijs: UUID
    status: str


class OntvangstStatus(Wire):
    """Wat er van een aangeboden signaal werd."""

    ontvangstbewijs: UUID
    uitkomst: Literal["onderweg", "gelezen", "quarantaine"]
    formaat: str | None
    signalen: int
    in_incidenten: int
    genoteerd: int
    herhalingen: int
    geweigerde_rijen: int
    redenen: tuple[str, ...]
    incidenten: tuple[str, ...]

    @classmethod
    def of(cls, status: ReceiptStatus) -> "OntvangstStatus":
        """The wire form."""
        outcome: dict[str, Literal["onderweg", "gelezen", "quarantaine"]] = {
            "read": "gelezen",
            "quarantined": "quarantaine",
        }
        return cls(
            ontvangstbewijs=status.receipt_id,
            uitkomst=outcome.get(status.outcome, "onderweg"),
            formaat=status.format,
            signalen=status.signals,
            in_incidenten=status.in_incidents,
            genoteerd=status.noted,
            herhalingen=status.duplicates,
            geweigerde_rijen=status.refused_rows,
            redenen=status.reasons,
            incidenten=status.incidents,
        )


class Incident(Wire):
    """Een incident, zoals u het in uw functie mag zien."""

    id: UUID
    nummer: str
    titel: str | None
    gemeente: str
    status: Status
    ernst: Severity
    geopend_op: datetime
    gesloten_op: datetime | None
    diensten: tuple[str, ...]
    leveranciers: tuple[str, ...]
    gevolgen: tuple[str, ...]
    tlp: Tlp
    signalen: int
    versie: int

    @classmethod
    def of(cls, listed: Listed) -> "Incident":
        """The wire form of what this actor may see."""
        row = listed.incident
        return cls(
            id=row.incident_id,
            nummer=row.number,
            titel=listed.title,
            gemeente=row.municipality,
            status=row.status,
            ernst=row.severity,
            geopend_op=row.opened_at,
            gesloten_op=row.closed_at,
            diensten=row.services,
            leveranciers=row.suppliers,
            gevolgen=row.effects,
            tlp=row.tlp,
            signalen=row.signal_count,
            versie=row.version,
        )


class Incidenten(Wire):
    """Incidenten, ergste eerst."""

    incidenten: tuple[Incident, ...]


class Melding(Wire):
    """De zeven vragen van het meldformulier."""

    beschrijving: Annotated[Plain, Field(min_length=1, max_length=4000)]
    diensten: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    ontdekt_op: Moment | None = None
    opzet: YesNo = "onbekend"
    persoonsgegevens: YesNo = "onbekend"
    anderen_geraakt: YesNo = "onbekend"
    leverancier: Code | None = None
    gevolgen: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    ernst: Severity = Severity.VERSTOORD
    bereikbaar: Line | None = None
    hoort_bij: UUID | None = None


class Gemeld(Wire):
    """Het antwoord op een melding."""

    id: UUID
    nummer: str
    aangesloten: bool
    geinformeerd: tuple[str, ...]

    @classmethod
    def of(cls, reported: Reported) -> "Gemeld":
        """The wire form."""
        return cls(
            id=reported.incident_id,
            nummer=reported.number,
            aangesloten=reported.joined,
            geinformeerd=tuple(function.value for function in reported.informed),
        )


class Taak(Wire):
    """Een taak die bij uw functie ligt."""

    id: str
    incident: UUID
    titel: str
    toelichting: str | None
    toestand: TaskState
    gevraagd_op: datetime
    uiterlijk: datetime | None
    beantwoord_op: datetime | None
    uitkomsten: tuple[str, ...]

    @classmethod
    def of(cls, task: Task, language: str) -> "Taak":
        """The wire form, in the language of the session."""
        return cls(
            id=task.task_key,
            incident=task.incident_id,
            titel=task.title.get(language) or task.title.get("nl", task.step),
            toelichting=task.description.get(language) or task.description.get("nl"),
            toestand=task.state,
            gevraagd_op=task.asked_at,
            uiterlijk=task.due_at,
            beantwoord_op=task.answered_at,
            uitkomsten=tuple(task.out_args),
        )


class Taken(Wire):
    """Taken, open taken eerst."""

    taken: tuple[Taak, ...]


class TaakAntwoord(Wire):
    """Het antwoord op een taak."""

    toestand: Literal["gezien", "klaar", "mislukt", "kan-niet", "overgeslagen"]
    reden: Words = ""
    uitkomsten: Annotated[dict[Code, Words], Field(max_length=50)] = {}


class TaakBeantwoord(Wire):
    """Hoe de taak nu staat, en hoeveel taken daardoor opengingen."""

    id: str
    toestand: TaskState
    nieuwe_taken: int

    @classmethod
    def of(cls, answered: Answered) -> "TaakBeantwoord":
        """The wire form."""
        return cls(id=answered.task_key, toestand=answered.state, nieuwe_taken=answered.new_tasks)


class Regel(Wire):
    """Een feit in het logboek. `teksten` zijn leeg waar u ze niet mag lezen of waar ze vernietigd zijn."""

    stroom: str
    versie: int
    soort: str
    vastgelegd_op: datetime
    gebeurd_op: datetime | None
    functie: str
    organisatie: str
    teksten: dict[str, str]
    hash: str

    @classmethod
    def of(cls, line: LogLine) -> "Regel":
        """The wire form; a destroyed text is left out."""
        event = line.recorded.event
        texts = {name: getattr(event, name) for name in beside_fields(type(event)) if name not in line.destroyed}
        return cls(
            stroom=line.recorded.stream_id,
            versie=line.recorded.version,
            soort=event.type,
            vastgelegd_op=line.recorded.recorded_at,
            gebeurd_op=event.happened_at,
            functie=line.recorded.by.function.value,
            organisatie=line.recorded.by.organisation,
            teksten={name: text for name, text in texts.items() if isinstance(text, str)},
            hash=line.hash,
        )


class Logboek(Wire):
    """Feiten van een incident en zijn draaiboeken, nieuwste eerst."""

    incident: UUID
    regels: tuple[Regel, ...]
