"""A desk with everything real but the servers: people act, time passes, and the facts can be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from domain import commands
from domain.commands import AnyCommand
from domain.events.core import Event
from domain.incidents import Incident
from domain.parties import Actor, Function
from domain.tasks import Task, TaskState
from playbooks.engine import Execution
from tests.arriving import a_context, a_post, an_alert, bring
from tests.builders import a_report, an_actor, an_id
from tests.fake_readings import FakeDue
from tests.fakes import FakeClock, FakeStore
from usecases import act_on_incident, answer_task, report_incident
from usecases.context import Context
from usecases.ports import DutyRow, Notice
from usecases.sweep import Sweep

SUPPLIER_PLAYBOOK = "playbook--004498f4-b987-47c1-8c9c-26a813678d7a"


@dataclass
class Desk:
    """The municipality of Utrecht on a Tuesday morning."""

    store: FakeStore = field(default_factory=FakeStore)
    ctx: Context = field(init=False)
    keys: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.ctx = a_context(self.store)

    @property
    def clock(self) -> FakeClock:
        """The clock of the desk."""
        assert isinstance(self.ctx.clock, FakeClock)
        return self.ctx.clock

    async def alerted(self, service: str = "burgerzaken") -> Incident:
        """A signal opens an incident."""
        alert = an_alert(service, at=self.clock.now(), run=str(next(self.keys)))
        await bring(self.ctx, self.store, a_post(alert))
        return self.incidents[-1]

    async def reports(self, joins: UUID | None = None, *, by: Actor | None = None, **changes: object) -> Incident:
        """A person reports."""
        asked = a_report(next(self.keys) + 500, at=self.clock.now(), **changes)
        done = await report_incident.report(self.ctx, by or an_actor(), asked, joins, key=self.new_key())
        return self.incident(done.incident_id)

    async def acts(self, incident: Incident, command: AnyCommand, *, by: Actor | None = None) -> Incident:
        """A person acts."""
        await act_on_incident.act(self.ctx, by or an_actor(), incident.incident_id, command, key=self.new_key())
        return self.incident(incident.incident_id)

    async def answers(self, task: Task, state: TaskState, *, by: Actor, reason: str = "", **out: str) -> Execution:
        """A party answers its task."""
        values = {f"__{name}__": value for name, value in out.items()}
        await answer_task.answer_task(
            self.ctx, by, task.task_key, state, reason=reason, out_args=values, key=self.new_key()
        )
        return self.execution(task.execution_id)

    async def starts_playbook(self, incident: Incident) -> Execution:
        """The CISO confirms the playbook for suppliers."""
        execution_id = an_id(next(self.keys) + 70_000)
        command = commands.StartPlaybook(at=self.clock.now(), playbook_id=SUPPLIER_PLAYBOOK, execution_id=execution_id)
        await self.acts(incident, command)
        return self.execution(execution_id)

    async def sweeps(self, after: timedelta = timedelta(0)) -> int:
        """The scheduler wakes the sweep after some time."""
        self.clock.wait(after)
        return await Sweep(ctx=self.ctx, due=FakeDue(self.store)).run()

    def new_key(self) -> str:
        """An idempotency key."""
        return f"key-{next(self.keys)}"

    @property
    def incidents(self) -> Sequence[Incident]:
        """In order of opening."""
        return sorted(self.store.rows.incidents.values(), key=lambda each: each.number)

    def incident(self, incident_id: UUID) -> Incident:
        """The state row."""
        return self.store.rows.incidents[incident_id]

    def execution(self, execution_id: UUID) -> Execution:
        """The state row."""
        return self.store.rows.executions[execution_id][0]

    def facts(self, incident: Incident) -> list[Event]:
        """Everything in the stream of an incident."""
        return self.store.events(incident.stream_id)

    def duties(self, incident: Incident) -> dict[str, DutyRow]:
        """Duty rows by obligation."""
        return {row.duty.obligation: row for row in self.store.rows.duties[incident.incident_id]}

    def notices(self, function: Function | None = None) -> list[Notice]:
        """Messages that wait, in order of writing."""
        found = list(self.store.rows.notices.values())
        return [each for each in found if function is None or each.function == function]

    def tasks_of(self, organisation: str) -> list[Task]:
        """Open tasks of an organisation."""
        tasks = self.store.rows.tasks.values()
        return [task for task in tasks if task.organisation == organisation and task.state.is_open]

    @property
    def now(self) -> datetime:
        """Now, at the desk."""
        return self.clock.now()
