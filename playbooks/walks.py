"""Every walk through a playbook: which steps are never reached, and from which steps no end can be reached.

The end of a branch gives control back to the step that opened it, so a condition or a parallel step goes on to its
own successor when its branches can end. All walks are lists of work, linear in the number of references.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from playbooks.cacao import Playbook, Step

Row = tuple[str, Literal["error", "warning"], str | None, str]


def walks(playbook: Playbook) -> Iterator[Row]:
    """Findings on the walks; steps that do not exist are left out, `references` names them."""
    ways = {
        name: [each for each in step.successors() if each in playbook.workflow]
        for name, step in playbook.workflow.items()
    }
    for name, step in playbook.workflow.items():
        if step.playbook_id == playbook.id:
            yield "cycle", "error", name, "Dit draaiboek begint zichzelf."
    first = [each for each in (playbook.workflow_start, playbook.workflow_exception) if each in playbook.workflow]
    reached = _reached(first, ways)
    for name in playbook.workflow:
        if name not in reached:
            yield "unreachable", "error", name, "Deze stap wordt nooit bereikt."
    ending = _can_end(playbook.workflow, ways)
    stuck = [name for name in playbook.workflow if name in reached and name not in ending]
    loops = _on_cycles(stuck, ways)
    for name in stuck:
        if name in loops:
            yield "cycle", "error", name, "Deze stap hoort bij een kring zonder uitweg."
        yield "no-end", "error", name, "Vanaf deze stap is geen einde te bereiken."


def _reached(first: Sequence[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    found, todo = set(first), list(first)
    while todo:
        for each in ways[todo.pop()]:
            if each not in found:
                found.add(each)
                todo.append(each)
    return found


def _can_end(workflow: Mapping[str, Step], ways: Mapping[str, Sequence[str]]) -> set[str]:
    """Steps whose branch can come to an end, found backwards from the ends until nothing is added."""
    before: dict[str, list[str]] = {name: [] for name in workflow}
    for name, following in ways.items():
        for each in following:
            before[each].append(name)
    branches = {name: frozenset(step.next_steps) for name, step in workflow.items()}
    open_branches = {name: len(each) for name, each in branches.items()}
    found = {name for name, step in workflow.items() if step.type == "end"}
    todo = list(found)
    while todo:
        ended = todo.pop()
        for name in before[ended]:
            if ended in branches[name]:
                open_branches[name] -= 1
            if name not in found and _ends(workflow[name], found, open_branches[name]):
                found.add(name)
                todo.append(name)
    return found


def _ends(step: Step, ending: set[str], open_branches: int) -> bool:
    """Whether this step's branch can end, given the steps that can and how many parallel branches cannot yet."""
    plain = [each for each in (step.on_completion, step.on_success, step.on_failure) if each]
    goes_on = any(each in ending for each in plain) or not plain
    match step.type:
        case "parallel":
            return goes_on and open_branches == 0
        case "if-condition":
            passes = step.on_false is None
            return goes_on and (passes or any(each in ending for each in (step.on_true, step.on_false) if each))
        case "while-condition":
            return goes_on
        case "switch-condition":
            return goes_on and any(each in ending for each in step.cases.values())
        case _:
            return goes_on and bool(plain)


def _on_cycles(names: Iterable[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    """Those of these steps that lie on a cycle among themselves: peel off what nothing leads to, from both sides."""
    inside = set(names)
    ways_in = {name: [each for each in ways[name] if each in inside] for name in inside}
    back: dict[str, list[str]] = {name: [] for name in inside}
    for name, following in ways_in.items():
        for each in following:
            back[each].append(name)
    return _peeled(_peeled(inside, ways_in, back), back, ways_in)


def _peeled(names: set[str], ahead: Mapping[str, Sequence[str]], behind: Mapping[str, Sequence[str]]) -> set[str]:
    """What stays when every step without a way ahead is taken out, again and again."""
    left = {name: sum(each in names for each in ahead[name]) for name in names}
    todo = [name for name, count in left.items() if count == 0]
    gone: set[str] = set()
    while todo:
        name = todo.pop()
        gone.add(name)
        for each in behind[name]:
            if each in left:
                left[each] -= 1
                if left[each] == 0 and each not in gone:
                    todo.append(each)
    return names - gone
