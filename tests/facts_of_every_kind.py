"""One fact of every kind, in an order that makes sense: a test over all kinds notices a new one."""

from domain.events import execution, incident
from domain.events.execution import AnyExecutionEvent
from domain.events.incident import AnyIncidentEvent
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from tests.builders import DINSDAG_0900, UTRECHT, a_rule, an_id, minutes

STEP, OTHER_STEP, PLAYBOOK = "action--1", "action--2", "playbook--1"

INCIDENT_FACTS: tuple[AnyIncidentEvent, ...] = (
    incident.SignalenToegevoegd(
        count=3, total=4, first_at=DINSDAG_0900, last_at=DINSDAG_0900 + minutes(1), digest="ab" * 32, rule=a_rule()
    ),
    incident.MeldingOntvangen(
        report_id=an_id(500),
        services=("zaaksysteem",),
        discovered_at=DINSDAG_0900,
        intent_suspected="ja",
        personal_data="onbekend",
        others_hit="nee",
        effects=("openbare-orde",),
        severity=Severity.ERNSTIG,
        description="Niets werkt",
    ),
    incident.ErnstBepaald(severity=Severity.VERSTOORD, reason="Valt mee"),
    incident.RolBepaald(role=MunicipalRole.SLACHTOFFER, reason="Onze dienst"),
    incident.LijnToegewezen(lane=Lane.BRON, organisation="gemeente:GM0344", function="ciso"),
    incident.KennisnameVastgesteld(regime="cbw", aware_at=DINSDAG_0900, reason="Gebeld"),
    incident.SignificantieBesloten(regime="cbw", outcome="ja", reason="Dienst ligt stil"),
    incident.MeldplichtIngediend(obligation="cbw-vroege-waarschuwing", submitted_at=DINSDAG_0900 + minutes(30)),
    incident.WaarschuwingGegeven(obligation="cbw-melding", steps=("b/helft", "a/begin")),
    incident.SamenvoegingVoorgesteld(other_incident=an_id(2), rule=a_rule()),
    incident.DraaiboekVoorgesteld(playbook_id=PLAYBOOK, rule=a_rule()),
    incident.DraaiboekGestart(playbook_id=PLAYBOOK, execution_id=an_id(70)),
    incident.LogboekregelGeschreven(entry="feit", text="De leverancier is gebeld"),
    incident.IncidentOpgenomen(
        other_incident=an_id(3),
        first_at=DINSDAG_0900,
        last_at=DINSDAG_0900 + minutes(2),
        signal_count=2,
        report_count=1,
        severity=Severity.ERNSTIG,
        personal_data="ja",
        intent_suspected="nee",
    ),
    incident.StatusGewijzigd(
        status=Status.CRISIS, owner_organisation="gemeente:GM0344", owner_function="burgemeester", reason="Opschalen"
    ),
    incident.SamenvoegingBesloten(other_incident=an_id(2), accepted=True, reason="Dezelfde storing"),
)

EXECUTION_FACTS: tuple[AnyExecutionEvent, ...] = (
    execution.UitvoeringGestart(
        execution_id=an_id(70),
        incident_id=an_id(1),
        municipality=UTRECHT,
        playbook_id=PLAYBOOK,
        digest="cd" * 32,
        variables={},
        anchors={},
        routing={},
    ),
    execution.StapBereikt(token="t", playbook_id=PLAYBOOK, step=STEP),
    execution.TakkenGeopend(token="t", branches=("t.1", "t.2")),
    execution.StapBereikt(token="t.1", playbook_id=PLAYBOOK, step=OTHER_STEP, stack=(STEP,)),
    execution.StapBereikt(token="t.2", playbook_id=PLAYBOOK, step=OTHER_STEP, stack=(STEP,)),
    execution.StapWacht(token="t.1", until=DINSDAG_0900 + minutes(5)),
    execution.TaakGevraagd(
        task_key="70/1",
        token="t.1",
        step=OTHER_STEP,
        organisation="gemeente:GM0344",
        function="ciso",
        title={"nl": "Isoleer"},
        description={"nl": "Haal het van het net"},
    ),
    execution.TaakGezien(task_key="70/1"),
    execution.TaakAfgerond(task_key="70/1", outcome="klaar"),
    execution.TakAfgerond(token="t.2"),
    execution.LusBegrensd(step=OTHER_STEP, visits=50),
    execution.UitzonderingGestart(failed_step=OTHER_STEP, playbook_id=PLAYBOOK, step=STEP),
    execution.UitvoeringVerplaatst(digest="b" * 64, old_digest="a" * 64, changed=(STEP,)),
    execution.UitvoeringAfgerond(status="exception_condition_invoked"),
)
