"""Which rights of the sharing policy a command asks for."""

from collections.abc import Mapping

from domain import commands
from domain.commands import AnyCommand
from domain.incidents import Incident
from domain.sharing_table import Act
from domain.status import Status

_STATUS: Mapping[Status, Act] = {
    Status.TE_DUIDEN: Act.DUIDEN,
    Status.BEVESTIGD: Act.DUIDEN,
    Status.CRISIS: Act.CRISIS,
    Status.ONTWRICHTING: Act.ONTWRICHTING,
    Status.AFGESLOTEN: Act.AFSLUITEN,
    Status.SAMENGEVOEGD: Act.SAMENVOEGEN,
}

_ACTS: Mapping[type[AnyCommand], Act] = {
    commands.SetSeverity: Act.ERNST,
    commands.SetRole: Act.ROL,
    commands.AssignLane: Act.LIJN,
    commands.RecordAwareness: Act.KENNISNAME,
    commands.DecideSignificance: Act.SIGNIFICANTIE,
    commands.RecordSubmission: Act.INDIENEN,
    commands.DecideMerge: Act.SAMENVOEGEN,
    commands.StartPlaybook: Act.DRAAIBOEK,
    commands.WriteEntry: Act.LOGBOEKREGEL,
}


def needed(state: Incident, command: AnyCommand) -> frozenset[Act]:
    """All acts that this command needs. Scaling down asks for the right over the state it leaves, too."""
    if isinstance(command, commands.MoveStatus):
        return frozenset({_STATUS[state.status], _STATUS[command.status]})
    return frozenset({_ACTS[type(command)]})
