"""What every act on an incident has in common: rights, facts, state row, duty rows, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import refusals, sharing
from domain.acts import decide
from domain.commands import AnyCommand
from domain.errors import NotAllowedError
from domain.events.core import Event, Mode
from domain.incidents import Incident, evolve, stream_of
from domain.parties import ActedBy, Actor
from domain.rights import needed
from domain.sharing_table import Kind
from usecases.context import Context
from usecases.ports import Transaction
from usecases.rows import duty_rows
from usecases.vocabulary import parties, vocabulary


@dataclass(frozen=True, kw_only=True)
class Work:
    """One act under way: its transaction, who signs, and the moment of recording."""

    ctx: Context
    tx: Transaction
    by: ActedBy
    at: datetime


def subject(ctx: Context, incident: Incident) -> sharing.Subject:
    """The incident as the sharing policy sees it."""
    known = parties(ctx.rules, incident.municipality)
    return sharing.of_incident(incident, parties=known, exercise=ctx.mode is Mode.OEFENING)


async def visible(work: Work, actor: Actor, incident_id: UUID) -> Incident:
    """The state row, when this actor may see the incident. Raises IncidentUnknownError otherwise."""
    incident = await work.tx.incident(incident_id)
    if incident is None or not sharing.may(actor, Kind.INCIDENT, subject(work.ctx, incident)):
        raise refusals.IncidentUnknownError
    return incident


def decided(ctx: Context, actor: Actor, incident: Incident, command: AnyCommand) -> Sequence[Event]:
    """The facts that follow from this command of this actor, or a refusal."""
    about = subject(ctx, incident)
    if not all(sharing.may(actor, act, about) for act in needed(incident, command)):
        raise NotAllowedError
    return decide(incident, command, known=vocabulary(ctx.rules, incident.municipality))


async def record(work: Work, incident: Incident | None, events: Sequence[Event], *, incident_id: UUID) -> Incident:
    """Append the facts, fold them, and write the state row with its duties. The head is locked already."""
    state = incident
    stream = stream_of(incident_id)
    for recorded in await work.tx.append(stream, events, by=work.by, at=work.at, correlation=incident_id):
        state = evolve(state, recorded)
    if state is None:
        raise refusals.IncidentUnknownError
    await work.tx.put_incident(state, duty_rows(work.ctx.rules, state))
    return state
