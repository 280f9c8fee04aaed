"""Acts under a statutory regime: since when did you know, does the duty apply, was it submitted."""

from domain import commands, refusals
from domain.checks import Vocabulary, given_reason, refuse_future, refuse_merged
from domain.events import incident as facts
from domain.incidents import Incident

DutyCommand = commands.RecordAwareness | commands.DecideSignificance | commands.RecordSubmission
DutyFact = facts.KennisnameVastgesteld | facts.SignificantieBesloten | facts.MeldplichtIngediend


def decide_duty(state: Incident, command: DutyCommand, known: Vocabulary) -> tuple[DutyFact, ...]:
    """Duties outlive closing: the law's clocks run on, so only a merged incident refuses."""
    refuse_merged(state)
    match command:
        case commands.RecordAwareness():
            return _awareness(command, known)
        case commands.DecideSignificance():
            return _significance(state, command, known)
        case commands.RecordSubmission():
            return _submission(state, command, known)


def _awareness(command: commands.RecordAwareness, known: Vocabulary) -> tuple[facts.KennisnameVastgesteld, ...]:
    if command.regime not in known.regimes:
        raise refusals.RegimeUnknownError
    refuse_future(command.aware_at, command.at)
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
    """A late submission is never refused; AVG 33(1) asks for the reason, it does not forbid."""
    if command.obligation not in known.obligations:
        raise refusals.ObligationUnknownError
    if command.obligation in state.submissions:
        raise refusals.AlreadySubmittedError
    refuse_future(command.submitted_at, command.at)
    return (
        facts.MeldplichtIngediend(
            obligation=command.obligation,
            submitted_at=command.submitted_at,
            reference=command.reference or None,
            delay_reason=command.delay_reason or None,
            happened_at=command.happened_at,
        ),
    )
