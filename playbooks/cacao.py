"""CACAO Security Playbooks 2.0 (OASIS CS01): the model. Tolerant: what we do not know is kept, never dropped."""

import hashlib
from typing import Any, Literal

import orjson
import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import InvalidError

StepType = Literal[
    "start",
    "end",
    "action",
    "playbook-action",
    "parallel",
    "if-condition",
    "while-condition",
    "switch-condition",
]


class UnreadablePlaybookError(InvalidError):
    """Dit is geen CACAO 2.0-draaiboek."""


class Part(BaseModel):
    """A frozen part that keeps properties we do not know."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Variable(Part):
    """A variable; `value` None is unknown, the empty text is known to be empty."""

    type: str
    value: Any = None
    description: str = ""
    constant: bool = False
    external: bool = False


class CommandData(Part):
    """One command of an action step. Only `manual` is meant for people; the others are shown to them."""

    type: str
    command: str | None = None
    command_b64: str | None = None
    description: str = ""


class Step(Part):
    """One step of the workflow. `delay` and `timeout` are milliseconds."""

    type: StepType
    name: str = ""
    description: str = ""
    delay: int | None = None
    timeout: int | None = None
    step_variables: dict[str, Variable] = {}
    on_completion: str | None = None
    on_success: str | None = None
    on_failure: str | None = None
    commands: tuple[CommandData, ...] = ()
    agent: str | None = None
    targets: tuple[str, ...] = ()
    in_args: tuple[str, ...] = ()
    out_args: tuple[str, ...] = ()
    playbook_id: str | None = None
    playbook_version: str | None = None
    next_steps: tuple[str, ...] = ()
    condition: str | None = None
    on_true: str | None = None
    on_false: str | None = None
    switch: str | None = None
    cases: dict[str, str] = {}
    step_extensions: dict[str, dict[str, Any]] = {}

    def successors(self) -> tuple[str, ...]:
        """Every step this one names, in the order of the specification."""
        named = (self.on_completion, self.on_success, self.on_failure, self.on_true, self.on_false)
        return tuple(dict.fromkeys(step for step in (*named, *self.next_steps, *self.cases.values()) if step))


class Playbook(Part):
    """A playbook. `text_digest` identifies this very definition, `source` is its text in canonical form (RFC 8785)."""

    type: Literal["playbook"]
    spec_version: Literal["cacao-2.0"]
    id: str
    name: str
    description: str = ""
    created: str
    modified: str
    created_by: str
    revoked: bool = False
    valid_from: str | None = None
    valid_until: str | None = None
    impact: int | None = None
    workflow_start: str
    workflow_exception: str | None = None
    workflow: dict[str, Step] = Field(min_length=1)
    playbook_variables: dict[str, Variable] = {}
    agent_definitions: dict[str, dict[str, Any]] = {}
    target_definitions: dict[str, dict[str, Any]] = {}
    playbook_extensions: dict[str, dict[str, Any]] = {}
    extension_definitions: dict[str, dict[str, Any]] = {}
    text_digest: str = ""
    source: str = Field("", exclude=True, repr=False)


def parse(text: str | bytes) -> Playbook:
    """A playbook from JSON. Raises UnreadablePlaybookError with the fields that are wrong."""
    try:
        data = orjson.loads(text)
        playbook = Playbook.model_validate(data)
        source = rfc8785.dumps(data)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()})[:8])
        raise UnreadablePlaybookError(f"{UnreadablePlaybookError.__doc__} Kijk naar: {fields}.") from error
    except (ValueError, rfc8785.CanonicalizationError) as error:
        raise UnreadablePlaybookError from error
    digest = hashlib.sha256(source).hexdigest()
    return playbook.model_copy(update={"text_digest": digest, "source": source.decode()})
