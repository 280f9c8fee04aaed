"""What pages and API get to see: rows read through the sharing policy. Nothing here writes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain import refusals, sharing
from domain.errors import NotAllowedError
from domain.events.core import Mode
from domain.events.incident import IncidentGeopend, MeldingOntvangen
from domain.incidents import Incident, stream_of
from domain.parties import Actor, Function, Party, party_of
from domain.sharing_facts import visible_types
from domain.sharing_table import Act, Kind
from domain.sharing_text import WITHHELD, readable
from domain.tasks import Task
from usecases import ledger as balances
from usecases.context import Rules
from usecases.intake_rows import SignalRow
from usecases.ports import Clock, DutyRow
from usecases.readings import LogLine, QuarantineRow, Readings
from usecases.vocabulary import municipalities_of, parties

RECENTLY = timedelta(hours=48)
"""A closed incident stays in lists this long (`hersteld`)."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What reading needs."""

    readings: Readings
    rules: Rules
    clock: Clock
    mode: Mode = Mode.LIVE


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An incident as this actor may see it. `title` is None when the actor may not read it or it was destroyed."""

    incident: Incident
    title: str | None


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """Everything about one incident that this actor may see; what may not be seen is empty."""

    listed: Listed
    sees: frozenset[Kind]
    does: frozenset[Act]
    parties: frozenset[str]
    duties: tuple[DutyRow, ...] = ()
    tasks: tuple[Task, ...] = ()
    reports: tuple[LogLine, ...] = ()
    signals: tuple[SignalRow, ...] = ()
    others: tuple[Listed, ...] = ()


def subject(desk: Desk, incident: Incident) -> sharing.Subject:
    """The incident as the policy sees it."""
    known = parties(desk.rules, incident.municipality)
    return sharing.of_incident(incident, parties=known, exercise=desk.mode is Mode.OEFENING)


async def incidents(desk: Desk, actor: Actor) -> Sequence[Listed]:
    """Open incidents this actor may see, worst first, then those closed in the last 48 hours."""
    since = desk.clock.now() - RECENTLY
    rows = await desk.readings.incidents(municipalities_of(desk.rules, actor.organisation), closed_since=since)
    listed = await _listed(desk, actor, rows)
    return sorted(
        listed,
        key=lambda one: (not one.incident.status.is_open, -one.incident.severity.rank, one.incident.opened_at),
    )


async def incident(desk: Desk, actor: Actor, incident_id: UUID) -> IncidentPage:
    """One incident. Raises IncidentUnknownError, also when it exists but is not for this actor."""
    row = await desk.readings.incident(incident_id)
    if row is None:
        raise refusals.IncidentUnknownError
    about = subject(desk, row)
    sees = sharing.sees(actor, about)
    if Kind.INCIDENT not in sees:
        raise refusals.IncidentUnknownError
    (listed,) = await _listed(desk, actor, [row])
    return IncidentPage(
        listed=listed,
        sees=sees,
        does=sharing.does(actor, about),
        parties=about.parties | {about.owner},
        duties=(await desk.readings.duty_rows([incident_id])).get(incident_id, ()) if Kind.PLICHTEN in sees else (),
        tasks=await _tasks(desk, incident_id) if Kind.TAKEN in sees else (),
        reports=await _reports(desk, actor, about, incident_id) if Kind.LOGBOEK in sees else (),
        signals=tuple(await desk.readings.signals(incident_id)) if Kind.TECHNIEK in sees else (),
        others=await _others(desk, actor, row) if Kind.TECHNIEK in sees else (),
    )


async def logbook(
    desk: Desk, actor: Actor, incident_id: UUID, *, before: int | None = None, limit: int = 200
) -> tuple[Listed, Sequence[LogLine]]:
    """Facts of an incident and its playbooks that this actor may see, newest first, with the texts to be read."""
    row = await desk.readings.incident(incident_id)
    about = subject(desk, row) if row else None
    if row is None or about is None or not sharing.may(actor, Kind.TIJDLIJN, about):
        raise refusals.IncidentUnknownError
    streams = [row.stream_id]
    streams += [execution.stream_id for _, execution in await desk.readings.executions([incident_id])]
    types = visible_types(actor, about)
    lines = await desk.readings.log(streams, types=types, before=before, limit=limit)
    (listed,) = await _listed(desk, actor, [row])
    return listed, [_readable(actor, about, line) for line in lines]


async def my_tasks(desk: Desk, actor: Actor) -> Sequence[Task]:
    """Tasks that landed with the actor's function, open ones first."""
    return await desk.readings.tasks_for(actor.organisation, [actor.function.value])


async def ledger(desk: Desk, actor: Actor) -> balances.Ledger:
    """Both balances. Numbers only, so every function of a municipality and the administrator may see them."""
    if not sharing.may(actor, Kind.BALANS, sharing.of_organisation(actor.organisation)):
        raise NotAllowedError
    return await balances.ledger(desk.readings)


async def quarantine(desk: Desk, actor: Actor) -> Sequence[QuarantineRow]:
    """Receipts of the actor's own organisation that could not be read, newest first."""
    if not sharing.may(actor, Kind.QUARANTAINE, sharing.of_organisation(actor.organisation)):
        raise NotAllowedError
    return await desk.readings.quarantine([actor.organisation])


async def noted(desk: Desk, actor: Actor) -> Sequence[SignalRow]:
    """Signals that raised nothing (tests, exercises, resolved), for who may see technical things."""
    if not sharing.may(actor, Kind.TECHNIEK, sharing.of_organisation(actor.organisation)):
        raise NotAllowedError
    return await desk.readings.noted(actor.organisation.partition(":")[2])


def owners(desk: Desk, municipality: str) -> Sequence[tuple[str, Function]]:
    """Who can own a state or a lane: (organisation, function)."""
    by_party: Mapping[Party, tuple[Function, ...]] = {
        Party.GEMEENTE: (
            Function.CISO,
            Function.GEMEENTESECRETARIS,
            Function.BURGEMEESTER,
            Function.OOV,
            Function.PROCESEIGENAAR,
        ),
        Party.POLITIE: (Function.POLITIE,),
        Party.OM: (Function.OFFICIER,),
        Party.VEILIGHEIDSREGIO: (Function.COORDINATOR,),
    }
    order = list(by_party)
    known = sorted(parties(desk.rules, municipality), key=lambda o: (order.index(party_of(o)), o))
    return [(organisation, function) for organisation in known for function in by_party[party_of(organisation)]]


async def titles(desk: Desk, rows: Collection[Incident]) -> Mapping[UUID, LogLine]:
    """The opening fact of each incident, with its title."""
    streams = [row.stream_id for row in rows]
    types = {IncidentGeopend.model_fields["type"].default}
    lines = await desk.readings.log(streams, types=types, limit=len(streams)) if streams else ()
    return {line.recorded.event.incident_id: line for line in lines if isinstance(line.recorded.event, IncidentGeopend)}


async def _listed(desk: Desk, actor: Actor, rows: Collection[Incident]) -> list[Listed]:
    lines = await titles(desk, rows)
    found: list[Listed] = []
    for row in rows:
        about = subject(desk, row)
        seen = sharing.visible_incident(actor, about, row)
        if seen is not None:
            found.append(Listed(incident=seen, title=_title(actor, about, lines.get(row.incident_id))))
    return found


def _title(actor: Actor, about: sharing.Subject, line: LogLine | None) -> str | None:
    if line is None or "title" in line.destroyed:
        return None
    opened = readable(actor, about, line.recorded).event
    title = opened.title if isinstance(opened, IncidentGeopend) else None
    return None if title == WITHHELD else title


def _readable(actor: Actor, about: sharing.Subject, line: LogLine) -> LogLine:
    return LogLine(
        recorded=readable(actor, about, line.recorded), hash=line.hash, destroyed=line.destroyed, number=line.number
    )


async def _tasks(desk: Desk, incident_id: UUID) -> tuple[Task, ...]:
    found: list[Task] = []
    for _, execution in await desk.readings.executions([incident_id]):
        found += await desk.readings.tasks_of(execution.execution_id)
    return tuple(found)


async def _reports(desk: Desk, actor: Actor, about: sharing.Subject, incident_id: UUID) -> tuple[LogLine, ...]:
    types = {MeldingOntvangen.model_fields["type"].default}
    lines = await desk.readings.log([stream_of(incident_id)], types=types, limit=50)
    return tuple(_readable(actor, about, line) for line in lines)


async def _others(desk: Desk, actor: Actor, row: Incident) -> tuple[Listed, ...]:
    asked = [merge.other_incident for merge in row.merges if merge.accepted is None]
    rows = [other for each in asked if (other := await desk.readings.incident(each)) is not None]
    return tuple(await _listed(desk, actor, rows))
