"""Facts about one execution of a playbook. The engine makes them; folding them gives its state back after any crash."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.events.core import Beside, Event


class ExecutionEvent(Event):
    """A fact in the stream of one execution."""

    kind = "execution"


class UitvoeringGestart(ExecutionEvent):
    """A confirmed playbook began, with these values from the incident."""

    type: Literal["nl.draaiboeken.uitvoering-gestart"] = "nl.draaiboeken.uitvoering-gestart"
    execution_id: UUID
    incident_id: UUID
    municipality: str
    playbook_id: str
    digest: str
    variables: dict[str, str | None]
    anchors: dict[str, AwareDatetime]
    routing: dict[str, str]


class StapBereikt(ExecutionEvent):
    """A branch reached a step. `stack` names the steps that get control back when the branch ends.

    `scope` is the run of a sub-playbook that the branch is in, empty for the playbook itself; `variables` became known
    here; `returns` says that control came back to a step that was reached before; `until` is when its time is over.
    """

    type: Literal["nl.draaiboeken.stap-bereikt"] = "nl.draaiboeken.stap-bereikt"
    token: str
    playbook_id: str
    step: str
    stack: tuple[str, ...] = ()
    scope: str = ""
    variables: dict[str, str | None] = Field(default_factory=dict)
    returns: bool = False
    until: AwareDatetime | None = None


class TakkenGeopend(ExecutionEvent):
    """A parallel step opened its branches and waits for all of them."""

    type: Literal["nl.draaiboeken.takken-geopend"] = "nl.draaiboeken.takken-geopend"
    token: str
    branches: tuple[str, ...]


class TakAfgerond(ExecutionEvent):
    """A branch of a parallel step came to its end."""

    type: Literal["nl.draaiboeken.tak-afgerond"] = "nl.draaiboeken.tak-afgerond"
    token: str


class StapWacht(ExecutionEvent):
    """A step begins later: it has a delay."""

    type: Literal["nl.draaiboeken.stap-wacht"] = "nl.draaiboeken.stap-wacht"
    token: str
    until: AwareDatetime


class TaakGevraagd(ExecutionEvent):
    """A step landed as a task with a function of an organisation.

    `shadowing` names the results that stay with the step: the playbook has another variable of that name.
    """

    type: Literal["nl.draaiboeken.taak-gevraagd"] = "nl.draaiboeken.taak-gevraagd"
    task_key: str
    token: str
    step: str
    organisation: str
    function: str
    title: dict[str, str]
    description: dict[str, str]
    command: str | None = None
    basis: str | None = None
    basis_confidence: str | None = None
    due_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    mayor_decides: bool = False
    second_pair_of_eyes: bool = False
    out_args: dict[str, str] = Field(default_factory=dict)
    shadowing: tuple[str, ...] = ()


class TaakGezien(ExecutionEvent):
    """Somebody opened the task. Seen is not done."""

    type: Literal["nl.draaiboeken.taak-gezien"] = "nl.draaiboeken.taak-gezien"
    task_key: str


class TaakAfgerond(ExecutionEvent):
    """Somebody finished, skipped or refused the task; or its time was over."""

    type: Literal["nl.draaiboeken.taak-afgerond"] = "nl.draaiboeken.taak-afgerond"
    task_key: str
    outcome: Literal["klaar", "mislukt", "overgeslagen", "kan-niet", "verlopen"]
    out_args: dict[str, str | None] = Field(default_factory=dict)
    reason: Beside | None = None


class LusBegrensd(ExecutionEvent):
    """A step was reached too often; the execution stopped and a person must look."""

    type: Literal["nl.draaiboeken.lus-begrensd"] = "nl.draaiboeken.lus-begrensd"
    step: str
    visits: int


class UitzonderingGestart(ExecutionEvent):
    """A step failed without a way on: all branches of its (sub-)playbook end and its exception step begins."""

    type: Literal["nl.draaiboeken.uitzondering-gestart"] = "nl.draaiboeken.uitzondering-gestart"
    failed_step: str
    playbook_id: str
    step: str
    scope: str = ""


class UitvoeringVerplaatst(ExecutionEvent):
    """Somebody moved the execution to another text of its playbook; what is different stands here by step."""

    type: Literal["nl.draaiboeken.uitvoering-verplaatst"] = "nl.draaiboeken.uitvoering-verplaatst"
    digest: str
    old_digest: str
    variables: dict[str, str | None] = Field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reason: Beside | None = None


class UitvoeringAfgerond(ExecutionEvent):
    """The execution came to an end; open tasks lapse."""

    type: Literal["nl.draaiboeken.uitvoering-afgerond"] = "nl.draaiboeken.uitvoering-afgerond"
    status: Literal["successfully_completed", "failed", "exception_condition_invoked"]


AnyExecutionEvent = (
    UitvoeringGestart
    | StapBereikt
    | TakkenGeopend
    | TakAfgerond
    | StapWacht
    | TaakGevraagd
    | TaakGezien
    | TaakAfgerond
    | LusBegrensd
    | UitzonderingGestart
    | UitvoeringVerplaatst
    | UitvoeringAfgerond
)
