"""Moving a running execution to a newer text of its playbook: an explicit act that shows what is different.

Only the text changes. Tasks that stand open keep their words; everything that follows goes by the new text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.errors import RefusedError
from domain.events import execution as facts
from domain.events.execution import ExecutionEvent
from playbooks import engine, scopes
from playbooks.cacao import Playbook, Step
from playbooks.state import Execution


class PeopleWouldStandNowhereError(RefusedError):
    """In de nieuwe versie ontbreekt een stap waar nu iemand mee bezig is. Verplaatsen kan niet."""


class ExecutionIsOverError(RefusedError):
    """Deze uitvoering is al afgelopen. Verplaatsen kan niet meer."""


class Difference(BaseModel):
    """What is different: steps by id with their names, changed properties per step, and variables."""

    model_config = ConfigDict(frozen=True)
    added: dict[str, str] = {}
    removed: dict[str, str] = {}
    changed: dict[str, tuple[str, ...]] = {}
    variables_added: tuple[str, ...] = ()
    variables_removed: tuple[str, ...] = ()
    playbook: tuple[str, ...] = ()
    """Properties of the playbook itself that changed."""

    @property
    def is_nothing(self) -> bool:
        """Whether both texts say the same."""
        return self == Difference()


def difference(old: Playbook, new: Playbook) -> Difference:
    """What a person should see before deciding to move."""
    both = old.workflow.keys() & new.workflow.keys()
    changes = {name: _changed(old.workflow[name], new.workflow[name]) for name in sorted(both)}
    return Difference(
        added={name: step.name for name, step in new.workflow.items() if name not in both},
        removed={name: step.name for name, step in old.workflow.items() if name not in both},
        changed={name: fields for name, fields in changes.items() if fields},
        variables_added=tuple(sorted(new.playbook_variables.keys() - old.playbook_variables.keys())),
        variables_removed=tuple(sorted(old.playbook_variables.keys() - new.playbook_variables.keys())),
        playbook=_changed(old, new, but=("workflow", "text_digest", "source")),
    )


def _changed(old: Playbook | Step, new: Playbook | Step, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    before, after = _plain(old), _plain(new)
    names = sorted((before.keys() | after.keys()) - set(but))
    return tuple(name for name in names if before.get(name) != after.get(name))


def _plain(part: Playbook | Step) -> Mapping[str, Any]:
    return part.model_dump(mode="json")


def move(old: engine.Book, new: engine.Book, state: Execution) -> tuple[ExecutionEvent, ...]:
    """The fact that this execution goes on with the new texts; nothing when they are the same.

    Raises OtherVersionError when `old` is not what runs, ExecutionIsOverError, BrokenPlaybookError, and
    PeopleWouldStandNowhereError when a step is gone that somebody stands in or that must get control back.
    """
    if state.status != "ongoing":
        raise ExecutionIsOverError
    if not engine.is_of(old, state):
        raise engine.OtherVersionError
    digest = engine.digest_of(new, state.playbook_id)
    if digest == state.digest:
        return ()
    if any(not _stands(old, new, *place) for place in _places(state)):
        raise PeopleWouldStandNowhereError
    told = difference(old[state.playbook_id], new[state.playbook_id])
    fresh = scopes.initial(new[state.playbook_id], {})
    moved = facts.UitvoeringVerplaatst(
        digest=digest,
        old_digest=state.digest,
        variables={name: value for name, value in fresh.items() if name not in state.variables},
        added=tuple(told.added),
        removed=tuple(told.removed),
        changed=tuple(told.changed),
    )
    return (moved,)


def _places(state: Execution) -> Iterator[tuple[str, str]]:
    """Every step that a branch is in, or that gets control back from one."""
    for thread in state.threads.values():
        yield thread.playbook_id, thread.step
        for frame in thread.stack:
            playbook_id, step, _ = frame.split("|", 2)
            yield playbook_id, step


def _stands(old: engine.Book, new: engine.Book, playbook_id: str, step: str) -> bool:
    """Whether this step is there in the new text and is still the same kind of step."""
    before, after = old.get(playbook_id), new.get(playbook_id)
    if before is None or after is None or step not in after.workflow:
        return False
    return before.workflow[step].type == after.workflow[step].type
