"""Which facts subscribers outside get to see, and which of their fields: the sharing policy over a topic.

The rule: only facts of incidents that are shared with the partners, with a TLP that allows partners (not RED, not
AMBER+STRICT), recorded from the moment of sharing on; and of those only the fields that *every* partner may see.
Partners are the safety region's coordinator, the police and the prosecutor: what one of them may not see (technical
details, duties, the municipality's own logbook, personal and criminal data) is not published at all. What is not
named in this table stays inside.
"""

from collections.abc import Mapping
from typing import Any

from domain import sharing
from domain.incidents import Incident
from domain.tlp import Tlp

FIELDS: Mapping[str, frozenset[str]] = {
    "nl.incidenten.incident-geopend": frozenset(
        {"incident_id", "number", "municipality", "opened_by", "first_signal_at", "severity", "service", "tlp"}
    ),
    "nl.incidenten.melding-ontvangen": frozenset(
        {"report_id", "services", "discovered_at", "effects", "severity", "others_hit"}
    ),
    "nl.incidenten.ernst-bepaald": frozenset({"severity"}),
    "nl.incidenten.status-gewijzigd": frozenset({"status", "owner_organisation", "owner_function"}),
    "nl.incidenten.rol-bepaald": frozenset({"role"}),
    "nl.incidenten.lijn-toegewezen": frozenset({"lane", "organisation", "function"}),
    "nl.incidenten.incident-opgenomen": frozenset({"first_at", "last_at", "severity", "services", "effects"}),
    "nl.incidenten.draaiboek-gestart": frozenset({"playbook_id", "execution_id"}),
    "nl.draaiboeken.uitvoering-gestart": frozenset({"execution_id", "incident_id", "municipality", "playbook_id"}),
    "nl.draaiboeken.taak-gevraagd": frozenset({"task_key", "step", "organisation", "function", "title", "due_at"}),
    "nl.draaiboeken.taak-gezien": frozenset({"task_key"}),
    "nl.draaiboeken.taak-afgerond": frozenset({"task_key", "outcome"}),
    "nl.draaiboeken.uitvoering-afgerond": frozenset({"status"}),
}
"""Fields per type; `happened_at` goes with all of them."""

PARTNER_TLP = frozenset({Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER})


def is_published(incident: Incident | None, kind: str) -> bool:
    """Whether a fact of this type of this incident leaves the house."""
    return incident is not None and kind in FIELDS and incident.tlp in PARTNER_TLP and sharing.is_shared(incident)


def public_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields that every partner may see."""
    allowed = FIELDS[str(data["type"])] | {"happened_at"}
    return {name: value for name, value in data.items() if name in allowed}
