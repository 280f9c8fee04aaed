"""Small playbooks for tests: steps with short names that become real ids."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.tasks import Task
from playbooks import engine
from playbooks.cacao import Playbook, parse
from playbooks.state import Execution, step

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SPACE = UUID("11111111-1111-4111-8111-111111111111")
ROUTING = {"gemeente": "gemeente:GM0344", "politie": "politie:PE03", "om": "om:MN", "vr": "vr:VR09"}
REFERENCES = ("on_completion", "on_success", "on_failure", "on_true", "on_false")
Steps = Mapping[str, Mapping[str, Any]]
KINDS = {"s": "start", "e": "end", "a": "action", "i": "if-condition", "p": "parallel", "b": "playbook-action"}
KINDS |= {"w": "while-condition", "c": "switch-condition"}


def number(name: str) -> str:
    """A constant version 4 number for a name."""
    return str(UUID(bytes=uuid5(SPACE, name).bytes, version=4))


def named(short: str, kind: str | None = None) -> str:
    """`a1` is an action, `e` an end, and so on."""
    return f"{kind or KINDS[short[0]]}--{number(short)}"


AGENT = f"organization--{number('agent')}"


def book_text(steps: Steps, name: str = "boek", **more: Any) -> str:
    """JSON of a playbook; `steps` use short names, also where they refer to each other."""
    return json.dumps(book_data(steps, name, **more))


def book_data(steps: Steps, name: str = "boek", **more: Any) -> dict[str, Any]:
    """The same as an object, for tests that break something in it."""
    workflow = {named(short): _step(short, given) for short, given in steps.items()}
    if "workflow_exception" in more:
        more["workflow_exception"] = named(more["workflow_exception"])
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": f"playbook--{number(name)}",
        "name": name,
        "created_by": f"identity--{number('wij')}",
        "created": "2026-11-24T12:00:00.000Z",
        "modified": "2026-11-24T12:00:00.000Z",
        "workflow_start": named(next(iter(steps))),
        "workflow": workflow,
        "agent_definitions": {AGENT: {"type": "organization", "name": "gemeente"}},
        **more,
    }


def _step(short: str, given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": KINDS[short[0]], "name": short, **given}
    if found["type"] == "action":
        found = {"commands": [{"type": "manual", "command": f"doe {short}"}], "agent": AGENT, **found}
    for name in REFERENCES:
        if name in found:
            found[name] = named(found[name])
    if "next_steps" in found:
        found["next_steps"] = [named(each) for each in found["next_steps"]]
    if "cases" in found:
        found["cases"] = {value: named(each) for value, each in found["cases"].items()}
    if "playbook_id" in found:
        found["playbook_id"] = f"playbook--{number(found['playbook_id'])}"
    return found


def variables(**values: str | None) -> dict[str, dict[str, Any]]:
    """Definitions of `__x__` variables."""
    return {f"__{name}__": {"type": "string", "value": value} for name, value in values.items()}


class Desk:
    """Runs one execution as the use cases do: facts are folded one by one, tasks are found by short name."""

    def __init__(self, *texts: str) -> None:
        books = [parse(text) for text in texts]
        self.book: dict[str, Playbook] = {each.id: each for each in books}
        self.at = NOON
        self.state: Execution | None = None
        self.log: list[engine.ExecutionEvent] = []
        self.names = {name: one.name for each in books for name, one in each.workflow.items()}
        self.take(
            engine.begin(
                self.book,
                books[0].id,
                execution_id=SPACE,
                incident_id=SPACE,
                municipality="GM0344",
                at=self.at,
                routing=ROUTING,
                anchors={"T": NOON},
            )
        )

    @property
    def now(self) -> Execution:
        assert self.state is not None
        return self.state

    def take(self, events: tuple[engine.ExecutionEvent, ...]) -> None:
        for event in events:
            self.log.append(event)
            self.state = step(self.state, event, self.at)

    @property
    def open(self) -> list[str]:
        return [self.names[task.step] for task in self.now.tasks.values() if task.state.is_open]

    def task(self, short: str) -> Task:
        return [task for task in self.now.tasks.values() if self.names[task.step] == short][-1]

    def answers(self, short: str, outcome: str = "klaar", **out_args: str | None) -> None:
        given = {f"__{name}__": value for name, value in out_args.items()}
        key = next(t.task_key for t in self.now.tasks.values() if t.state.is_open and self.names[t.step] == short)
        self.take(engine.answer(self.book, self.now, task_key=key, outcome=outcome, out_args=given, at=self.at))

    def wakes(self, *, after: timedelta) -> None:
        self.at += after
        self.take(engine.wake(self.book, self.now, self.at))
