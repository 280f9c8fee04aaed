"""Values with defaults, for tests that care about one thing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.commands import Opening, Report
from domain.events.core import Event, Mode, Recorded, RuleUsed
from domain.incidents import Incident, evolve
from domain.opening import open_by_signal
from domain.parties import SYSTEM, ActedBy, Actor, Function
from domain.severity import Severity
from domain.tlp import Tlp

DINSDAG_0900 = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""09:00 in Amsterdam."""
UTRECHT = "GM0344"
PARTIES = frozenset({"gemeente:GM0344", "politie:RE03", "om:RE03", "vr:VR09"})


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def an_id(number: int) -> UUID:
    """The same identifier for the same number."""
    return UUID(int=number)


def a_rule(rule: str = "zelfde-dienst") -> RuleUsed:
    """A rule that linked something."""
    return RuleUsed(rule=rule, version="1", inputs={"dienst": "burgerzaken"}, explanation="Zelfde dienst.")


def recorded(
    event: Event, version: int = 1, *, at: datetime = DINSDAG_0900, by: ActedBy = SYSTEM, stream: str = "incident:x"
) -> Recorded:
    """A fact as it stands in the log."""
    return Recorded(
        event_id=an_id(version),
        stream_id=stream,
        version=version,
        recorded_at=at,
        by=by,
        mode=Mode.LIVE,
        event=event,
    )


def an_incident(*events: Event, number: int = 1, tlp: Tlp = Tlp.AMBER, at: datetime = DINSDAG_0900) -> Incident:
    """An incident that a signal opened, after these facts."""
    opening = Opening(
        incident_id=an_id(number),
        number=f"INC-2026-{number:04}",
        severity=Severity.VERSTOORD,
        first_at=at,
        service="burgerzaken",
        tlp=tlp,
        rule=a_rule(),
    )
    state = evolve(None, recorded(open_by_signal(opening, UTRECHT), at=at))
    for version, event in enumerate(events, start=2):
        state = evolve(state, recorded(event, version, at=at))
    assert state is not None
    return state


def an_actor(function: Function = Function.CISO, organisation: str = "gemeente:GM0344", number: int = 900) -> Actor:
    """Somebody who acts in this function."""
    return Actor(
        account_id=an_id(number),
        name="Sam de Vries",
        function=function,
        organisation=organisation,
        organisation_name=organisation,
    )


def a_report(number: int = 500, *, at: datetime = DINSDAG_0900, **changes: object) -> Report:
    """A CISO's answers to the seven questions."""
    given: dict[str, object] = {
        "report_id": an_id(number),
        "municipality": UTRECHT,
        "description": "Inloggen burgerzaken werkt niet",
        "services": ("burgerzaken",),
        "discovered_at": at,
        "effects": ("openbare-orde",),
        "severity": Severity.VERSTOORD,
        "at": at,
        **changes,
    }
    return Report(**given)  # type: ignore[arg-type]  # the values are checked by the tests themselves
