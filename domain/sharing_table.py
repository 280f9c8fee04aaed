"""The policy as a table: which function of which organisation sees which kinds and does which acts.

Reading order: the relation of the organisation to the incident, then the function held there. What is not written
here is not allowed.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.parties import Function


class Relation(StrEnum):
    """How an organisation relates to an incident or a thing."""

    EIGEN = "eigen"
    REGIO = "regio"
    POLITIE = "politie"
    OM = "om"
    ANDERS = "anders"


class Kind(StrEnum):
    """Kinds of things that can be seen."""

    INCIDENT = "incident"
    EFFECTEN = "effecten"
    TECHNIEK = "techniek"
    PLICHTEN = "plichten"
    LOGBOEK = "logboek"
    TIJDLIJN = "tijdlijn"
    TAKEN = "taken"
    PERSOON = "persoon"
    STRAF = "strafrecht"
    REGISTER = "register-zien"
    ACCOUNTS = "accounts-zien"
    QUARANTAINE = "quarantaine"
    BALANS = "balans"
    SCRIPT = "oefenscript"


class Act(StrEnum):
    """Acts of people."""

    MELDEN = "melden"
    ERNST = "ernst"
    ROL = "rol"
    LIJN = "lijn"
    DUIDEN = "status-duiden"
    CRISIS = "status-crisis"
    ONTWRICHTING = "status-ontwrichting"
    AFSLUITEN = "afsluiten"
    KENNISNAME = "kennisname"
    SIGNIFICANTIE = "significantie"
    INDIENEN = "indienen"
    SAMENVOEGEN = "samenvoegen"
    DRAAIBOEK = "draaiboek"
    LOGBOEKREGEL = "logboekregel"
    TAAK = "taak"
    VERNIETIGEN = "vernietigen"
    REGISTER = "register"
    ACCOUNTS = "accounts"
    OPNIEUW_AANBIEDEN = "opnieuw-aanbieden"
    OEFENING_LEIDEN = "oefening-leiden"


_BASIS = frozenset({Kind.INCIDENT, Kind.EFFECTEN, Kind.TIJDLIJN, Kind.TAKEN})
_INTERN = _BASIS | {Kind.LOGBOEK, Kind.PLICHTEN, Kind.BALANS, Kind.REGISTER}
_ALLES = _INTERN | {Kind.TECHNIEK, Kind.PERSOON, Kind.STRAF, Kind.QUARANTAINE}
_MEEDOEN = frozenset({Act.MELDEN, Act.LOGBOEKREGEL, Act.TAAK})
_SCHALEN = frozenset({Act.DUIDEN, Act.CRISIS, Act.AFSLUITEN, Act.ERNST, Act.ROL, Act.LIJN, Act.DRAAIBOEK})
_PLICHTEN = frozenset({Act.KENNISNAME, Act.SIGNIFICANTIE, Act.INDIENEN})

SEES: Mapping[tuple[Relation, Function], frozenset[Kind]] = {
    (Relation.EIGEN, Function.CISO): _ALLES,
    (Relation.EIGEN, Function.FG): _INTERN | {Kind.PERSOON},
    (Relation.EIGEN, Function.BURGEMEESTER): _INTERN,
    (Relation.EIGEN, Function.GEMEENTESECRETARIS): _INTERN,
    (Relation.EIGEN, Function.OOV): _INTERN,
    (Relation.EIGEN, Function.COMMUNICATIE): _BASIS | {Kind.LOGBOEK},
    (Relation.EIGEN, Function.PROCESEIGENAAR): _BASIS | {Kind.LOGBOEK, Kind.REGISTER},
    # Manages accounts and the register, and reads nothing about incidents.
    (Relation.EIGEN, Function.BEHEERDER): frozenset({Kind.ACCOUNTS, Kind.REGISTER, Kind.BALANS}),
    (Relation.REGIO, Function.COORDINATOR): _BASIS,
    (Relation.POLITIE, Function.POLITIE): _BASIS | {Kind.STRAF},
    (Relation.OM, Function.OFFICIER): _BASIS | {Kind.STRAF},
    # An exercise only; see FACILITATORS.
    (Relation.EIGEN, Function.OEFENLEIDER): _ALLES | {Kind.SCRIPT},
    (Relation.EIGEN, Function.RESPONSCEL): _BASIS | {Kind.SCRIPT},
    (Relation.EIGEN, Function.WAARNEMER): _INTERN,
}

DOES: Mapping[tuple[Relation, Function], frozenset[Act]] = {
    # A lone CISO at night can do all that stops damage or starts a duty, except declaring disruption of society.
    (Relation.EIGEN, Function.CISO): _MEEDOEN
    | _SCHALEN
    | _PLICHTEN
    | {Act.SAMENVOEGEN, Act.REGISTER, Act.OPNIEUW_AANBIEDEN},
    # The data protection officer advises and does not decide (AVG 38-39).
    (Relation.EIGEN, Function.FG): _MEEDOEN | {Act.KENNISNAME, Act.INDIENEN},
    (Relation.EIGEN, Function.BURGEMEESTER): _MEEDOEN | _SCHALEN | {Act.ONTWRICHTING},
    (Relation.EIGEN, Function.GEMEENTESECRETARIS): _MEEDOEN
    | _SCHALEN
    | _PLICHTEN
    | {Act.ONTWRICHTING, Act.SAMENVOEGEN, Act.VERNIETIGEN},
    (Relation.EIGEN, Function.OOV): _MEEDOEN | {Act.ROL, Act.LIJN},
    (Relation.EIGEN, Function.COMMUNICATIE): _MEEDOEN,
    (Relation.EIGEN, Function.PROCESEIGENAAR): _MEEDOEN | {Act.REGISTER},
    (Relation.EIGEN, Function.BEHEERDER): frozenset({Act.ACCOUNTS, Act.REGISTER}),
    (Relation.REGIO, Function.COORDINATOR): frozenset({Act.LOGBOEKREGEL, Act.TAAK}),
    (Relation.POLITIE, Function.POLITIE): frozenset({Act.LOGBOEKREGEL, Act.TAAK}),
    (Relation.OM, Function.OFFICIER): frozenset({Act.LOGBOEKREGEL, Act.TAAK}),
    (Relation.EIGEN, Function.OEFENLEIDER): frozenset({Act.OEFENING_LEIDEN}),
    (Relation.EIGEN, Function.RESPONSCEL): frozenset({Act.TAAK}),
}

DEPUTIES: Mapping[Function, frozenset[Function]] = {
    Function.BURGEMEESTER: frozenset({Function.GEMEENTESECRETARIS}),
    Function.GEMEENTESECRETARIS: frozenset({Function.CISO}),
    Function.CISO: frozenset({Function.GEMEENTESECRETARIS}),
    Function.FG: frozenset({Function.CISO}),
    Function.OOV: frozenset({Function.GEMEENTESECRETARIS}),
    Function.COMMUNICATIE: frozenset({Function.GEMEENTESECRETARIS, Function.OOV}),
    Function.PROCESEIGENAAR: frozenset({Function.GEMEENTESECRETARIS, Function.CISO}),
}
"""Who may answer a task that landed with a function, within the same organisation. Decisions of the mayor are apart."""
