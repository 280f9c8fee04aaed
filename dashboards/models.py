"""What the pages show and what their forms say: plain records, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.events.core import Mode
from domain.parties import Function
from domain.picture import Card
from domain.severity import Severity
from domain.status import Status


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number to call when the screen is not enough."""

    label: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """What this instance is. `origins` are the addresses people type; empty = the Host header decides."""

    mode: Mode
    demo: bool = False
    origins: tuple[str, ...] = ()
    help_phone: Phone | None = None
    phones: tuple[Phone, ...] = ()
    demo_accounts: tuple[tuple[str, str, str], ...] = ()
    """In demonstration mode: login, password, who."""
    accessibility_contact: str = ""


@dataclass(frozen=True, kw_only=True)
class RoomGrant:
    """That somebody may watch a subject: its cards, fresh, and the class of viewers with the same rights.

    `names` are words for the codes in the cards: services, suppliers, municipalities, organisations, playbooks,
    regimes, obligations. `parties` are the organisations of the cyberdriehoek per municipality: the sharing policy
    needs them, and decides per incident what the fragments show.
    """

    cards: tuple[Card, ...]
    rights: str
    names: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IncidentLine:
    """One line in a list. `why` explains why it is likely the same, in a report."""

    incident_id: UUID
    number: str
    title: str
    municipality: str
    municipality_name: str
    status: Status
    severity: Severity
    opened_at: datetime
    services: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportText:
    """The words of one report, with who gave it. `text` is None when it was destroyed lawfully."""

    at: datetime
    by: str
    text: str | None
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentDetails:
    """One incident with its texts; everything else stands in its card."""

    line: IncidentLine
    reports: tuple[ReportText, ...] = ()
    may: frozenset[str] = frozenset()
    """Values of `Act` this actor may do, to leave out forms that would be refused."""
    owners: tuple[tuple[str, str], ...] = ()
    """Who can own a state or lane: (`organisation/function`, words)."""
    others: tuple[IncidentLine, ...] = ()
    """The other incidents of the merge proposals."""
    regimes: tuple[str, ...] = ()
    """Regimes that may apply: for each the forms of awareness and significance are offered."""
    obligations: tuple[str, ...] = ()
    """Obligations that can be marked as submitted."""
    may_log: bool = False
    """Whether this actor may read the logbook."""


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """Which entries are asked for."""

    kind: str | None = None
    organisation: str | None = None
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One fact of the log. `text` is None when there is none; `destroyed` when it was destroyed lawfully."""

    version: int
    kind: str
    title: str
    text: str | None
    recorded_at: datetime
    happened_at: datetime | None
    by: str
    tlp: str
    destroyed: bool = False
    corrects: int | None = None
    hash: str = ""


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """Entries, newest first. `chain_good` is None when nobody looked yet."""

    line: IncidentLine
    entries: tuple[LogEntry, ...]
    total: int
    chain_good: bool | None
    checked_at: datetime | None = None
    organisations: tuple[tuple[str, str], ...] = ()
    older: int | None = None
    may_write: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One service, supplier or configuration item. `kind`: dienst, leverancier or object."""

    kind: str
    code: str
    name: str
    supplier: str | None = None
    service: str | None = None
    observables: tuple[str, ...] = ()
    critical: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterPage:
    """The register of one municipality."""

    municipality: str
    municipality_name: str
    services: tuple[RegisterRow, ...] = ()
    suppliers: tuple[RegisterRow, ...] = ()
    items: tuple[RegisterRow, ...] = ()
    may_edit: bool = False


@dataclass(frozen=True, kw_only=True)
class QuarantineLine:
    """A receipt that could not be read."""

    receipt_id: UUID
    source: str
    received_at: datetime
    reasons: tuple[str, ...]
    size: int
    excerpt: str
    resent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Both balances. Nothing here is a remainder: each number is counted by itself."""

    received: int
    read: int
    quarantined: int
    spooled: int
    in_flight: int
    signals: int
    in_incidents: int
    noted: int
    duplicates: int
    refused_rows: int
    redelivered: int
    incidents: int
    balanced: bool


@dataclass(frozen=True, kw_only=True)
class PartState:
    """Whether a part works. `needed` is False for what people can do without."""

    name: str
    works: bool
    needed: bool
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody typed and did not send."""

    at: datetime
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A first limit after reporting. `worst_case` = nobody has decided yet."""

    name: str
    due_at: datetime | None
    worst_case: bool


@dataclass(frozen=True, kw_only=True)
class ReportReceipt:
    """What the reporter is told: number, who knows, the first limits."""

    line: IncidentLine
    informed: tuple[str, ...]
    limits: tuple[Limit, ...]
    joined: bool = False


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """One account with its functions."""

    login: str
    name: str
    functions: tuple[Function, ...]
    second_factor: bool
    blocked: bool
    waits_until: datetime | None = None
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A machine that may post signals."""

    source_id: str
    label: str
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SourceMade:
    """A new source and its token, shown once."""

    source_id: str
    token: str
