"""Recording awareness and submissions: what cannot be true is refused, what is late is not, corrections are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import commands, refusals
from domain.acts import decide
from domain.checks import Vocabulary
from domain.errors import DriehoekError
from domain.incidents import Incident, evolve
from tests.builders import DINSDAG_0900, PARTIES, an_incident, recorded
from tests.unit.domain.duties.test_vectors import REGIMES

KNOWN = Vocabulary(
    regimes=REGIMES.regime_ids(),
    obligations=REGIMES.obligation_ids(),
    organisations=PARTIES,
    playbooks=(),
    in_force=REGIMES.in_force(),
    referenced=REGIMES.referenced(),
)
SENT = commands.RecordSubmission(
    at=DINSDAG_0900, obligation="cbw.early_warning", submitted_at=DINSDAG_0900, reference="M-1"
)
AWARE = commands.RecordAwareness(at=DINSDAG_0900, regime="cbw", aware_at=DINSDAG_0900, reason="Gebeld")
HOUR = timedelta(hours=1)


def _after(state: Incident, *acts: commands.AnyCommand) -> Incident:
    for act in acts:
        for event in decide(state, act, known=KNOWN):
            state = evolve(state, recorded(event, state.version + 1)) or state
    return state


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (replace(AWARE, aware_at=DINSDAG_0900 + HOUR), refusals.MomentInFutureError),
        (replace(AWARE, aware_at=DINSDAG_0900 - 48 * HOUR), refusals.MomentBeforeIncidentError),
        (replace(SENT, submitted_at=DINSDAG_0900 + HOUR), refusals.MomentInFutureError),
        (replace(SENT, submitted_at=DINSDAG_0900 - 48 * HOUR), refusals.SubmittedTooEarlyError),
        (replace(SENT, reference=None), refusals.ReferenceMissingError),
        (replace(SENT, reference="  "), refusals.ReferenceMissingError),
        (replace(SENT, also=("cbw.x",)), refusals.ObligationUnknownError),
    ],
)
def test_what_cannot_be_true_is_refused(command: commands.AnyCommand, refusal: type[DriehoekError]) -> None:
    with pytest.raises(refusal):
        decide(an_incident(), command, known=KNOWN)


def test_nobody_was_aware_under_a_law_that_did_not_exist() -> None:
    before = datetime(2026, 8, 14, 21, 59, tzinfo=UTC)
    old = an_incident().model_copy(update={"first_signal_at": before})
    with pytest.raises(refusals.MomentBeforeLawError):
        decide(old, replace(AWARE, aware_at=before), known=KNOWN)
    assert decide(old, replace(AWARE, aware_at=before + timedelta(minutes=1)), known=KNOWN)
    assert decide(old, replace(AWARE, regime="gdpr", aware_at=before), known=KNOWN)


def test_one_report_meets_several_duties_at_one_moment() -> None:
    state = _after(an_incident(), replace(SENT, also=("cbw.notification", "cbw.early_warning")))
    assert state.submissions == {"cbw.early_warning": DINSDAG_0900, "cbw.notification": DINSDAG_0900}
    with pytest.raises(refusals.AlreadySubmittedError):
        decide(state, replace(SENT, obligation="cbw.final", also=("cbw.notification",)), known=KNOWN)


def test_informing_people_has_no_reference() -> None:
    assert decide(an_incident(), replace(SENT, obligation="gdpr.inform_subjects", reference=None), known=KNOWN)


def test_a_correction_keeps_the_moments_before_it() -> None:
    state = _after(an_incident(), AWARE, replace(AWARE, aware_at=DINSDAG_0900 - HOUR), replace(AWARE, regime="gdpr"))
    assert state.awareness["cbw"].aware_at == DINSDAG_0900 - HOUR
    assert state.awareness["cbw"].earlier == (DINSDAG_0900,)
    assert state.awareness["gdpr"].earlier == ()


def test_a_reason_for_the_delay_is_known_by_obligation() -> None:
    state = _after(
        an_incident(), replace(SENT, delay_reason="Portaal lag stil"), replace(SENT, obligation="cbw.notification")
    )
    assert state.delays_explained == {"cbw.early_warning"}
