"""Facts about one incident. Each class is a closed record; its docstring is its public description."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from domain.events.core import Beside, Event, RuleUsed
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from domain.tlp import Tlp


class IncidentEvent(Event):
    """A fact in the stream of one incident."""

    kind = "incident"


class IncidentGeopend(IncidentEvent):
    """An incident was opened, by a signal (with the rule that did it) or by a person's report."""

    type: Literal["nl.incidenten.incident-geopend"] = "nl.incidenten.incident-geopend"
    incident_id: UUID
    number: str
    municipality: str
    opened_by: Literal["signaal", "melding"]
    first_signal_at: AwareDatetime
    severity: Severity
    service: str | None = None
    supplier: str | None = None
    rsit: str | None = None
    tlp: Tlp = Tlp.AMBER
    rule: RuleUsed | None = None
    title: Beside | None = None


class SignalenToegevoegd(IncidentEvent):
    """Signals joined the incident. At most one of these per incident per second, with a count and a digest."""

    type: Literal["nl.incidenten.signalen-toegevoegd"] = "nl.incidenten.signalen-toegevoegd"
    count: int
    total: int
    first_at: AwareDatetime
    last_at: AwareDatetime
    digest: str
    rule: RuleUsed


class MeldingOntvangen(IncidentEvent):
    """A person reported: the answers to the seven questions. It opened this incident or joined it."""

    type: Literal["nl.incidenten.melding-ontvangen"] = "nl.incidenten.melding-ontvangen"
    report_id: UUID
    services: tuple[str, ...]
    discovered_at: AwareDatetime
    intent_suspected: Literal["ja", "nee", "onbekend"]
    personal_data: Literal["ja", "nee", "onbekend"]
    others_hit: Literal["ja", "nee", "onbekend"]
    supplier: str | None = None
    effects: tuple[str, ...] = ()
    severity: Severity
    rule: RuleUsed | None = None
    """The rule that proposed the severity, when its proposal was followed."""
    description: Beside | None = None
    contact: Beside | None = None


class ErnstBepaald(IncidentEvent):
    """A person set the severity."""

    type: Literal["nl.incidenten.ernst-bepaald"] = "nl.incidenten.ernst-bepaald"
    severity: Severity
    reason: Beside


class StatusGewijzigd(IncidentEvent):
    """A person moved the incident to another state and named who owns it there."""

    type: Literal["nl.incidenten.status-gewijzigd"] = "nl.incidenten.status-gewijzigd"
    status: Status
    owner_organisation: str
    owner_function: str
    reason: Beside


class RolBepaald(IncidentEvent):
    """The municipality is victim (slachtoffer) or involved (betrokkene)."""

    type: Literal["nl.incidenten.rol-bepaald"] = "nl.incidenten.rol-bepaald"
    role: MunicipalRole
    reason: Beside


class LijnToegewezen(IncidentEvent):
    """The source lane or the effect lane got its one owner."""

    type: Literal["nl.incidenten.lijn-toegewezen"] = "nl.incidenten.lijn-toegewezen"
    lane: Lane
    organisation: str
    function: str


class KennisnameVastgesteld(IncidentEvent):
    """A person recorded from which moment the organisation was aware, for one regime. A later one corrects it."""

    type: Literal["nl.incidenten.kennisname-vastgesteld"] = "nl.incidenten.kennisname-vastgesteld"
    regime: str
    aware_at: AwareDatetime
    reason: Beside


class SignificantieBesloten(IncidentEvent):
    """A person decided whether one regime's duty to report applies. `nee` is a decision too."""

    type: Literal["nl.incidenten.significantie-besloten"] = "nl.incidenten.significantie-besloten"
    regime: str
    outcome: Literal["ja", "nee", "vrijwillig", "bijna-incident"]
    grounds: tuple[str, ...] = ()
    reason: Beside


class MeldplichtIngediend(IncidentEvent):
    """A person submitted a report to the authority and recorded it here."""

    type: Literal["nl.incidenten.meldplicht-ingediend"] = "nl.incidenten.meldplicht-ingediend"
    obligation: str
    submitted_at: AwareDatetime
    reference: Beside | None = None
    delay_reason: Beside | None = None


class WaarschuwingGegeven(IncidentEvent):
    """The sweep warned for a clock. `steps` are the rungs of the ladder; more than one after downtime."""

    type: Literal["nl.incidenten.waarschuwing-gegeven"] = "nl.incidenten.waarschuwing-gegeven"
    obligation: str
    steps: tuple[str, ...]
    due_at: AwareDatetime | None = None


class SamenvoegingVoorgesteld(IncidentEvent):
    """A rule proposes that this incident and another are the same disturbance. A person decides."""

    type: Literal["nl.incidenten.samenvoeging-voorgesteld"] = "nl.incidenten.samenvoeging-voorgesteld"
    other_incident: UUID
    rule: RuleUsed


class SamenvoegingBesloten(IncidentEvent):
    """A person accepted or declined a merge proposal. Accepted: this incident goes on in the other one."""

    type: Literal["nl.incidenten.samenvoeging-besloten"] = "nl.incidenten.samenvoeging-besloten"
    other_incident: UUID
    accepted: bool
    reason: Beside


class IncidentOpgenomen(IncidentEvent):
    """Another incident goes on in this one: what was known of it, so that no signal, effect or first moment is lost."""

    type: Literal["nl.incidenten.incident-opgenomen"] = "nl.incidenten.incident-opgenomen"
    other_incident: UUID
    first_at: AwareDatetime
    last_at: AwareDatetime
    signal_count: int
    report_count: int
    severity: Severity
    services: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    personal_data: Literal["ja", "nee", "onbekend"]
    intent_suspected: Literal["ja", "nee", "onbekend"]


class DraaiboekVoorgesteld(IncidentEvent):
    """A rule proposes a playbook. A person confirms it."""

    type: Literal["nl.incidenten.draaiboek-voorgesteld"] = "nl.incidenten.draaiboek-voorgesteld"
    playbook_id: str
    rule: RuleUsed


class DraaiboekGestart(IncidentEvent):
    """A person confirmed a playbook; its execution has a stream of its own."""

    type: Literal["nl.incidenten.draaiboek-gestart"] = "nl.incidenten.draaiboek-gestart"
    playbook_id: str
    execution_id: UUID


class LogboekregelGeschreven(IncidentEvent):
    """A person wrote a logbook entry: fact, decision, act or message. `corrects` names an earlier one."""

    type: Literal["nl.incidenten.logboekregel-geschreven"] = "nl.incidenten.logboekregel-geschreven"
    entry: Literal["feit", "besluit", "actie", "bericht"]
    text: Beside
    corrects: int | None = None


AnyIncidentEvent = (
    IncidentGeopend
    | SignalenToegevoegd
    | MeldingOntvangen
    | ErnstBepaald
    | StatusGewijzigd
    | RolBepaald
    | LijnToegewezen
    | KennisnameVastgesteld
    | SignificantieBesloten
    | MeldplichtIngediend
    | WaarschuwingGegeven
    | SamenvoegingVoorgesteld
    | SamenvoegingBesloten
    | IncidentOpgenomen
    | DraaiboekVoorgesteld
    | DraaiboekGestart
    | LogboekregelGeschreven
)
