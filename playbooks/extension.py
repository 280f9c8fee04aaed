"""What a step says to us besides CACAO: whose it is, by when, on which basis. Registered as a CACAO extension."""

import re
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from domain.parties import Function
from playbooks.cacao import Playbook, Step

EXTENSION = "extension-definition--6f0c3d0e-8b0e-4b60-9f0a-4d7c1f1d9b52"
TaskParty = Literal["gemeente", "politie", "om", "vr"]
PARTIES: tuple[TaskParty, ...] = get_args(TaskParty)


class Target(BaseModel):
    """By when: minutes after an anchor (T = incident opened, A = aware, B = aware of a personal data breach)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    anchor: Literal["T", "A", "B"]
    minutes: int


class TaskWords(BaseModel):
    """The extension of one action step."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    party: TaskParty
    function: Function
    title: dict[str, str]
    description: dict[str, str] = {}
    target: Target | None = None
    basis: str | None = None
    confidence: str | None = None
    mayor_decides: bool = False
    second_pair_of_eyes: bool = False


def words_of(playbook: Playbook, step: Step) -> TaskWords:
    """The extension, or what CACAO itself says: the agent decides the party, the municipality when it does not.

    Raises pydantic's ValidationError for an extension that is not ours.
    """
    given = step.step_extensions.get(EXTENSION)
    if given is not None:
        return TaskWords.model_validate(given)
    agent: Mapping[str, object] = playbook.agent_definitions.get(step.agent or "", {})
    words = re.split(r"\W+", str(agent.get("name", "")).casefold())
    party = next((each for each in PARTIES if each in words), PARTIES[0])
    title = step.name or step.description or "Stap zonder naam"
    return TaskWords(
        party=party,
        function=DEFAULT_FUNCTIONS[party],
        title={"nl": title, "en": title},
        description={"nl": step.description, "en": step.description} if step.description else {},
    )


DEFAULT_FUNCTIONS: Mapping[TaskParty, Function] = {
    "gemeente": Function.CISO,
    "politie": Function.POLITIE,
    "om": Function.OFFICIER,
    "vr": Function.COORDINATOR,
}
