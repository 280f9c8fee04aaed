"""Facts of the log in the words of people: one sentence a fact, its kind, its text. A new event type = a line here."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards import words
from dashboards.models import LogEntry
from dashboards.views.shown import Names
from dashboards.words import N_
from domain.events import execution, incident
from domain.events.core import Event, Recorded, RuleUsed, beside_fields
from domain.events.destruction import DESTROYED, Vernietigd
from domain.parties import Function
from domain.sharing_text import WITHHELD

SENTENCES: Mapping[type[Event], str] = {
    incident.IncidentGeopend: N_("Incident {number} geopend"),
    incident.SignalenToegevoegd: N_("{count} signalen erbij, {total} in totaal"),
    incident.MeldingOntvangen: N_("Melding ontvangen"),
    incident.ErnstBepaald: N_("Ernst bepaald: {severity}"),
    incident.StatusGewijzigd: N_("Status gewijzigd: {status}. Eigenaar: {owner}"),
    incident.RolBepaald: N_("Rol van de gemeente: {role}"),
    incident.LijnToegewezen: N_("{lane}: eigenaar is {owner}"),
    incident.KennisnameVastgesteld: N_("{regime}: kennisname vastgesteld"),
    incident.SignificantieBesloten: N_("{regime}: {outcome}"),
    incident.MeldplichtIngediend: N_("{obligation}: melding ingediend"),
    incident.WaarschuwingGegeven: N_("Gewaarschuwd voor de termijn: {obligation}"),
    incident.SamenvoegingVoorgesteld: N_("Voorstel om samen te voegen"),
    incident.SamenvoegingBesloten: N_("Besluit over samenvoegen: {accepted}"),
    incident.IncidentOpgenomen: N_("Een ander incident gaat hier verder"),
    incident.DraaiboekVoorgesteld: N_("Draaiboek voorgesteld: {playbook_id}"),
    incident.DraaiboekGestart: N_("Draaiboek gestart: {playbook_id}"),
    incident.LogboekregelGeschreven: N_("Logboekregel"),
    execution.UitvoeringGestart: N_("Uitvoering begonnen: {playbook_id}"),
    execution.StapBereikt: N_("Stap bereikt"),
    execution.TakkenGeopend: N_("Taken lopen nu naast elkaar"),
    execution.TakAfgerond: N_("Een tak is klaar"),
    execution.StapWacht: N_("Een stap wacht op zijn tijd"),
    execution.TaakGevraagd: N_("Taak gevraagd aan {organisation}: {title}"),
    execution.TaakGezien: N_("Taak gezien"),
    execution.TaakAfgerond: N_("Taak afgehandeld: {answer}"),
    execution.LusBegrensd: N_("Draaiboek gestopt: een stap kwam te vaak terug"),
    execution.UitvoeringVerplaatst: N_("Draaiboek gaat verder met een nieuwe versie"),
    execution.UitzonderingGestart: N_("Een stap mislukte; het noodpad van het draaiboek begint"),
    execution.UitvoeringAfgerond: N_("Draaiboek afgelopen"),
    Vernietigd: N_("Teksten vernietigd volgens de lijst: {list_item}"),
}
UNKNOWN = N_("Gebeurtenis")
EVERYTHING = "alles"
DECISIONS = (
    incident.ErnstBepaald,
    incident.StatusGewijzigd,
    incident.RolBepaald,
    incident.LijnToegewezen,
    incident.KennisnameVastgesteld,
    incident.SignificantieBesloten,
    incident.SamenvoegingBesloten,
    incident.DraaiboekGestart,
)
STEPS = (
    execution.UitvoeringGestart,
    execution.StapBereikt,
    execution.TakkenGeopend,
    execution.TakAfgerond,
    execution.StapWacht,
)
"""How a playbook goes from task to task by itself: told when asked for."""
MACHINE = (
    *STEPS,
    incident.SamenvoegingVoorgesteld,
    incident.DraaiboekVoorgesteld,
    execution.TaakGevraagd,
    execution.LusBegrensd,
    execution.UitzonderingGestart,
    execution.UitvoeringAfgerond,
)
"""What rules and playbooks do in the transaction of somebody's act."""
ACTIONS = (
    incident.MeldplichtIngediend,
    execution.TaakGezien,
    execution.TaakAfgerond,
    execution.UitvoeringVerplaatst,
)
TABLES: Mapping[str, Mapping[str, str]] = {
    "status": words.STATUS,
    "severity": words.SEVERITY,
    "role": words.ROLE,
    "lane": words.LANE,
    "outcome": words.OUTCOME,
}
CODES = frozenset({"regime", "obligation", "playbook_id", "organisation"})
TEXTS = ("text", "description", "reason", "title", "reference", "delay_reason")
"""Texts beside the log, the most telling first."""
TOLD = frozenset({WITHHELD, DESTROYED})
"""Our own words in the place of a text."""


@dataclass(frozen=True, kw_only=True)
class ShownEntry:
    """One line of the logbook, ready to show."""

    entry: LogEntry
    kind: str
    title: str
    texts: tuple[str, ...]
    function: str
    organisation: str
    rule: RuleUsed | None


def kind_of(recorded: Recorded) -> str:
    """feit, besluit, actie, bericht or systeem."""
    event = recorded.event
    if isinstance(event, incident.LogboekregelGeschreven):
        return event.entry
    if recorded.by.function is Function.SYSTEEM or isinstance(event, MACHINE):
        return "systeem"
    if isinstance(event, DECISIONS):
        return "besluit"
    return "actie" if isinstance(event, ACTIONS) else "feit"


def is_wanted(recorded: Recorded, kind: str | None) -> bool:
    """Whether this fact is shown when this kind is asked for: None = what people care about, `alles` = everything."""
    if kind is None:
        return not isinstance(recorded.event, STEPS)
    return kind in (EVERYTHING, kind_of(recorded))


def is_correctable(recorded: Recorded) -> bool:
    """Whether somebody said this, who can have been wrong; what a rule or a playbook did is overruled by an act."""
    return kind_of(recorded) != "systeem"


def title_of(event: Event, names: Names) -> str:
    """The fact as a sentence, in the language of the reader."""
    values: dict[str, object] = dict(event)
    for field in TABLES.keys() & values.keys():
        values[field] = names.gettext(TABLES[field].get(str(values[field]), str(values[field])))
    for field in CODES & values.keys():
        values[field] = names.of(values[field])
    sentence = names.gettext(SENTENCES.get(type(event), UNKNOWN))
    return sentence.format(**{**values, **_special(event, names)})


def _special(event: Event, names: Names) -> dict[str, str]:
    """Words that take more than a table."""
    match event:
        case execution.TaakGevraagd(title=title):
            return {"title": names.text(title)}
        case execution.TaakAfgerond(outcome=outcome):
            return {"answer": names.gettext(words.TASK_ANSWER[outcome])}
        case incident.SamenvoegingBesloten(accepted=accepted):
            answer = "ja" if accepted else "nee"
            return {"accepted": names.gettext(words.YES_NO[answer])}
        case incident.StatusGewijzigd(owner_function=function, owner_organisation=organisation):
            return {"owner": f"{names.function(function)}, {names.of(organisation)}"}
        case incident.LijnToegewezen(function=function, organisation=organisation):
            return {"owner": f"{names.function(function)}, {names.of(organisation)}"}
        case _:
            return {}


def show_entry(entry: LogEntry, names: Names) -> ShownEntry:
    """One entry for the template."""
    event = entry.recorded.event
    beside = beside_fields(type(event))
    found = [getattr(event, name) for name in TEXTS if name in beside]
    rule = getattr(event, "rule", None)
    return ShownEntry(
        entry=entry,
        kind=kind_of(entry.recorded),
        title=title_of(event, names),
        texts=tuple(names.gettext(text) if text in TOLD else text for text in found if text),
        function=names.function(entry.recorded.by.function),
        organisation=names.of(entry.recorded.by.organisation),
        rule=rule if isinstance(rule, RuleUsed) else None,
    )
