"""What a person may ask of an incident, and what is refused with which words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import commands, refusals
from domain.acts import decide
from domain.checks import Vocabulary
from domain.commands import AnyCommand, Opening
from domain.errors import DriehoekError
from domain.events import incident as facts
from domain.incidents import Incident, evolve
from domain.opening import join_by_report, open_by_report, propose_merge
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from tests.builders import DINSDAG_0900, PARTIES, a_report, a_rule, an_id, an_incident, minutes, recorded

WORDS = Vocabulary(
    regimes={"cbw", "gdpr"},
    obligations={"cbw.early_warning"},
    organisations=PARTIES,
    playbooks={"leverancier"},
)
CISO = ("gemeente:GM0344", "ciso")


def _move(status: Status, *, owner: tuple[str, str] = CISO, reason: str = "Bevestigd door leverancier") -> AnyCommand:
    return commands.MoveStatus(
        at=DINSDAG_0900, status=status, owner_organisation=owner[0], owner_function=owner[1], reason=reason
    )


def _after(state: Incident, *asked: AnyCommand) -> Incident:
    for command in asked:
        for event in decide(state, command, known=WORDS):
            state = evolve(state, recorded(event, state.version + 1)) or state
    return state


@pytest.mark.parametrize(
    "path",
    [
        (Status.BEVESTIGD, Status.CRISIS, Status.ONTWRICHTING, Status.AFGESLOTEN),
        (Status.CRISIS,),
        (Status.CRISIS, Status.BEVESTIGD),
        (Status.BEVESTIGD, Status.TE_DUIDEN),
        (Status.AFGESLOTEN, Status.BEVESTIGD),
    ],
)
def test_a_person_moves_the_status_and_names_the_owner(path: tuple[Status, ...]) -> None:
    state = _after(an_incident(), *(_move(status) for status in path))
    assert state.status is path[-1]
    assert state.owner is not None
    assert (state.owner.organisation, state.owner.function) == CISO
    assert (state.closed_at is None) is path[-1].is_open


def test_the_same_status_may_get_another_owner() -> None:
    state = _after(an_incident(), _move(Status.CRISIS), _move(Status.CRISIS, owner=("vr:VR09", "coordinator")))
    assert state.owner is not None
    assert state.owner.organisation == "vr:VR09"


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (_move(Status.CRISIS, reason="  "), refusals.ReasonMissingError),
        (_move(Status.CRISIS, owner=("", "")), refusals.OwnerMissingError),
        (_move(Status.CRISIS, owner=("gemeente:GM0001", "ciso")), refusals.OwnerUnknownError),
        (_move(Status.SAMENGEVOEGD), refusals.StatusNotChosenError),
        (
            commands.RecordAwareness(
                at=DINSDAG_0900, regime="cbw", aware_at=DINSDAG_0900 + minutes(1), reason="Leverancier belde"
            ),
            refusals.MomentInFutureError,
        ),
        (
            commands.RecordAwareness(at=DINSDAG_0900, regime="dora", aware_at=DINSDAG_0900, reason="Belde"),
            refusals.RegimeUnknownError,
        ),
        (
            commands.DecideSignificance(
                at=DINSDAG_0900, regime="cbw", outcome="ja", grounds=("uitval-4-uur",), reason="Duurt te lang"
            ),
            refusals.AwarenessMissingError,
        ),
        (
            commands.RecordSubmission(at=DINSDAG_0900, obligation="cbw.onbekend", submitted_at=DINSDAG_0900),
            refusals.ObligationUnknownError,
        ),
        (
            commands.DecideMerge(at=DINSDAG_0900, other_incident=an_id(7), accepted=True, reason="Zelfde storing"),
            refusals.MergeNotProposedError,
        ),
        (
            commands.StartPlaybook(at=DINSDAG_0900, playbook_id="onbekend", execution_id=an_id(8)),
            refusals.PlaybookUnknownError,
        ),
        (commands.WriteEntry(at=DINSDAG_0900, entry="feit", text=" "), refusals.TextMissingError),
        (commands.WriteEntry(at=DINSDAG_0900, entry="feit", text="Nee", corrects=9), refusals.NothingToCorrectError),
        (
            commands.SetSeverity(
                at=DINSDAG_0900, happened_at=DINSDAG_0900 + minutes(9), severity=Severity.ERNSTIG, reason="Erger"
            ),
            refusals.MomentInFutureError,
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(command: AnyCommand, refusal: type[DriehoekError]) -> None:
    with pytest.raises(refusal) as caught:
        decide(an_incident(), command, known=WORDS)
    assert caught.value.message.endswith(".")


def test_a_yes_on_significance_needs_awareness_first_and_grounds() -> None:
    aware = commands.RecordAwareness(at=DINSDAG_0900, regime="cbw", aware_at=DINSDAG_0900 - minutes(6), reason="Belde")
    yes = commands.DecideSignificance(
        at=DINSDAG_0900, regime="cbw", outcome="ja", grounds=("uitval-4-uur",), reason="Duurt de hele dag"
    )
    state = _after(an_incident(), aware, yes)
    assert state.significance["cbw"].outcome == "ja"
    assert state.awareness["cbw"].aware_at == DINSDAG_0900 - minutes(6)
    with pytest.raises(refusals.GroundsMissingError):
        decide(state, replace(yes, grounds=()), known=WORDS)


def test_a_no_on_significance_needs_a_reason_and_no_awareness() -> None:
    no = commands.DecideSignificance(at=DINSDAG_0900, regime="gdpr", outcome="nee", reason="Geen persoonsgegevens")
    assert _after(an_incident(), no).significance["gdpr"].outcome == "nee"
    with pytest.raises(refusals.ReasonMissingError):
        decide(an_incident(), replace(no, reason=""), known=WORDS)


def test_awareness_is_corrected_by_recording_it_again() -> None:
    first = commands.RecordAwareness(at=DINSDAG_0900, regime="cbw", aware_at=DINSDAG_0900, reason="Nu gezien")
    later = replace(first, aware_at=DINSDAG_0900 - timedelta(hours=2), reason="Mail stond er al")
    assert _after(an_incident(), first, later).awareness["cbw"].aware_at == DINSDAG_0900 - timedelta(hours=2)


def test_a_submission_is_recorded_once() -> None:
    sent = commands.RecordSubmission(at=DINSDAG_0900, obligation="cbw.early_warning", submitted_at=DINSDAG_0900)
    state = _after(an_incident(), sent)
    with pytest.raises(refusals.AlreadySubmittedError):
        decide(state, sent, known=WORDS)


def test_duties_and_logbook_go_on_after_closing_and_the_rest_does_not() -> None:
    closed = _after(an_incident(), _move(Status.AFGESLOTEN))
    _after(closed, commands.RecordAwareness(at=DINSDAG_0900, regime="cbw", aware_at=DINSDAG_0900, reason="Belde"))
    _after(closed, commands.WriteEntry(at=DINSDAG_0900, entry="feit", text="Evaluatie gedaan", corrects=1))
    with pytest.raises(refusals.IncidentIsClosedError):
        decide(closed, commands.SetRole(at=DINSDAG_0900, role=MunicipalRole.SLACHTOFFER, reason="x"), known=WORDS)


def test_a_lane_gets_one_owner_and_a_later_one_replaces_it() -> None:
    lane = commands.AssignLane(at=DINSDAG_0900, lane=Lane.BRON, organisation=CISO[0], function=CISO[1])
    state = _after(an_incident(), lane, replace(lane, function="gemeentesecretaris"))
    assert state.lanes[Lane.BRON].function == "gemeentesecretaris"


def test_a_playbook_starts_once() -> None:
    start = commands.StartPlaybook(at=DINSDAG_0900, playbook_id="leverancier", execution_id=an_id(8))
    state = _after(an_incident(), start)
    with pytest.raises(refusals.PlaybookRunsError):
        decide(state, replace(start, execution_id=an_id(9)), known=WORDS)


def test_a_merge_is_proposed_once_decided_once_and_never_with_itself() -> None:
    one, other = an_incident(number=1), an_incident(number=2)
    (proposal,) = propose_merge(one, other, a_rule())
    one = evolve(one, recorded(proposal, one.version + 1)) or one
    assert propose_merge(one, other, a_rule()) == ()
    assert propose_merge(other, one, a_rule()) == ()
    assert propose_merge(one, one, a_rule()) == ()
    sure = a_rule().model_copy(update={"rule": "zeker"})
    (firmer,) = propose_merge(one, other, sure, firm={"zeker"})
    one = evolve(one, recorded(firmer, one.version + 1)) or one
    assert [merge.rule.rule for merge in one.merges] == ["zeker"]
    assert propose_merge(one, other, sure, firm={"zeker"}) == ()
    assert propose_merge(one, other, a_rule(), firm={"zeker"}) == ()
    accept = commands.DecideMerge(at=DINSDAG_0900, other_incident=an_id(2), accepted=True, reason="Zelfde storing")
    declined = _after(one, replace(accept, accepted=False))
    assert declined.status is Status.TE_DUIDEN
    with pytest.raises(refusals.MergeDecidedError):
        decide(declined, accept, known=WORDS)
    merged = _after(one, accept)
    assert (merged.status, merged.merged_into) == (Status.SAMENGEVOEGD, an_id(2))
    with pytest.raises(refusals.IncidentIsMergedError):
        decide(merged, _move(Status.BEVESTIGD), known=WORDS)


def test_a_report_opens_an_incident_that_is_still_to_be_interpreted() -> None:
    report = a_report(happened_at=DINSDAG_0900 - minutes(30))
    opening = Opening(
        incident_id=an_id(3), number="INC-2026-0003", severity=report.severity, first_at=report.discovered_at
    )
    opened, received = open_by_report(report, opening)
    state = evolve(evolve(None, recorded(opened)), recorded(received, 2))
    assert state is not None
    assert state.status is Status.TE_DUIDEN
    assert state.report_count == 1
    assert opened.happened_at == DINSDAG_0900 - minutes(30)
    assert isinstance(opened, facts.IncidentGeopend)
    assert opened.title == "Inloggen burgerzaken werkt niet"


def test_a_report_joins_an_open_incident_and_never_lowers_severity() -> None:
    state = an_incident()
    (joined,) = join_by_report(state, a_report(severity=Severity.WAAKZAAM))
    after = evolve(state, recorded(joined, 2))
    assert after is not None
    assert after.severity is Severity.VERSTOORD
    with pytest.raises(refusals.IncidentIsClosedError):
        join_by_report(_after(state, _move(Status.AFGESLOTEN)), a_report())
