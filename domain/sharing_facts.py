"""Which facts of the log a viewer may see: every type of fact goes with one kind of the sharing policy.

A type that is not named here is seen by the own organisation only, so that nothing new leaves the house unnoticed.
"""

from collections.abc import Mapping

from domain import sharing
from domain.events import execution, incident
from domain.events.core import Event
from domain.events.destruction import Vernietigd
from domain.events.table import EVENTS
from domain.parties import Actor
from domain.sharing import Subject
from domain.sharing_table import Kind, Relation

KINDS: Mapping[type[Event], Kind] = {
    incident.IncidentGeopend: Kind.TIJDLIJN,
    incident.SignalenToegevoegd: Kind.TECHNIEK,
    incident.MeldingOntvangen: Kind.TIJDLIJN,
    incident.ErnstBepaald: Kind.TIJDLIJN,
    incident.StatusGewijzigd: Kind.TIJDLIJN,
    incident.RolBepaald: Kind.TIJDLIJN,
    incident.LijnToegewezen: Kind.TIJDLIJN,
    incident.KennisnameVastgesteld: Kind.PLICHTEN,
    incident.SignificantieBesloten: Kind.PLICHTEN,
    incident.MeldplichtIngediend: Kind.PLICHTEN,
    incident.WaarschuwingGegeven: Kind.PLICHTEN,
    incident.SamenvoegingVoorgesteld: Kind.TECHNIEK,
    incident.SamenvoegingBesloten: Kind.TECHNIEK,
    incident.IncidentOpgenomen: Kind.TIJDLIJN,
    incident.DraaiboekVoorgesteld: Kind.TIJDLIJN,
    incident.DraaiboekGestart: Kind.TIJDLIJN,
    incident.LogboekregelGeschreven: Kind.TIJDLIJN,
    execution.UitvoeringGestart: Kind.TIJDLIJN,
    execution.StapBereikt: Kind.TIJDLIJN,
    execution.TakkenGeopend: Kind.TIJDLIJN,
    execution.TakAfgerond: Kind.TIJDLIJN,
    execution.StapWacht: Kind.TIJDLIJN,
    execution.TaakGevraagd: Kind.TAKEN,
    execution.TaakGezien: Kind.TAKEN,
    execution.TaakAfgerond: Kind.TAKEN,
    execution.LusBegrensd: Kind.TIJDLIJN,
    execution.UitzonderingGestart: Kind.TIJDLIJN,
    execution.UitvoeringVerplaatst: Kind.TIJDLIJN,
    execution.UitvoeringAfgerond: Kind.TIJDLIJN,
    Vernietigd: Kind.TIJDLIJN,
}
"""The texts beside a fact are narrower: see `domain/sharing_text.py`."""


def visible_types(actor: Actor, subject: Subject) -> frozenset[str]:
    """Types of facts that this actor may see of this subject, by their name on the wire; none without a timeline."""
    seen = sharing.sees(actor, subject)
    if Kind.TIJDLIJN not in seen:
        return frozenset()
    own = sharing.relation(actor, subject) is Relation.EIGEN
    return frozenset(name for name, kind in EVENTS.items() if (KINDS[kind] in seen if kind in KINDS else own))
