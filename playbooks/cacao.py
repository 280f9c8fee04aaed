"""CACAO Security Playbooks 2.0 (OASIS CS01): the model. Tolerant: what we do not know is kept, never dropped."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from domain.errors import InvalidError
from playbooks.shape_steps import STEPS
from playbooks.shape_tables import VARIABLE_NAME
from playbooks.shapes import Fields

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


def _variables_only(found: object) -> object:
    """The standard leaves other names free; they are no variables, so they stay in the text alone."""
    if not isinstance(found, dict):
        return found
    return {name: each for name, each in found.items() if VARIABLE_NAME.search(name)}


def _objects_only(found: object) -> object:
    if not isinstance(found, dict):
        return found
    return {name: each for name, each in found.items() if isinstance(each, dict)}


def _as_text(found: object) -> object:
    return found if found is None or isinstance(found, str) else str(found)


Variables = Annotated[dict[str, Variable], BeforeValidator(_variables_only)]
Definitions = Annotated[dict[str, dict[str, Any]], BeforeValidator(_objects_only)]
FreeText = Annotated[str | None, BeforeValidator(_as_text)]


class CommandData(Part):
    """One command of an action step. Only `manual` is meant for people; the others are shown to them."""

    type: str
    command: FreeText = None
    command_b64: FreeText = None
    content: FreeText = None
    content_b64: FreeText = None
    description: str = ""


class Step(Part):
    """One step of the workflow. `delay` and `timeout` are milliseconds."""

    type: StepType
    name: str = ""
    description: str = ""
    delay: int | None = None
    timeout: int | None = None
    step_variables: Variables = {}
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
    step_extensions: Definitions = {}

    @model_validator(mode="before")
    @classmethod
    def _of_this_kind(cls, found: object) -> object:
        """A property that belongs to another kind of step means nothing here, whatever it holds."""
        if not isinstance(found, dict) or not isinstance(known := STEPS.get(str(found.get("type"))), Fields):
            return found
        return {name: each for name, each in found.items() if name in known.rules or name not in cls.model_fields}

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
    playbook_variables: Variables = {}
    agent_definitions: Definitions = {}
    target_definitions: Definitions = {}
    playbook_extensions: Definitions = {}
    extension_definitions: Definitions = {}
    data_marking_definitions: Definitions = {}
    markings: tuple[str, ...] = ()
    text_digest: str = ""
    source: str = Field("", exclude=True, repr=False)


def parse(text: str | bytes) -> Playbook:
    """A playbook from JSON. Raises UnreadablePlaybookError with the fields that are wrong."""
    try:
        data = orjson.loads(text)
        source = rfc8785.dumps(data)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise UnreadablePlaybookError from error
    digest = hashlib.sha256(source).hexdigest()
    return model(data).model_copy(update={"text_digest": digest, "source": source.decode()})


def export(playbook: Playbook) -> str:
    """The playbook as it came in, in canonical form (RFC 8785): nothing that we do not know is lost."""
    return playbook.source


def model(data: Mapping[str, Any]) -> Playbook:
    """The playbook in a JSON object, without its text. Raises UnreadablePlaybookError with what is wrong."""
    try:
        return Playbook.model_validate(data)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()[:100]})[:8])
        raise UnreadablePlaybookError(f"{UnreadablePlaybookError.__doc__} Kijk naar: {fields}.") from error
