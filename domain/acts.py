"""Acts on an incident: `decide` turns a command into facts or refuses. It knows no clock, no database, no rights.

The same command on the same state always gives the same facts. Rights are checked before, by `domain/sharing.py`.
"""

from domain import commands, refusals
from domain.checks import Vocabulary, given_reason, refuse_closed, refuse_future, refuse_merged, refuse_unknown_owner
from domain.commands import AnyCommand
from domain.duty_acts import decide_duty
from domain.events import incident as facts
from domain.incidents import Incident, MergeProposal
from domain.status import Status


def decide(  # noqa: C901 - one case a command, the type checker names a forgotten one
    state: Incident, command: AnyCommand, *, known: Vocabulary
) -> tuple[facts.AnyIncidentEvent, ...]:
    """Facts that follow from this command, or a refusal from `domain/refusals.py`."""
    if command.happened_at is not None:
        refuse_future(command.happened_at, command.at)
    match command:
        case commands.SetSeverity(severity=severity, reason=reason):
            refuse_closed(state)
            moment = command.happened_at
            return (facts.ErnstBepaald(severity=severity, reason=given_reason(reason), happened_at=moment),)
        case commands.MoveStatus():
            return _move(state, command, known)
        case commands.SetRole(role=role, reason=reason):
            refuse_closed(state)
            return (facts.RolBepaald(role=role, reason=given_reason(reason), happened_at=command.happened_at),)
        case commands.AssignLane():
            return _assign(state, command, known)
        case commands.RecordAwareness() | commands.DecideSignificance() | commands.RecordSubmission():
            return decide_duty(state, command, known)
        case commands.DecideMerge():
            return _merge(state, command)
        case commands.StartPlaybook():
            return _start(state, command, known)
        case commands.WriteEntry():
            return _entry(state, command)


def _move(state: Incident, command: commands.MoveStatus, known: Vocabulary) -> tuple[facts.StatusGewijzigd, ...]:
    refuse_merged(state)
    if command.status is Status.SAMENGEVOEGD:
        raise refusals.StatusNotChosenError
    refuse_unknown_owner(command.owner_organisation, command.owner_function, known)
    owner = (state.owner.organisation, state.owner.function) if state.owner else None
    if (command.status, (command.owner_organisation, command.owner_function)) == (state.status, owner):
        raise refusals.StatusUnchangedError
    return (
        facts.StatusGewijzigd(
            status=command.status,
            owner_organisation=command.owner_organisation,
            owner_function=command.owner_function,
            reason=given_reason(command.reason),
            happened_at=command.happened_at,
        ),
    )


def _assign(state: Incident, command: commands.AssignLane, known: Vocabulary) -> tuple[facts.LijnToegewezen, ...]:
    refuse_closed(state)
    refuse_unknown_owner(command.organisation, command.function, known)
    return (
        facts.LijnToegewezen(
            lane=command.lane,
            organisation=command.organisation,
            function=command.function,
            happened_at=command.happened_at,
        ),
    )


def _merge(state: Incident, command: commands.DecideMerge) -> tuple[facts.SamenvoegingBesloten, ...]:
    refuse_closed(state)
    proposal = proposed(state, command)
    if proposal.accepted is not None:
        raise refusals.MergeDecidedError
    return (
        facts.SamenvoegingBesloten(
            other_incident=command.other_incident,
            accepted=command.accepted,
            reason=given_reason(command.reason),
            happened_at=command.happened_at,
        ),
    )


def proposed(state: Incident, command: commands.DecideMerge) -> MergeProposal:
    """The proposal this decision is about. Raises MergeNotProposedError."""
    for merge in state.merges:
        if merge.other_incident == command.other_incident:
            return merge
    raise refusals.MergeNotProposedError


def _start(state: Incident, command: commands.StartPlaybook, known: Vocabulary) -> tuple[facts.DraaiboekGestart, ...]:
    refuse_closed(state)
    if command.playbook_id not in known.playbooks:
        raise refusals.PlaybookUnknownError
    if any(p.playbook_id == command.playbook_id and p.execution_id for p in state.playbooks):
        raise refusals.PlaybookRunsError
    return (
        facts.DraaiboekGestart(
            playbook_id=command.playbook_id, execution_id=command.execution_id, happened_at=command.happened_at
        ),
    )


def _entry(state: Incident, command: commands.WriteEntry) -> tuple[facts.LogboekregelGeschreven, ...]:
    """The logbook stays open after closing: evaluation and corrections come later."""
    if not command.text.strip():
        raise refusals.TextMissingError
    if command.corrects is not None and not 1 <= command.corrects <= state.version:
        raise refusals.NothingToCorrectError
    return (
        facts.LogboekregelGeschreven(
            entry=command.entry, text=command.text.strip(), corrects=command.corrects, happened_at=command.happened_at
        ),
    )
