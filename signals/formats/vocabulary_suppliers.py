"""Words of suppliers (status pages, Azure, advisories) and what they mean to us. Each table names its source."""

from collections.abc import Mapping

from domain.severity import Severity
from signals.normal import Certainty, State

OUTAGE = "availability/outage"
VULNERABLE = "vulnerable/vulnerable-system"

STATUSPAGE_IMPACT: Mapping[str, Severity] = {
    # Atlassian Statuspage API, Incident.impact. `none` is still told to people, so it is no statement that all is well.
    "none": Severity.WAAKZAAM,
    "maintenance": Severity.WAAKZAAM,
    "minor": Severity.WAAKZAAM,
    "major": Severity.VERSTOORD,
    "critical": Severity.ERNSTIG,
    # Outside the documented values, but sent (Statuspage's own example of a webhook).
    "high": Severity.ERNSTIG,
}
STATUSPAGE_COMPONENT: Mapping[str, Severity] = {
    # Atlassian Statuspage API, Component.status.
    "operational": Severity.NORMAAL,
    "under_maintenance": Severity.WAAKZAAM,
    "degraded_performance": Severity.WAAKZAAM,
    "partial_outage": Severity.VERSTOORD,
    "major_outage": Severity.ERNSTIG,
}
STATUSPAGE_STATE: Mapping[str, State] = {
    # Atlassian Statuspage API, Incident.status: of an incident and of a scheduled maintenance.
    "investigating": State.NIEUW,
    "identified": State.NIEUW,
    "monitoring": State.NIEUW,
    "resolved": State.OPGELOST,
    "postmortem": State.OPGELOST,
    "scheduled": State.ONDERHOUD,
    "in_progress": State.ONDERHOUD,
    "verifying": State.ONDERHOUD,
    "completed": State.OPGELOST,
    # The same, Component.status.
    "operational": State.OPGELOST,
    "under_maintenance": State.ONDERHOUD,
    "degraded_performance": State.NIEUW,
    "partial_outage": State.NIEUW,
    "major_outage": State.NIEUW,
}
AZURE_SEVERITY: Mapping[str, Severity] = {
    # Azure Monitor, common alert schema: `severity` (0 Critical, 1 Error, 2 Warning, 3 Informational, 4 Verbose).
    "sev0": Severity.ERNSTIG,
    "sev1": Severity.VERSTOORD,
    "sev2": Severity.VERSTOORD,
    "sev3": Severity.WAAKZAAM,
    "sev4": Severity.WAAKZAAM,
}
AZURE_LEVEL: Mapping[str, Severity] = {
    # Azure activity log, `level` of a Service Health notification, in words and as EventLevel numbers.
    "critical": Severity.ERNSTIG,
    "error": Severity.VERSTOORD,
    "warning": Severity.VERSTOORD,
    "informational": Severity.WAAKZAAM,
    "1": Severity.ERNSTIG,
    "2": Severity.VERSTOORD,
    "3": Severity.VERSTOORD,
    "4": Severity.WAAKZAAM,
}
AZURE_STAGE: Mapping[str, State] = {
    # Azure activity log, `stage` of a Service Health notification, and `status`/`monitorCondition` of any alert.
    "active": State.NIEUW,
    "activated": State.NIEUW,
    "fired": State.NIEUW,
    "planned": State.ONDERHOUD,
    "inprogress": State.ONDERHOUD,
    "rescheduled": State.ONDERHOUD,
    "canceled": State.OPGELOST,
    "complete": State.OPGELOST,
    "rca": State.OPGELOST,
    "resolved": State.OPGELOST,
    "deactivated": State.OPGELOST,
}
AZURE_ADVISORIES = frozenset({"informational", "actionrequired", "security"})
"""Azure Service Health, `incidentType`: tells of something that may concern nobody here."""
AGGREGATE_SEVERITY: Mapping[str, Severity] = {
    # CSAF 2.0 3.2.1.2 leaves the words to the publisher; these are those of Red Hat, Microsoft, BSI and CVSS.
    "critical": Severity.ERNSTIG,
    "kritisch": Severity.ERNSTIG,
    "important": Severity.VERSTOORD,
    "high": Severity.VERSTOORD,
    "hoch": Severity.VERSTOORD,
    "moderate": Severity.WAAKZAAM,
    "medium": Severity.WAAKZAAM,
    "mittel": Severity.WAAKZAAM,
    "low": Severity.WAAKZAAM,
    "niedrig": Severity.WAAKZAAM,
}
CVSS_FROM: tuple[tuple[float, Severity], ...] = (
    # FIRST CVSS 3.1 section 5, qualitative severity rating scale; 2.0 and 4.0 scores are read on the same scale.
    (9.0, Severity.ERNSTIG),
    (7.0, Severity.VERSTOORD),
    (0.1, Severity.WAAKZAAM),
)
ADVISORY_STATUS: Mapping[str, Certainty] = {
    # CSAF 2.0 3.2.1.12.7, `tracking.status`.
    "draft": Certainty.ONBEKEND,
    "interim": Certainty.WAARSCHIJNLIJK,
    "final": Certainty.BEVESTIGD,
}
ADVISORY_OVER = frozenset({"csaf_withdrawn", "csaf_superseded"})
"""CSAF 2.1 section 4: categories of an advisory that no longer holds."""
AFFECTED = ("known_affected", "first_affected", "last_affected", "under_investigation")
REPAIRED = ("fixed", "first_fixed", "recommended")
"""CSAF 2.0 3.2.3.9, names in `product_status`. Outside VEX a repaired version tells which product was not in order."""
