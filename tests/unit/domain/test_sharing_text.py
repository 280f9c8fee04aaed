"""Who reads which words: own words always, police and prosecution among themselves, the rest by the table."""

import pytest

from domain import sharing
from domain.events import incident as facts
from domain.events.core import Event, Recorded
from domain.parties import Actor, Function
from domain.sharing_text import WITHHELD, readable
from tests.builders import PARTIES, a_report, a_rule, an_actor, an_incident, recorded

CISO = an_actor()
MAYOR = an_actor(Function.BURGEMEESTER)
REGION = an_actor(Function.COORDINATOR, "vr:VR09")
POLICE = an_actor(Function.POLITIE, "politie:RE03")
PROSECUTOR = an_actor(Function.OFFICIER, "om:RE03")
INCIDENT = an_incident(facts.DraaiboekGestart(playbook_id="leverancier", execution_id=a_report().report_id))
SUBJECT = sharing.of_incident(INCIDENT, parties=PARTIES)


def _by(author: Actor, event: Event) -> Recorded:
    return recorded(event, by=author.signature())


def _entry(kind: str = "feit") -> Event:
    return facts.LogboekregelGeschreven.model_validate({"entry": kind, "text": "Vier servers"})


@pytest.mark.parametrize(
    ("author", "kind", "readers"),
    [
        (CISO, "feit", {"ciso", "burgemeester"}),
        (POLICE, "feit", {"teamchef-politie", "officier-van-justitie"}),
        (POLICE, "bericht", {"ciso", "burgemeester", "teamchef-politie"}),
        (REGION, "feit", {"ciso", "burgemeester", "coordinator"}),
    ],
)
def test_an_entry_is_read_by_whom_it_is_for(author: Actor, kind: str, readers: set[str]) -> None:
    fact = _by(author, _entry(kind))
    everybody = (CISO, MAYOR, REGION, POLICE, PROSECUTOR)
    seen = {a.function.value for a in everybody if readable(a, SUBJECT, fact).event == fact.event}
    assert seen == readers


def test_the_contact_of_a_reporter_is_for_those_who_call_back() -> None:
    report = facts.MeldingOntvangen(
        report_id=a_report().report_id,
        services=(),
        discovered_at=a_report().discovered_at,
        intent_suspected="nee",
        personal_data="nee",
        others_hit="nee",
        severity=INCIDENT.severity,
        description="Loket dicht",
        contact="06-12345678",
    )
    fact = _by(an_actor(Function.PROCESEIGENAAR, "gemeente:GM0363"), report)
    mayor = readable(MAYOR, SUBJECT, fact).event
    assert isinstance(mayor, facts.MeldingOntvangen)
    assert (mayor.description, mayor.contact) == ("Loket dicht", WITHHELD)
    assert readable(CISO, SUBJECT, fact) == fact


def test_technical_inputs_of_a_rule_are_for_the_ciso() -> None:
    fact = recorded(facts.DraaiboekVoorgesteld(playbook_id="leverancier", rule=a_rule()))
    mayor = readable(MAYOR, SUBJECT, fact).event
    assert isinstance(mayor, facts.DraaiboekVoorgesteld)
    assert mayor.rule.inputs == {}
    assert readable(CISO, SUBJECT, fact) == fact
