"""The form of a person is a command: it joins the incident that was chosen, or opens one with a merge proposal."""

from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain import refusals, sharing
from domain.commands import Opening, Report
from domain.errors import NotAllowedError
from domain.events.incident import DraaiboekVoorgesteld
from domain.incidents import Incident, stream_of
from domain.opening import join_by_report, open_by_report, propose_merge
from domain.parties import Actor, Function
from domain.register import Register
from domain.sharing_table import Act
from playbooks.rules import propose
from usecases import notices, once
from usecases.context import Context
from usecases.likely_incident import Likely, asked_keys, likely
from usecases.record import Work, record, visible
from usecases.rows import keys_of


class Reported(BaseModel):
    """What the reporter gets back; the same for a second click."""

    model_config = ConfigDict(frozen=True)
    incident_id: UUID
    number: str
    joined: bool
    informed: tuple[Function, ...]


async def report(ctx: Context, actor: Actor, asked: Report, joins: UUID | None, *, key: str) -> Reported:
    """Report once per key. Raises NotAllowedError, IncidentUnknownError, or a refusal of `domain/refusals.py`."""
    asked = replace(asked, at=ctx.clock.now())
    if not sharing.may(actor, Act.MELDEN, sharing.of_organisation(f"gemeente:{asked.municipality}")):
        raise NotAllowedError
    register = await ctx.registers.register(asked.municipality)
    async with ctx.store.begin() as tx:
        if (first := await once.answered(tx, actor, key, Reported)) is not None:
            return first
        await tx.hold_keys([asked.municipality])
        work = Work(ctx=ctx, tx=tx, by=actor.signature(), at=asked.at)
        if joins is not None:
            answer = await _join(work, actor, asked, joins, register)
        else:
            answer = await _open(work, asked, register)
        return await once.remember(tx, actor, key, answer)


async def _join(work: Work, actor: Actor, asked: Report, joins: UUID, register: Register) -> Reported:
    await work.tx.lock([stream_of(joins)])
    before = await visible(work, actor, joins)
    if before.municipality != asked.municipality:
        raise refusals.NotReportableHereError
    after = await record(work, before, join_by_report(before, asked), incident_id=joins)
    await _bind(work, after, register)
    await _propose_playbooks(work, after)
    informed = notices.informed_of(asked, after.severity)
    await work.tx.notify(notices.joined(after, asked))
    return Reported(incident_id=joins, number=after.number, joined=True, informed=informed)


async def _open(work: Work, asked: Report, register: Register) -> Reported:
    incident_id = work.ctx.ids.new()
    await work.tx.lock([stream_of(incident_id)])
    opening = Opening(
        incident_id=incident_id,
        number=await work.tx.next_incident_number(asked.at.year),
        severity=asked.severity,
        first_at=asked.discovered_at,
        service=asked.services[0] if asked.services else None,
        supplier=_supplier(asked, register),
    )
    incident = await record(work, None, open_by_report(asked, opening), incident_id=incident_id)
    incident = await _propose_merges(work, incident, asked, register)
    incident = await _propose_playbooks(work, incident)
    await _bind(work, incident, register)
    informed = notices.informed_of(asked, incident.severity)
    await work.tx.notify(notices.opened(incident, informed))
    return Reported(incident_id=incident_id, number=incident.number, joined=False, informed=informed)


def _supplier(asked: Report, register: Register) -> str | None:
    """The supplier that was named, else the one behind the first service that has one."""
    if asked.supplier:
        named = register.supplier(asked.supplier)
        return named.code if named else asked.supplier
    return next((found for each in asked.services if (found := register.supplier_of(each))), None)


async def _propose_merges(work: Work, incident: Incident, asked: Report, register: Register) -> Incident:
    for hit in await _candidates(work, asked, register):
        other = await work.tx.incident(hit.incident_id)
        if other is not None:
            proposal = propose_merge(incident, other, hit.rule)
            incident = await record(work, incident, proposal, incident_id=incident.incident_id)
    return incident


async def _candidates(work: Work, asked: Report, register: Register) -> tuple[Likely, ...]:
    keys = asked_keys(register, asked.services, asked.supplier)
    found = await work.tx.open_keys(keys)
    return likely(keys, dict(found), asked.discovered_at)


async def _propose_playbooks(work: Work, incident: Incident) -> Incident:
    proposals = propose(work.ctx.rules.proposals, incident)
    events = [DraaiboekVoorgesteld(playbook_id=playbook_id, rule=rule) for playbook_id, rule in proposals]
    return await record(work, incident, events, incident_id=incident.incident_id) if events else incident


async def _bind(work: Work, incident: Incident, register: Register) -> None:
    """Let later signals find this incident; a key that leads to another open incident is left as it is."""
    wanted = keys_of(incident, register)
    taken = await work.tx.open_keys(wanted)
    mine = {key: known for key, known in wanted.items() if key not in taken}
    mine |= {key: wanted[key] for key, known in taken.items() if known.incident_id == incident.incident_id}
    await work.tx.bind_keys(mine)
