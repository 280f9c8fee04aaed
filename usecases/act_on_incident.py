"""An act of a person on one incident: lock, load, decide, append, fold, duties, answer; all in one transaction."""

from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain import commands, refusals
from domain.commands import AnyCommand
from domain.incidents import Incident, stream_of
from domain.parties import Actor
from domain.status import Status
from usecases import merge, notices, once, start_playbook
from usecases.context import Context
from usecases.ports import Transaction
from usecases.record import Work, decided, record, visible
from usecases.rows import keys_of


class Acted(BaseModel):
    """What the person gets back; the same for a second click."""

    model_config = ConfigDict(frozen=True)
    incident_id: UUID
    number: str
    version: int
    status: Status


async def act(ctx: Context, actor: Actor, incident_id: UUID, command: AnyCommand, *, key: str) -> Acted:
    """Do what was asked, once per key. `command.at` is replaced by our own clock.

    Raises IncidentUnknownError, NotAllowedError or a refusal of `domain/refusals.py`.
    """
    command = replace(command, at=ctx.clock.now())
    streams = [stream_of(incident_id)]
    if isinstance(command, commands.DecideMerge):
        streams.append(stream_of(command.other_incident))
    if isinstance(command, commands.StartPlaybook):
        streams.append(start_playbook.stream_of(command.execution_id))
    async with ctx.store.begin() as tx:
        if (first := await once.answered(tx, actor, key, Acted)) is not None:
            return first
        if isinstance(command, commands.MoveStatus | commands.DecideMerge):
            await _hold_keys(tx, incident_id)
        await tx.lock(streams)
        work = Work(ctx=ctx, tx=tx, by=actor.signature(), at=command.at)
        before = await visible(work, actor, incident_id)
        events = decided(ctx, actor, before, command)
        await _refuse_to_correct_others(work, actor, before, command)
        after = await record(work, before, events, incident_id=incident_id)
        match command:
            case commands.MoveStatus():
                await _moved(work, before, after)
            case commands.StartPlaybook():
                await start_playbook.begin(work, after, command)
            case commands.DecideMerge(accepted=True):
                await merge.hand_over(work, actor, before, command)
        answer = Acted(incident_id=incident_id, number=after.number, version=after.version, status=after.status)
        return await once.remember(tx, actor, key, answer)


async def _hold_keys(tx: Transaction, incident_id: UUID) -> None:
    """Keys before heads, as a report and the intake do; the municipality of an incident never changes."""
    known = await tx.incident(incident_id)
    if known is not None:
        await tx.hold_keys([known.municipality])


async def _refuse_to_correct_others(work: Work, actor: Actor, before: Incident, command: AnyCommand) -> None:
    """What another organisation or the machine wrote is theirs: one answers it with an entry of one's own."""
    if isinstance(command, commands.WriteEntry) and command.corrects is not None:
        signed = await work.tx.signature(before.stream_id, command.corrects)
        if signed is None or signed.organisation != actor.organisation:
            raise refusals.NotYoursToCorrectError


async def _moved(work: Work, before: Incident, after: Incident) -> None:
    """Closing lets go of the keys, so that a new signal opens a new incident; reopening takes them again."""
    if before.status.is_open and not after.status.is_open:
        await work.tx.release_keys(after.incident_id, None)
    elif after.status.is_open and not before.status.is_open:
        register = await work.ctx.registers.register(after.municipality)
        wanted = keys_of(after, register)
        taken = await work.tx.open_keys(wanted)
        await work.tx.bind_keys({key: known for key, known in wanted.items() if key not in taken})
    await work.tx.notify(notices.status_moved(after))
