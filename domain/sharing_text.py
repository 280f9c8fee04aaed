"""Which texts beside the log a viewer may read. States and moments follow `domain/sharing.py`; texts are narrower."""

from domain import sharing
from domain.events.core import Recorded, RuleUsed, beside_fields
from domain.events.incident import LogboekregelGeschreven, MeldingOntvangen
from domain.parties import Actor, Party, party_of
from domain.sharing import Subject
from domain.sharing_table import Kind

WITHHELD = "niet zichtbaar in uw functie"
"""What is read where a text stands that this viewer may not read."""

_CRIMINAL_LAW = frozenset({Party.POLITIE, Party.OM})


def may_read(actor: Actor, subject: Subject, recorded: Recorded, field: str) -> bool:
    """Whether this actor may read this text of this fact.

    Own words always. Words of police and prosecution stay with police and prosecution, except a message (`bericht`)
    and the answer to a task, which are meant for the others.
    """
    if recorded.by.organisation == actor.organisation:
        return sharing.may(actor, Kind.TIJDLIJN, subject)
    if isinstance(recorded.event, MeldingOntvangen) and field == "contact":
        return sharing.may(actor, Kind.PERSOON, subject)
    if _party(recorded) in _CRIMINAL_LAW and not _for_others(recorded):
        return sharing.may(actor, Kind.STRAF, subject) and party_of(actor.organisation) in _CRIMINAL_LAW
    return sharing.may(actor, Kind.LOGBOEK, subject)


def readable(actor: Actor, subject: Subject, recorded: Recorded) -> Recorded:
    """The fact with texts this actor may not read as `WITHHELD`, and without technical inputs of rules."""
    event = recorded.event
    hidden: dict[str, object] = {
        name: WITHHELD
        for name in beside_fields(type(event))
        if getattr(event, name) is not None and not may_read(actor, subject, recorded, name)
    }
    rule = getattr(event, "rule", None)
    if isinstance(rule, RuleUsed) and not sharing.may(actor, Kind.TECHNIEK, subject):
        hidden["rule"] = rule.model_copy(update={"inputs": {}, "explanation": WITHHELD})
    return recorded.model_copy(update={"event": event.model_copy(update=hidden)}) if hidden else recorded


def _party(recorded: Recorded) -> Party | None:
    try:
        return party_of(recorded.by.organisation)
    except ValueError:  # the machine itself
        return None


def _for_others(recorded: Recorded) -> bool:
    event = recorded.event
    return event.kind == "execution" or (isinstance(event, LogboekregelGeschreven) and event.entry == "bericht")
