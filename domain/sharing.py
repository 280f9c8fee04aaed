"""Who may see and do what: one table (relation × function × kind) with three gates (shared, TLP, exercise).

Pages, API and websocket all ask here. The sources are facts of the field: who decides what (Politiewet 11-13, Wvr 39,
Cbw 24, AVG 38-39), the mayor without technical indicators, police and prosecution data with police and prosecution.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from domain.incidents import Incident
from domain.parties import Actor, Function, Party, party_of
from domain.sharing_table import DOES, SEES, Act, Kind, Relation
from domain.status import Status
from domain.tlp import Tlp

FACILITATORS = frozenset({Function.OEFENLEIDER, Function.RESPONSCEL, Function.WAARNEMER})
"""They exist in an exercise only; in a live instance they see and do nothing."""

INCIDENT_KINDS = frozenset(
    {
        Kind.INCIDENT,
        Kind.EFFECTEN,
        Kind.TECHNIEK,
        Kind.PLICHTEN,
        Kind.LOGBOEK,
        Kind.TIJDLIJN,
        Kind.TAKEN,
        Kind.PERSOON,
        Kind.STRAF,
    }
)
"""Kinds that are about one incident, so that TLP and sharing decide too."""

ORGANISATION_ACTS = frozenset({Act.MELDEN, Act.REGISTER, Act.ACCOUNTS, Act.OPNIEUW_AANBIEDEN, Act.OEFENING_LEIDEN})
"""Acts that are about no incident."""

RELATIONS: Mapping[Party, Relation] = {
    Party.VEILIGHEIDSREGIO: Relation.REGIO,
    Party.POLITIE: Relation.POLITIE,
    Party.OM: Relation.OM,
}

HIDDEN: Mapping[Kind, frozenset[str]] = {
    Kind.EFFECTEN: frozenset({"effects", "services"}),
    Kind.TECHNIEK: frozenset({"rsit", "rules", "suppliers", "signal_count", "merges"}),
    Kind.PLICHTEN: frozenset({"awareness", "significance", "submissions", "warnings_given", "personal_data"}),
    Kind.STRAF: frozenset({"intent_suspected"}),
}
"""Fields of an incident that go with a kind; what is not named here goes with `incident`."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What an act or a look is about.

    `owner` is the organisation whose thing it is, `parties` those that take part, `named` the functions that a
    TLP:RED incident may go to, as (organisation, function).
    """

    owner: str
    parties: frozenset[str] = frozenset()
    tlp: Tlp = Tlp.AMBER
    shared: bool = False
    named: frozenset[tuple[str, str]] = frozenset()
    exercise: bool = False


def of_organisation(organisation: str, *, parties: Collection[str] = (), exercise: bool = False) -> Subject:
    """Things of an organisation itself: accounts, register, quarantine, an overview."""
    return Subject(owner=organisation, parties=frozenset(parties), shared=True, tlp=Tlp.GREEN, exercise=exercise)


def of_incident(incident: Incident, *, parties: Collection[str], exercise: bool = False) -> Subject:
    """An incident of a municipality; `parties` are the organisations of its cyberdriehoek."""
    owner = f"{Party.GEMEENTE}:{incident.municipality}"
    owners = [o for o in (incident.owner, *incident.lanes.values()) if o is not None]
    named = {(o.organisation, o.function) for o in owners} | {(owner, Function.CISO.value)}
    return Subject(
        owner=owner,
        parties=frozenset(parties),
        tlp=incident.tlp,
        shared=is_shared(incident),
        named=frozenset(named),
        exercise=exercise,
    )


def is_shared(incident: Incident) -> bool:
    """Whether the partners see it: a person confirmed it and it has effects, or confirmed a playbook for it."""
    if any(playbook.execution_id for playbook in incident.playbooks):
        return True
    if incident.status in (Status.CRISIS, Status.ONTWRICHTING):
        return True
    return incident.confirmed_at is not None and bool(incident.effects)


def relation(actor: Actor, subject: Subject) -> Relation:
    """How the organisation that somebody acts for relates to the subject."""
    if actor.organisation == subject.owner:
        return Relation.EIGEN
    if actor.organisation in subject.parties:
        return RELATIONS.get(party_of(actor.organisation), Relation.ANDERS)
    return Relation.ANDERS


def may(actor: Actor, what: Act | Kind, subject: Subject) -> bool:
    """Whether this actor, in the active function, may do or see this."""
    about_incident = what in INCIDENT_KINDS or (isinstance(what, Act) and what not in ORGANISATION_ACTS)
    if actor.function in FACILITATORS:
        return subject.exercise and what in _table(what, Relation.EIGEN, actor.function)
    how = relation(actor, subject)
    if what not in _table(what, how, actor.function):
        return False
    return not about_incident or _opens(actor, how, subject)


def sees(actor: Actor, subject: Subject) -> frozenset[Kind]:
    """Every kind of thing this actor may see of this subject."""
    return frozenset(kind for kind in Kind if may(actor, kind, subject))


def does(actor: Actor, subject: Subject) -> frozenset[Act]:
    """Every act this actor may do on this subject."""
    return frozenset(act for act in Act if may(actor, act, subject))


def rights_class(actor: Actor, *subjects: Subject) -> str:
    """Same value = same kinds visible of all these subjects; shared fragments may go to these viewers only."""
    seen = [f"{subject.owner} {subject.tlp} {' '.join(sorted(sees(actor, subject)))}" for subject in subjects]
    return sha256("\n".join(seen).encode()).hexdigest()[:16]


def visible_fields(actor: Actor, subject: Subject) -> frozenset[str]:
    """Names of the fields of an incident that this actor may see; empty when the incident itself is not visible."""
    seen = sees(actor, subject)
    if Kind.INCIDENT not in seen:
        return frozenset()
    hidden: set[str] = set()
    for kind, fields in HIDDEN.items():
        if kind not in seen:
            hidden |= fields
    return frozenset(Incident.model_fields) - hidden


def visible_incident(actor: Actor, subject: Subject, incident: Incident) -> Incident | None:
    """The incident with every field this actor may not see at its default; None when nothing is visible."""
    fields = visible_fields(actor, subject)
    if not fields:
        return None
    hidden = set(Incident.model_fields) - fields
    defaults: dict[str, Any] = {name: Incident.model_fields[name].get_default() for name in hidden}
    return incident.model_copy(update=defaults)


def _table(what: Act | Kind, how: Relation, function: Function) -> frozenset[StrEnum]:
    table: Mapping[tuple[Relation, Function], frozenset[StrEnum]] = DOES if isinstance(what, Act) else SEES
    return table.get((how, function), frozenset())


def _opens(actor: Actor, how: Relation, subject: Subject) -> bool:
    """The gates: TLP (FIRST 2.0) and, for partners, whether the incident is shared with them."""
    if subject.tlp is Tlp.RED:
        return (actor.organisation, actor.function.value) in subject.named
    if how is Relation.EIGEN:
        return True
    return subject.tlp is not Tlp.AMBER_STRICT and subject.shared
