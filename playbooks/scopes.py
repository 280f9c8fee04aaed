"""Variables of a playbook and its sub-playbooks: one flat table, in which a scope stands before the name.

The playbook itself has the empty scope; each run of a sub-playbook has its own, so equal names never collide. What a
step declares itself is read before what the playbook declares; what people answer belongs to the playbook, unless the
step has a variable of its own with the name of one of the playbook.
"""

import re
from collections.abc import Mapping

from playbooks.cacao import Playbook, Step, Variable
from playbooks.state import Execution, Thread

Values = Mapping[str, str | None]
SWITCH = re.compile(r"(__[A-Za-z][\w-]{0,248}__)(?::value)?", re.ASCII)
NAME = re.compile(r"(__[A-Za-z][\w-]{0,248}__):value", re.ASCII)


def initial(playbook: Playbook, given: Values, scope: str = "") -> dict[str, str | None]:
    """What is known at the start: the declared values, replaced by what the caller gives; a constant stays."""
    found = {}
    for name, variable in playbook.playbook_variables.items():
        takes = name in given and not variable.constant
        found[scope + name] = given[name] if takes else text_of(variable)
    return found


def fillable(playbook: Playbook) -> set[str]:
    """The variables that whoever begins the playbook may fill: what it declares, except constants."""
    return {name for name, variable in playbook.playbook_variables.items() if not variable.constant}


def text_of(variable: Variable) -> str | None:
    """The declared value; None is unknown, the empty text is known to be empty."""
    return None if variable.value is None else str(variable.value)


def known(state: Execution, scope: str, step: Step) -> dict[str, str | None]:
    """Every value a step can see."""
    below = len(scope)
    own = {name: text_of(variable) for name, variable in step.step_variables.items()}
    shared = {
        name[below:]: value
        for name, value in state.variables.items()
        if name.startswith(scope) and name[below : below + 2] == "__"
    }
    return {**own, **shared, **{name: value for name, value in own.items() if value is not None}}


def asked(playbook: Playbook, step: Step) -> dict[str, str]:
    """The variables a person must fill, with their descriptions; a constant is never asked."""
    found = {}
    for name in step.out_args:
        variable = step.step_variables.get(name) or playbook.playbook_variables.get(name)
        if variable is None or not variable.constant:
            found[name] = variable.description or name if variable else name
    return found


def handed_back(state: Execution, thread: Thread, caller: Playbook, step: Step, scope: str) -> dict[str, str | None]:
    """What a sub-playbook gives to its caller: the named results, except what is constant there."""
    found = {}
    for name in step.out_args:
        declared = caller.playbook_variables.get(name)
        own = declared is not None and name in step.step_variables
        if thread.scope + name in state.variables and not own and not (declared and declared.constant):
            found[scope + name] = state.variables[thread.scope + name]
    return found


def switched(switch: str, values: Values) -> str | None:
    """The value that a switch chooses by; None is unknown."""
    found = SWITCH.fullmatch(switch.strip())
    return values.get(found[1]) if found else switch


def shadowing(playbook: Playbook, step: Step) -> tuple[str, ...]:
    """Results that belong to this step alone, because the playbook has another variable of that name."""
    return tuple(name for name in step.out_args if name in step.step_variables and name in playbook.playbook_variables)


def filled(text: str, values: Values) -> str:
    """A text with `__name__:value` replaced by what is known."""

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return "(nog onbekend)" if value is None else value

    return NAME.sub(value_of, text)
