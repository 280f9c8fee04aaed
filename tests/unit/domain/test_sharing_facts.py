"""Which facts a function sees: duties and technical facts stay with the municipality, and nothing new leaves it."""

import pytest

from domain import sharing
from domain.events import incident as facts
from domain.events.organisation import OrganisationEvent
from domain.events.table import EVENTS
from domain.parties import Actor, Function
from domain.sharing_facts import KINDS, visible_types
from tests.builders import PARTIES, a_report, an_actor, an_incident

CISO = an_actor()
MAYOR = an_actor(Function.BURGEMEESTER)
SPOKESPERSON = an_actor(Function.COMMUNICATIE)
ADMIN = an_actor(Function.BEHEERDER)
REGION = an_actor(Function.COORDINATOR, "vr:VR09")
POLICE = an_actor(Function.POLITIE, "politie:RE03")
PROSECUTOR = an_actor(Function.OFFICIER, "om:RE03")
ELSEWHERE = an_actor(Function.CISO, "gemeente:GM0363")
SUBJECT = sharing.of_incident(
    an_incident(facts.DraaiboekGestart(playbook_id="leverancier", execution_id=a_report().report_id)), parties=PARTIES
)
DUTIES = {
    f"nl.incidenten.{name}"
    for name in ("kennisname-vastgesteld", "significantie-besloten", "meldplicht-ingediend", "waarschuwing-gegeven")
}
TECHNICAL = {
    f"nl.incidenten.{name}" for name in ("samenvoeging-voorgesteld", "samenvoeging-besloten", "signalen-toegevoegd")
}


def test_every_fact_of_an_incident_and_its_playbooks_has_a_kind() -> None:
    forgotten = [name for name, each in EVENTS.items() if each not in KINDS and not issubclass(each, OrganisationEvent)]
    assert forgotten == []


@pytest.mark.parametrize(
    ("actor", "hidden"),
    [
        (CISO, set()),
        (MAYOR, TECHNICAL),
        (SPOKESPERSON, DUTIES | TECHNICAL),
        (REGION, DUTIES | TECHNICAL),
        (POLICE, DUTIES | TECHNICAL),
        (PROSECUTOR, DUTIES | TECHNICAL),
    ],
)
def test_a_function_does_not_see_facts_of_a_kind_that_it_may_not_see(actor: Actor, hidden: set[str]) -> None:
    named = {name for name, each in EVENTS.items() if each in KINDS}
    assert named - visible_types(actor, SUBJECT) == hidden


@pytest.mark.parametrize("actor", [ADMIN, ELSEWHERE])
def test_who_sees_no_timeline_sees_no_facts(actor: Actor) -> None:
    assert visible_types(actor, SUBJECT) == frozenset()


def test_a_type_without_a_kind_stays_with_the_own_organisation() -> None:
    unnamed = {name for name, each in EVENTS.items() if each not in KINDS}
    assert unnamed <= visible_types(CISO, SUBJECT)
    assert not unnamed & visible_types(POLICE, SUBJECT)
