"""Who sees and does what: the policy as a table, and the gates in front of it."""

import pytest

from domain import commands, sharing
from domain.events import incident as facts
from domain.incidents import Incident
from domain.parties import Actor, Function
from domain.rights import needed
from domain.sharing_table import Act, Kind
from domain.status import Lane, Status
from domain.tlp import Tlp
from tests.builders import DINSDAG_0900, PARTIES, a_rule, an_actor, an_id, an_incident

CISO = an_actor()
MAYOR = an_actor(Function.BURGEMEESTER)
ADMIN = an_actor(Function.BEHEERDER)
REGION = an_actor(Function.COORDINATOR, "vr:VR09")
POLICE = an_actor(Function.POLITIE, "politie:RE03")
PROSECUTOR = an_actor(Function.OFFICIER, "om:RE03")
ELSEWHERE = an_actor(Function.CISO, "gemeente:GM0363")

CONFIRMED = facts.StatusGewijzigd(
    status=Status.BEVESTIGD, owner_organisation="gemeente:GM0344", owner_function="ciso", reason="Echt"
)
REPORTED = facts.MeldingOntvangen(
    report_id=an_id(5),
    services=("burgerzaken",),
    discovered_at=DINSDAG_0900,
    intent_suspected="ja",
    personal_data="onbekend",
    others_hit="ja",
    effects=("openbare-orde",),
    severity=an_incident().severity,
)
STARTED = facts.DraaiboekGestart(playbook_id="leverancier", execution_id=an_id(8))


def _subject(*events: facts.AnyIncidentEvent, tlp: Tlp = Tlp.AMBER, exercise: bool = False) -> sharing.Subject:
    return sharing.of_incident(an_incident(*events, tlp=tlp), parties=PARTIES, exercise=exercise)


@pytest.mark.parametrize(
    ("actor", "sees", "sees_not"),
    [
        (CISO, {Kind.TECHNIEK, Kind.PLICHTEN, Kind.LOGBOEK, Kind.PERSOON, Kind.QUARANTAINE}, {Kind.ACCOUNTS}),
        (MAYOR, {Kind.INCIDENT, Kind.EFFECTEN, Kind.PLICHTEN, Kind.LOGBOEK}, {Kind.TECHNIEK, Kind.STRAF}),
        (REGION, {Kind.INCIDENT, Kind.EFFECTEN, Kind.TAKEN}, {Kind.LOGBOEK, Kind.PLICHTEN, Kind.TECHNIEK, Kind.STRAF}),
        (POLICE, {Kind.INCIDENT, Kind.STRAF, Kind.TAKEN}, {Kind.PLICHTEN, Kind.TECHNIEK, Kind.PERSOON}),
        (PROSECUTOR, {Kind.INCIDENT, Kind.STRAF, Kind.TAKEN}, {Kind.PLICHTEN, Kind.LOGBOEK}),
        (ADMIN, {Kind.ACCOUNTS, Kind.REGISTER}, {Kind.INCIDENT, Kind.LOGBOEK, Kind.TIJDLIJN, Kind.QUARANTAINE}),
        (ELSEWHERE, set(), set(Kind)),
    ],
)
def test_each_function_sees_its_own_part_of_a_confirmed_incident(
    actor: Actor, sees: set[Kind], sees_not: set[Kind]
) -> None:
    seen = sharing.sees(actor, _subject(REPORTED, CONFIRMED))
    assert sees <= seen
    assert not sees_not & seen


@pytest.mark.parametrize("partner", [REGION, POLICE, PROSECUTOR])
@pytest.mark.parametrize(
    ("events", "visible"),
    [
        ((), False),
        ((REPORTED,), False),
        ((CONFIRMED,), False),
        ((REPORTED, CONFIRMED), True),
        ((STARTED,), True),
        ((REPORTED, CONFIRMED, CONFIRMED.model_copy(update={"status": Status.AFGESLOTEN})), True),
        ((REPORTED, CONFIRMED.model_copy(update={"status": Status.AFGESLOTEN})), False),
        ((CONFIRMED.model_copy(update={"status": Status.CRISIS}),), True),
    ],
)
def test_partners_see_what_a_person_confirmed_and_what_has_effects(
    partner: Actor, events: tuple[facts.AnyIncidentEvent, ...], *, visible: bool
) -> None:
    assert sharing.may(partner, Kind.INCIDENT, _subject(*events)) is visible


@pytest.mark.parametrize(
    ("tlp", "own", "partner"),
    [
        (Tlp.CLEAR, True, True),
        (Tlp.GREEN, True, True),
        (Tlp.AMBER, True, True),
        (Tlp.AMBER_STRICT, True, False),
        (Tlp.RED, False, False),
    ],
)
def test_the_label_decides_before_the_table(tlp: Tlp, *, own: bool, partner: bool) -> None:
    subject = _subject(REPORTED, CONFIRMED, tlp=tlp)
    assert sharing.may(MAYOR, Kind.INCIDENT, subject) is own
    assert sharing.may(REGION, Kind.INCIDENT, subject) is partner
    assert sharing.may(CISO, Kind.INCIDENT, subject)


def test_red_is_for_named_functions_only() -> None:
    lane = facts.LijnToegewezen(lane=Lane.EFFECT, organisation="gemeente:GM0344", function="burgemeester")
    assert sharing.may(MAYOR, Kind.INCIDENT, _subject(lane, tlp=Tlp.RED))
    assert not sharing.may(an_actor(Function.FG), Kind.INCIDENT, _subject(lane, tlp=Tlp.RED))


@pytest.mark.parametrize(
    ("actor", "act", "allowed"),
    [
        (CISO, Act.SIGNIFICANTIE, True),
        (CISO, Act.CRISIS, True),
        (CISO, Act.ONTWRICHTING, False),
        (MAYOR, Act.ONTWRICHTING, True),
        (MAYOR, Act.SIGNIFICANTIE, False),
        (an_actor(Function.FG), Act.SIGNIFICANTIE, False),
        (an_actor(Function.FG), Act.KENNISNAME, True),
        (an_actor(Function.COMMUNICATIE), Act.MELDEN, True),
        (ADMIN, Act.MELDEN, False),
        (ADMIN, Act.ACCOUNTS, True),
        (POLICE, Act.TAAK, True),
        (POLICE, Act.CRISIS, False),
        (ELSEWHERE, Act.ERNST, False),
        (ELSEWHERE, Act.MELDEN, False),
    ],
)
def test_each_function_does_its_own_acts(actor: Actor, act: Act, *, allowed: bool) -> None:
    assert sharing.may(actor, act, _subject(REPORTED, CONFIRMED)) is allowed


@pytest.mark.parametrize("function", sorted(sharing.FACILITATORS))
def test_facilitators_see_an_exercise_and_nothing_live(function: Function) -> None:
    facilitator = an_actor(function, "vr:VR09")
    assert sharing.sees(facilitator, _subject(REPORTED, CONFIRMED)) == frozenset()
    assert sharing.does(facilitator, _subject(REPORTED, CONFIRMED)) == frozenset()
    assert Kind.INCIDENT in sharing.sees(facilitator, _subject(exercise=True))


def test_players_see_no_script_in_an_exercise() -> None:
    players = (CISO, MAYOR, REGION, POLICE)
    assert not any(sharing.may(player, Kind.SCRIPT, _subject(exercise=True)) for player in players)


def test_hidden_fields_are_emptied_and_the_rest_stays() -> None:
    incident = an_incident(REPORTED, CONFIRMED)
    subject = sharing.of_incident(incident, parties=PARTIES)
    seen = sharing.visible_incident(MAYOR, subject, incident)
    assert isinstance(seen, Incident)
    assert (seen.rules, seen.rsit, seen.intent_suspected) == ((), None, "onbekend")
    assert seen.effects == ("openbare-orde",)
    assert sharing.visible_incident(CISO, subject, incident) == incident
    assert sharing.visible_incident(ADMIN, subject, incident) is None


def test_a_room_is_shared_by_those_who_see_the_same_and_by_nobody_else() -> None:
    subject = _subject(REPORTED, CONFIRMED)
    assert sharing.rights_class(MAYOR, subject) == sharing.rights_class(an_actor(Function.OOV), subject)
    assert sharing.rights_class(MAYOR, subject) != sharing.rights_class(CISO, subject)
    assert sharing.rights_class(REGION, subject) != sharing.rights_class(POLICE, subject)
    assert sharing.rights_class(REGION, subject) != sharing.rights_class(REGION, _subject())


def test_an_administrator_of_any_organisation_manages_its_own_accounts_only() -> None:
    admin = an_actor(Function.BEHEERDER, "politie:RE03")
    assert sharing.may(admin, Act.ACCOUNTS, sharing.of_organisation("politie:RE03"))
    assert not sharing.may(admin, Act.ACCOUNTS, sharing.of_organisation("gemeente:GM0344", parties=PARTIES))


def test_scaling_down_asks_for_the_right_over_the_state_that_is_left() -> None:
    state = an_incident(CONFIRMED.model_copy(update={"status": Status.ONTWRICHTING}))
    down = commands.MoveStatus(
        at=DINSDAG_0900,
        status=Status.BEVESTIGD,
        owner_organisation="gemeente:GM0344",
        owner_function="ciso",
        reason="Hersteld",
    )
    assert needed(state, down) == {Act.ONTWRICHTING, Act.DUIDEN}
    entry = commands.WriteEntry(at=DINSDAG_0900, entry="feit", text="Gebeld")
    assert needed(state, entry) == {Act.LOGBOEKREGEL}


def test_a_merge_proposal_is_technical() -> None:
    proposal = facts.SamenvoegingVoorgesteld(other_incident=an_id(2), rule=a_rule())
    incident = an_incident(REPORTED, CONFIRMED, proposal)
    seen = sharing.visible_incident(REGION, sharing.of_incident(incident, parties=PARTIES), incident)
    assert seen is not None
    assert seen.merges == ()
