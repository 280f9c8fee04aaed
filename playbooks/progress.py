"""One call of the engine: goes from step to step until people are needed, and collects the facts of each.

A list of work instead of recursion: a playbook may be as long and as deep as it likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import NotFoundError
from domain.events import execution as facts
from domain.events.execution import ExecutionEvent
from playbooks import scopes
from playbooks.asking import milliseconds, task_of
from playbooks.cacao import Playbook, Step
from playbooks.conditions import ConditionError, equal_texts, holds
from playbooks.state import Execution, Thread, frame_of, step

Book = Mapping[str, Playbook]
"""The playbooks that can be reached, by id."""
MOST_VISITS = 100
"""A step that is reached more often is a loop that nobody meant."""
ROOT = "0"
TIME_IS_OVER = "De tijd voor dit deel van het draaiboek is voorbij."
ANOTHER_FAILED = "Een andere stap van dit draaiboek lukte niet."


class TaskUnknownError(NotFoundError):
    """Deze taak bestaat niet."""


@dataclass(frozen=True)
class _Done:
    """The step of a branch is over."""

    token: str
    succeeded: bool


@dataclass
class Progress:
    """Looks ahead on its own copy of the state; every fact it emits was folded into that copy."""

    book: Book
    at: datetime
    state: Execution | None
    emitted: list[ExecutionEvent] = field(default_factory=list)
    _todo: list[facts.StapBereikt | _Done] = field(default_factory=list)

    @property
    def now(self) -> Execution:
        """The state after everything emitted so far."""
        if self.state is None:
            raise TaskUnknownError
        return self.state

    def emit(self, event: ExecutionEvent) -> None:
        """Take a fact as true."""
        self.emitted.append(event)
        self.state = step(self.state, event, self.at)

    def start(self, playbook: Playbook) -> None:
        """Bring the first branch to the start step."""
        self._todo.append(facts.StapBereikt(token=ROOT, playbook_id=playbook.id, step=playbook.workflow_start))
        self._go()

    def resume(self, token: str) -> None:
        """The delay of the step of this branch is over."""
        self._do(self.now.threads[token])
        self._go()

    def answered(self, key: str, outcome: str, out_args: Mapping[str, str | None], reason: str | None) -> None:
        """One answer, and everything that follows from it. A skipped step is no failure: steps are advice."""
        token = self.now.task_tokens[key]
        event = {"task_key": key, "outcome": outcome, "out_args": dict(out_args), "reason": reason}
        self.emit(facts.TaakAfgerond.model_validate(event))
        self._todo.append(_Done(token, outcome in ("klaar", "overgeslagen")))
        self._go()

    def _go(self) -> None:
        while self._todo and self.now.status == "ongoing":
            work = self._todo.pop()
            if isinstance(work, _Done):
                self._after(self.now.threads[work.token], succeeded=work.succeeded)
            elif self.now.visits.get(work.step, 0) >= MOST_VISITS:
                self.emit(facts.LusBegrensd(step=work.step, visits=MOST_VISITS))
                self.emit(facts.UitvoeringAfgerond(status="failed"))
            else:
                self.emit(work.model_copy(update={"until": self._until(work)}))
                self._enter(self.now.threads[work.token])

    def timed_out(self, key: str) -> None:
        """The time of a step that opened branches is over: they end and the step failed."""
        place = self.now.deadlines[key].place
        for task_key, task in self.now.tasks.items():
            if task.state.is_open and self.now.task_tokens[task_key] == place.token:
                self._lapse(task_key, TIME_IS_OVER)
        self._close_below(place.token)
        back = place.model_dump(include={"token", "playbook_id", "step", "stack", "scope"})
        self.emit(facts.StapBereikt.model_validate({**back, "returns": True}))
        self._todo.append(_Done(place.token, succeeded=False))
        self._go()

    def _until(self, work: facts.StapBereikt) -> datetime | None:
        """A task watches its own time; every other step with a timeout is watched here."""
        one = self.book[work.playbook_id].workflow[work.step]
        if one.type == "action" or not one.timeout or one.timeout < 0:
            return None
        return self.at + milliseconds(one.delay or 0) + milliseconds(one.timeout)

    def _lapse(self, key: str, reason: str) -> None:
        lapsed = {"task_key": key, "outcome": "verlopen", "reason": reason}
        self.emit(facts.TaakAfgerond.model_validate(lapsed))

    def _step(self, thread: Thread) -> Step:
        return self.book[thread.playbook_id].workflow[thread.step]

    def _move(self, thread: Thread, name: str, *deeper: str) -> None:
        """To another step. Who goes back to the step that opened its branch has left that branch."""
        stack, again = thread.stack, frame_of(thread.model_copy(update={"step": name}))
        if again in stack:
            stack = stack[: stack.index(again)]
        place = {"token": thread.token, "playbook_id": thread.playbook_id, "scope": thread.scope, "step": name}
        self._todo.append(facts.StapBereikt.model_validate({**place, "stack": (*stack, *deeper)}))

    def _enter(self, thread: Thread) -> None:
        delay = self._step(thread).delay
        if delay and delay > 0:
            self.emit(facts.StapWacht(token=thread.token, until=self.at + milliseconds(delay)))
        else:
            self._do(thread)

    def _do(self, thread: Thread) -> None:
        one = self._step(thread)
        match one.type:
            case "start":
                self._todo.append(_Done(thread.token, succeeded=True))
            case "action":
                self.emit(task_of(self.now, thread, self.book[thread.playbook_id], self.at))
            case "if-condition" | "while-condition":
                self._choose(thread, one)
            case "switch-condition":
                self._switch(thread, one)
            case "parallel":
                self._split(thread, one)
            case "playbook-action":
                self._descend(thread, one)
            case "end":
                self._end(thread)

    def _choose(self, thread: Thread, one: Step) -> None:
        try:
            found = holds(one.condition or "", scopes.known(self.now, thread.scope, one))
        except ConditionError:
            self._todo.append(_Done(thread.token, succeeded=False))
            return
        self._branch(thread, one.on_true if found else one.on_false)

    def _switch(self, thread: Thread, one: Step) -> None:
        """The case of this value, else the one called default, else straight on."""
        value = scopes.switched(one.switch or "", scopes.known(self.now, thread.scope, one))
        case = next((key for key in one.cases if value is not None and equal_texts(key, value)), "default")
        self._branch(thread, one.cases.get(case))

    def _branch(self, thread: Thread, branch: str | None) -> None:
        """Into a branch that gives control back at its end; without one this step is over."""
        if branch is None:
            self._todo.append(_Done(thread.token, succeeded=True))
        else:
            self._move(thread, branch, frame_of(thread))

    def _split(self, thread: Thread, one: Step) -> None:
        branches = tuple(f"{thread.token}.{place}" for place in range(len(one.next_steps)))
        self.emit(facts.TakkenGeopend(token=thread.token, branches=branches))
        for token, name in zip(reversed(branches), reversed(one.next_steps), strict=True):
            self._move(thread.model_copy(update={"token": token, "stack": ()}), name)
        if not branches:
            self._todo.append(_Done(thread.token, succeeded=True))

    def _descend(self, thread: Thread, one: Step) -> None:
        below = self.book.get(one.playbook_id or "")
        if below is None or one.playbook_version not in (None, below.modified):
            self._todo.append(_Done(thread.token, succeeded=False))
            return
        scope = f"{thread.token}/{thread.step}/{self.now.visits[thread.step]}/"
        values = scopes.known(self.now, thread.scope, one)
        given = {name: values[name] for name in one.in_args if name in values}
        self._todo.append(
            facts.StapBereikt(
                token=thread.token,
                playbook_id=below.id,
                step=below.workflow_start,
                stack=(*thread.stack, frame_of(thread)),
                scope=scope,
                variables=scopes.initial(below, given, scope),
            )
        )

    def _end(self, thread: Thread) -> None:
        """A branch's end returns control to the step that opened it (CACAO 2.0, end step)."""
        if thread.stack:
            self._return(thread, succeeded=thread.scope not in self.now.excepted)
            return
        parent, dot, _ = thread.token.rpartition(".")
        if not dot:
            status = "exception_condition_invoked" if "" in self.now.excepted else "successfully_completed"
            self.emit(facts.UitvoeringAfgerond.model_validate({"status": status}))
            return
        self.emit(facts.TakAfgerond(token=thread.token))
        if not self.now.threads[parent].branches:
            self._todo.append(_Done(parent, succeeded=True))

    def _return(self, thread: Thread, *, succeeded: bool) -> None:
        """Back to the step that opened this branch; only the end of a sub-playbook can be a failure."""
        playbook_id, name, scope = thread.stack[-1].split("|", 2)
        opener = self.book[playbook_id].workflow[name]
        leaves = opener.type == "playbook-action"
        caller = self.book[playbook_id]
        back = facts.StapBereikt(
            token=thread.token,
            playbook_id=playbook_id,
            step=name,
            stack=thread.stack[:-1],
            scope=scope,
            variables=scopes.handed_back(self.now, thread, caller, opener, scope) if leaves else {},
            returns=True,
        )
        self.emit(back)
        if opener.type == "while-condition":
            self._do(self.now.threads[thread.token])
        else:
            self._todo.append(_Done(thread.token, succeeded or not leaves))

    def _after(self, thread: Thread, *, succeeded: bool) -> None:
        """The transition rules: on_completion, or on_success and on_failure; else the exception step; else failed."""
        one = self._step(thread)
        following = (one.on_completion or one.on_success) if succeeded else one.on_failure
        if following:
            self._move(thread, following)
        elif succeeded:
            self._end(thread)
        else:
            self._fail(thread)

    def _fail(self, thread: Thread) -> None:
        """The exception step of the playbook that failed, once; without one the sub-playbook or the whole fails."""
        playbook = self.book[thread.playbook_id]
        exception = None if thread.scope in self.now.excepted else playbook.workflow_exception
        if exception is None and not thread.scope:
            self.emit(facts.UitvoeringAfgerond(status="failed"))
            return
        owner = self._owner(thread)
        if thread.scope:
            self._close_below(owner.token)
        else:
            self._todo.clear()
        if exception is None:
            self._return(owner, succeeded=False)
            return
        self.emit(
            facts.UitzonderingGestart(
                failed_step=thread.step, playbook_id=playbook.id, step=exception, scope=thread.scope
            )
        )
        self._move(owner, exception)

    def _owner(self, thread: Thread) -> Thread:
        """The branch that began this (sub-)playbook, as it was there: only the way back out of it is left."""
        token = thread.scope.partition("/")[0] or ROOT
        stack = self.now.threads[token].stack if thread.scope else ()
        while stack and not stack[-1].split("|", 2)[1].startswith("playbook-action--"):
            stack = stack[:-1]
        return thread.model_copy(update={"token": token, "stack": stack})

    def _close_below(self, token: str) -> None:
        """End every branch that a sub-playbook opened; its open tasks lapse."""
        inside = f"{token}."
        self._todo = [work for work in self._todo if not (work.token == token or work.token.startswith(inside))]
        for key, task in self.now.tasks.items():
            if task.state.is_open and self.now.task_tokens[key].startswith(inside):
                self._lapse(key, ANOTHER_FAILED)
        for below in [each for each in self.now.threads if each.startswith(inside)]:
            self.emit(facts.TakAfgerond(token=below))
