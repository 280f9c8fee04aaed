"""What the pages show and what their forms say: plain records, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.events.core import Mode, Recorded
from domain.events.incident import LogboekregelGeschreven
from domain.parties import ActedBy, Function
from domain.picture import Card
from domain.severity import Severity
from domain.status import Status


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number to call when the screen is not enough."""

    label: str
    number: str
    when: str = ""


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
    """The words of one report, with who signed it. `text` is None when it was destroyed lawfully."""

    at: datetime
    by: ActedBy
    text: str | None
    contact: str | None = None
    discovered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RegimeForm:
    """One regime as a person decides about it, in the language of the reader. `grounds` are (id, words)."""

    id: str
    name: str
    question: str
    awareness: str
    grounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SignalLine:
    """One signal as it was understood. `state` is what it says about itself, `why` the explanation of its verdict."""

    at: datetime
    format: str
    title: str
    service: str | None
    state: str
    why: str


@dataclass(frozen=True, kw_only=True)
class IncidentDetails:
    """One incident with its texts; everything else stands in its card."""

    line: IncidentLine
    reports: tuple[ReportText, ...] = ()
    may: frozenset[str] = frozenset()
    """Values of `Act` this actor may do, to leave out forms that would be refused."""
    owners: tuple[tuple[str, Function], ...] = ()
    """Who can own a state or lane: (organisation, function)."""
    others: tuple[IncidentLine, ...] = ()
    """The other incidents of the merge proposals."""
    regimes: tuple[RegimeForm, ...] = ()
    """Regimes that may apply: for each the forms of awareness and significance are offered."""
    obligations: tuple[str, ...] = ()
    """Obligations that can be marked as submitted."""
    signals: tuple[SignalLine, ...] = ()
    """The newest signals, for who may see technical things."""
    may_log: bool = False
    """Whether this actor may read the logbook."""
    playbooks: tuple[tuple[str, str, str], ...] = ()
    """What can be started though no rule proposed it: (id, name, what for)."""

    @property
    def acts_here(self) -> bool:
        """Whether there is any form under the heading of acts."""
        return bool(self.playbooks or self.may & {"status-duiden", "status-crisis", "ernst", "rol", "lijn"})


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """Which entries are asked for. Without a kind: everything but the steps that a playbook takes by itself."""

    kind: str | None = None
    organisation: str | None = None
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One fact of the log, with the texts this reader may read. `own`: of the incident itself.

    `before` leads to the page on which it will always stand; `correctable`: somebody said it, so it can be corrected.
    """

    recorded: Recorded
    tlp: str
    own: bool = True
    destroyed: bool = False
    hash: str = ""
    before: int | None = None
    correctable: bool = False

    @property
    def corrects(self) -> int | None:
        """The version of the entry that this one corrects."""
        event = self.recorded.event
        return event.corrects if isinstance(event, LogboekregelGeschreven) else None

    @property
    def anchor(self) -> str:
        """Where it stands on the page; facts of a playbook have numbers of their own."""
        version = self.recorded.version
        return f"regel-{version}" if self.own else f"{self.recorded.stream_id.replace(':', '-')}-{version}"


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """Entries, newest first. `total` = facts in the whole logbook; `chain_good` was found at `checked_at`."""

    line: IncidentLine
    entries: tuple[LogEntry, ...]
    total: int
    chain_good: bool
    checked_at: datetime
    organisations: tuple[tuple[str, str], ...] = ()
    older: int | None = None
    may_write: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """Words for the codes in the entries."""


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
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    phone: str | None = None


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
    """A receipt that could not be read. `excerpt` shows what cannot be printed as its code."""

    receipt_id: UUID
    source: str
    received_at: datetime
    reasons: tuple[str, ...]
    size: int
    excerpt: str
    resent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class QuarantineGroup:
    """Receipts of one source that could not be read for the same reasons, newest first."""

    source: str
    reasons: tuple[str, ...]
    lines: tuple[QuarantineLine, ...]


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
    lost: int = 0
    """Receipts that the broker threw away before anybody read them."""


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
    known_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReportReceipt:
    """What the reporter is told: number, who knows, the first limits, what to do now and whom to call.

    `acts` are (act, why) and the phones' labels Dutch sentences of the catalogue, or names.
    """

    line: IncidentLine
    informed: tuple[Function, ...]
    limits: tuple[Limit, ...]
    acts: tuple[tuple[str, str], ...]
    phones: tuple[Phone, ...]
    joined: bool = False
    discovered_at: datetime | None = None
    """What was recorded as the moment of discovery."""


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
    email: str | None = None


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
