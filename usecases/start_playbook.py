"""A confirmed playbook begins: its steps land as tasks with the parties of this municipality."""

from collections.abc import Mapping
from datetime import datetime

from domain import commands
from domain.incidents import Incident
from domain.parties import Party
from playbooks import engine
from playbooks.engine import Execution, ExecutionEvent, stream_of
from usecases import notices
from usecases.context import Context
from usecases.ports import Transaction
from usecases.record import Work

__all__ = ["begin", "carry_on", "stream_of"]


async def begin(work: Work, incident: Incident, command: commands.StartPlaybook) -> Execution:
    """Append the first facts of the execution (its head is locked) and write its tasks."""
    rules = work.ctx.rules
    events = engine.begin(
        rules.catalogue,
        command.playbook_id,
        execution_id=command.execution_id,
        incident_id=incident.incident_id,
        municipality=incident.municipality,
        at=work.at,
        routing=routing(work.ctx, incident.municipality),
        anchors=anchors(work.ctx, incident),
    )
    execution = await carry_on(work, incident, None, events, stream=stream_of(command.execution_id))
    await work.tx.keep_definition(execution.digest, engine.definition(rules.catalogue, command.playbook_id))
    return execution


async def book_of(ctx: Context, tx: Transaction, execution: Execution) -> engine.Book:
    """The texts an execution began with: those of the catalogue while they are the same, else those that were kept."""
    if engine.is_of(ctx.rules.catalogue, execution):
        return ctx.rules.catalogue
    kept = await tx.definition(execution.digest)
    return engine.book_of(kept) if kept else ctx.rules.catalogue


async def carry_on(
    work: Work, incident: Incident, state: Execution | None, events: tuple[ExecutionEvent, ...], *, stream: str
) -> Execution:
    """Append facts of the engine, fold them, write the state row with its tasks, and tell who got a new task."""
    before = state.tasks if state else {}
    for recorded in await work.tx.append(stream, events, by=work.by, at=work.at, correlation=incident.incident_id):
        state = engine.evolve(state, recorded)
    if state is None:
        raise engine.TaskUnknownError
    changed = [task for key, task in state.tasks.items() if before.get(key) != task]
    await work.tx.put_execution(state, changed, next_wake_at=engine.next_wake_at(state))
    await work.tx.notify(notices.asked(incident, [task for task in changed if task.task_key not in before]))
    return state


def routing(ctx: Context, municipality: str) -> Mapping[str, str]:
    """Which organisation is meant by each party of the cyberdriehoek, for this municipality."""
    parties = ctx.rules.reference.parties_of(municipality)
    return {
        Party.GEMEENTE.value: parties.municipality.id,
        Party.POLITIE.value: parties.police.id,
        Party.OM.value: parties.prosecution.id,
        Party.VEILIGHEIDSREGIO.value: parties.safety_region.id,
    }


def anchors(ctx: Context, incident: Incident) -> Mapping[str, datetime]:
    """Moments that targets count from: T opened, and per regime the moment people knew (A, B)."""
    found = {"T": incident.opened_at}
    for regime in ctx.rules.regimes.regimes:
        if regime.anchor and regime.id in incident.awareness:
            found[regime.anchor] = incident.awareness[regime.id].aware_at
    return found
