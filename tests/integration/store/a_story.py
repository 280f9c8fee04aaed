"""A story of real acts on a real store: reports, decisions, a playbook, tasks. What follows from it stands in rows."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from adapters import packaged
from adapters.clock import SystemClock, TimeOrderedIds
from adapters.store.registers import PgRegisters
from domain import commands
from domain.parties import Actor, Function
from domain.severity import Severity
from domain.status import Status
from domain.tasks import TaskState
from tests.builders import UTRECHT, a_report, an_actor, minutes
from tests.integration.store.a_log import a_key, a_store
from usecases import destroy
from usecases.act_on_incident import act
from usecases.answer_task import answer_task
from usecases.context import Context
from usecases.edit_register import fill_register
from usecases.report_incident import report
from wiring.parts import rules

KEY = a_key()


@dataclass(frozen=True)
class Story:
    """What is known of it afterwards."""

    ctx: Context
    first: UUID
    closed: UUID
    execution: UUID


def a_context(pool: asyncpg.Pool) -> Context:
    """Real ports, packaged configuration, the clock of this machine."""
    clock = SystemClock()
    return Context(
        store=a_store(pool, KEY),
        registers=PgRegisters(pool),
        clock=clock,
        ids=TimeOrderedIds(clock),
        rules=rules(),
    )


async def play(pool: asyncpg.Pool) -> Story:
    """Let it happen."""
    ctx = a_context(pool)
    ciso = an_actor()
    await fill_register(a_store(pool), packaged.demo_registers()[UTRECHT], ctx.clock.now())
    now = ctx.clock.now()
    asked = a_report(at=now, discovered_at=now - minutes(30), contact="Sam, 06 12 34 56 78")
    first = (await report(ctx, ciso, asked, None, key="melding-1")).incident_id
    other = a_report(501, at=now, discovered_at=now - minutes(5), services=("website",), severity=Severity.ONBEKEND)
    closed = (await report(ctx, ciso, other, None, key="melding-2")).incident_id
    execution = ctx.ids.new()
    await _decide(ctx, ciso, first, execution)
    await _close(ctx, ciso, closed)
    task = (await _tasks(pool, execution))[0]
    owner = an_actor(Function(task[1]), task[2], number=901)
    await answer_task(ctx, owner, task[0], TaskState.KLAAR, reason="", out_args={}, key="taak-1")
    secretary = an_actor(Function.GEMEENTESECRETARIS)
    asked_for = destroy.Destroy(incident_id=closed, versions=(2,), list_item="4.1", at=ctx.clock.now())
    await destroy.destroy(ctx, secretary, asked_for)
    return Story(ctx=ctx, first=first, closed=closed, execution=execution)


async def _decide(ctx: Context, ciso: Actor, incident: UUID, execution: UUID) -> None:
    now = ctx.clock.now()
    move = commands.MoveStatus(
        at=now,
        status=Status.BEVESTIGD,
        owner_organisation=ciso.organisation,
        owner_function=ciso.function.value,
        reason="Bevestigd door de leverancier",
    )
    await act(ctx, ciso, incident, move, key="bevestigd")
    aware = commands.RecordAwareness(at=now, regime="gdpr", aware_at=now - minutes(20), reason="Gebeld")
    await act(ctx, ciso, incident, aware, key="kennisname")
    playbook = next(iter(ctx.rules.catalogue))
    start = commands.StartPlaybook(at=now, playbook_id=playbook, execution_id=execution)
    await act(ctx, ciso, incident, start, key="draaiboek")


async def _close(ctx: Context, ciso: Actor, incident: UUID) -> None:
    move = commands.MoveStatus(
        at=ctx.clock.now(),
        status=Status.AFGESLOTEN,
        owner_organisation=ciso.organisation,
        owner_function=ciso.function.value,
        reason="Was niets",
    )
    await act(ctx, ciso, incident, move, key="gesloten")


async def _tasks(pool: asyncpg.Pool, execution: UUID) -> list[tuple[str, str, str]]:
    rows = await pool.fetch(
        "SELECT task_key, function, organisation FROM task WHERE execution_id = $1 AND is_open ORDER BY task_key",
        execution,
    )
    return [(row["task_key"], row["function"], row["organisation"]) for row in rows]
