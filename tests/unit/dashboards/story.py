"""The story of a disturbance on the pages: reported, decided, a playbook that runs."""

from dataclasses import replace
from uuid import UUID

from domain import commands
from domain.events.core import RuleUsed
from domain.parties import Function
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from tests.builders import a_report, minutes
from tests.unit.dashboards.world import World

SUPPLIER = "playbook--004498f4-b987-47c1-8c9c-26a813678d7a"


async def reported(world: World, **changes: object) -> UUID:
    """A CISO reported; the incident is open."""
    asked = replace(a_report(at=world.clock.now()), **{"report_id": world.ids.new(), **changes})  # type: ignore[arg-type]  # the test names fields
    return await world.services.acts.report(world.signed(), asked, None)


async def decided(world: World, incident_id: UUID) -> None:
    """Confirmed, with owners, severity and both regimes decided."""
    act = world.services.acts.act
    now = world.clock.now()
    asked = (
        commands.MoveStatus(
            at=now,
            status=Status.BEVESTIGD,
            owner_organisation="gemeente:GM0344",
            owner_function=Function.CISO.value,
            reason="De leverancier bevestigt het",
        ),
        commands.SetSeverity(at=now, severity=Severity.ERNSTIG, reason="Balie dicht"),
        commands.SetRole(at=now, role=MunicipalRole.SLACHTOFFER, reason="Eigen dienst"),
        commands.AssignLane(at=now, lane=Lane.BRON, organisation="gemeente:GM0344", function=Function.CISO.value),
        commands.RecordAwareness(at=now, regime="cbw", aware_at=now, reason="Toen belde de leverancier"),
        commands.DecideSignificance(
            at=now, regime="cbw", outcome="ja", grounds=("uitval-4-uur",), reason="Langer dan vier uur"
        ),
    )
    for each in asked:
        await act(world.signed(), incident_id, each)


async def running(world: World) -> UUID:
    """Decided, and the playbook for suppliers has started."""
    incident_id = await reported(world)
    await decided(world, incident_id)
    start = commands.StartPlaybook(at=world.clock.now(), playbook_id=SUPPLIER, execution_id=world.ids.new())
    await world.services.acts.act(world.signed(), incident_id, start)
    world.clock.wait(minutes(1))
    return incident_id


def rule() -> RuleUsed:
    """A rule with inputs."""
    return RuleUsed(rule="zelfde-dienst", version="1", inputs={"sleutel": "burgerzaken"}, explanation="Zelfde dienst.")
