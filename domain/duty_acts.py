"""Acts under a statutory regime: since when did you know, does the duty apply, was it submitted."""

from datetime import timedelta

from domain import commands, refusals
from domain.checks import Vocabulary, given_reason, refuse_future, refuse_merged
from domain.duties.localtime import HERE
from domain.events import incident as facts
from domain.incidents import Incident

DutyCommand = commands.RecordAwareness | commands.DecideSignificance | commands.RecordSubmission
KNOWN_BEFORE_SIGNAL = timedelta(hours=24)
"""People may know this long before our first signal ("de mail stond er al"); longer ago needs a report that says so."""
DutyFact = facts.KennisnameVastgesteld | facts.SignificantieBesloten | facts.MeldplichtIngediend


def decide_duty(state: Incident, command: DutyCommand, known: Vocabulary) -> tuple[DutyFact, ...]:
    """Duties outlive closing: the law's clocks run on, so only a merged incident refuses."""
    refuse_merged(state)
    match command:
        case commands.RecordAwareness():
            return _awareness(state, command, known)
        case commands.DecideSignificance():
            return _significance(state, command, known)
        case commands.RecordSubmission():
            return _submission(state, command, known)


def _awareness(
    state: Incident, command: commands.RecordAwareness, known: Vocabulary
) -> tuple[facts.KennisnameVastgesteld, ...]:
    if command.regime not in known.regimes:
        raise refusals.RegimeUnknownError
    refuse_future(command.aware_at, command.at)
    if command.aware_at < state.first_signal_at - KNOWN_BEFORE_SIGNAL:
        raise refusals.MomentBeforeIncidentError
    exists_from = known.in_force.get(command.regime)
    if exists_from is not None and command.aware_at.astimezone(HERE).date() < exists_from:
        raise refusals.MomentBeforeLawError
    return (
        facts.KennisnameVastgesteld(
            regime=command.regime,
            aware_at=command.aware_at,
            reason=given_reason(command.reason),
            happened_at=command.happened_at,
        ),
    )


def _significance(
    state: Incident, command: commands.DecideSignificance, known: Vocabulary
) -> tuple[facts.SignificantieBesloten, ...]:
    if command.regime not in known.regimes:
        raise refusals.RegimeUnknownError
    if command.outcome == "ja" and command.regime not in state.awareness:
        raise refusals.AwarenessMissingError
    if command.outcome == "ja" and not command.grounds:
        raise refusals.GroundsMissingError
    return (
        facts.SignificantieBesloten(
            regime=command.regime,
            outcome=command.outcome,
            grounds=command.grounds,
            reason=given_reason(command.reason),
            happened_at=command.happened_at,
        ),
    )


def _submission(
    state: Incident, command: commands.RecordSubmission, known: Vocabulary
) -> tuple[facts.MeldplichtIngediend, ...]:
    """A late submission is never refused; AVG 33(1) asks for the reason, it does not forbid.

    One report may meet several duties at once: each is recorded as met, at the same moment.
    """
    met = tuple(dict.fromkeys((command.obligation, *command.also)))
    if any(each not in known.obligations for each in met):
        raise refusals.ObligationUnknownError
    if any(each in state.submissions for each in met):
        raise refusals.AlreadySubmittedError
    refuse_future(command.submitted_at, command.at)
    if command.submitted_at < state.first_signal_at - KNOWN_BEFORE_SIGNAL:
        raise refusals.SubmittedTooEarlyError
    reference = (command.reference or "").strip()
    if not reference and any(each in known.referenced for each in met):
        raise refusals.ReferenceMissingError
    return tuple(
        facts.MeldplichtIngediend(
            obligation=each,
            submitted_at=command.submitted_at,
            reference=reference or None,
            delay_reason=(command.delay_reason or "").strip() or None,
            happened_at=command.happened_at,
        )
        for each in met
    )
