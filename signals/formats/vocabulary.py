"""Words of senders and what they mean to us. Each row names its source."""

from collections.abc import Mapping

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty, State

SEVERITY: Mapping[str, Severity] = {
    # Prometheus community practice: critical pages somebody, warning makes a ticket, info is for dashboards.
    "critical": Severity.ERNSTIG,
    "page": Severity.ERNSTIG,
    "error": Severity.VERSTOORD,
    "warning": Severity.VERSTOORD,
    "info": Severity.WAAKZAAM,
    "none": Severity.ONBEKEND,
    # Our own form (domain/severity.py).
    "ernstig-verstoord": Severity.ERNSTIG,
    "verstoord": Severity.VERSTOORD,
    "waakzaam": Severity.WAAKZAAM,
    "normaal": Severity.NORMAAL,
    # CloudEvents extension `severity` (cloudevents/spec, extensions/severity.md): names of log levels.
    "fatal": Severity.ERNSTIG,
    "warn": Severity.VERSTOORD,
    "debug": Severity.ONBEKEND,
    "trace": Severity.ONBEKEND,
}
CERTAINTY: Mapping[str, Certainty] = {each.value: each for each in Certainty}
STATE: Mapping[str, State] = {
    **{each.value: each for each in State},
    # Alertmanager webhook version 4: `status` of an alert.
    "firing": State.NIEUW,
    "resolved": State.OPGELOST,
}
TLP: Mapping[str, Tlp] = {
    # FIRST TLP 2.0; `white` is the old word for `clear`, taken in and never sent out.
    "red": Tlp.RED,
    "amber+strict": Tlp.AMBER_STRICT,
    "amber": Tlp.AMBER,
    "green": Tlp.GREEN,
    "clear": Tlp.CLEAR,
    "white": Tlp.CLEAR,
}
YES = frozenset({"true", "1", "yes", "ja", "waar"})


def tlp_of(written: str | None) -> Tlp:
    """A TLP label with or without prefix. Unknown or missing: AMBER, so that nothing is shared by accident."""
    plain = (written or "").strip().lower().removeprefix("tlp:")
    return TLP.get(plain, Tlp.AMBER)


def marked(labels: Mapping[str, object]) -> State | None:
    """The mark of a test or an exercise among labels; None when there is none."""
    for name, state in (("oefening", State.OEFENING), ("exercise", State.OEFENING), ("test", State.TEST)):
        if str(labels.get(name, "")).strip().lower() in YES:
            return state
    return None
