"""The forms of the incident page: each is one command of the domain. A new act = a reader here and a line in `ACTS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args
from uuid import UUID

from dashboards import moments
from dashboards.pages.forms import FieldError, Form, FormErrors, as_uuid
from dashboards.words import N_
from domain import commands
from domain.commands import AnyCommand, Entry, Outcome
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status

Translate = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One form as it was typed. `prefix` starts the ids of its fields."""

    form: Form
    prefix: str
    now: datetime
    new_id: Callable[[], UUID]
    say: Translate

    def wrong(self, message: str, field: str) -> FormErrors:
        """What is wrong, at which field."""
        return FormErrors(FieldError(self.say(message), f"{self.prefix}-{field}"))

    def choice(self, name: str, allowed: set[str]) -> str:
        """A value of a fixed list."""
        value = self.form.one(name)
        if value not in allowed:
            raise self.wrong(N_("Maak een keuze."), name)
        return value

    @property
    def reason(self) -> str:
        """Why: always asked, because each of these acts is signed."""
        value = self.form.one("reden")
        if not value:
            raise self.wrong(N_("Geef een reden. Een korte zin is genoeg."), "reden")
        return value

    def owner(self) -> tuple[str, str]:
        """(organisation, function) of the chosen owner."""
        organisation, _, function = self.form.one("eigenaar").rpartition("/")
        if not organisation:
            raise self.wrong(N_("Kies wie de eigenaar is."), "eigenaar")
        return organisation, function

    def moment(self, name: str, *, needed: bool) -> datetime | None:
        """A moment up to now."""
        text = self.form.one(name)
        if not text and not needed:
            return None
        found = moments.from_form(text)
        if found is None or found > self.now:
            raise self.wrong(N_("Vul een moment in, tot nu."), name)
        return found

    @property
    def signing(self) -> "Moments":
        """Now, and the earlier moment of happening."""
        return Moments(self.now, self.moment("gebeurd", needed=False))


@dataclass(frozen=True)
class Moments:
    """When it is recorded and, when that differs, when it happened."""

    at: datetime
    happened_at: datetime | None


def _status(typed: Typed) -> AnyCommand:
    status = typed.choice("status", set(Status))
    organisation, function = typed.owner()
    signing = typed.signing
    return commands.MoveStatus(
        at=signing.at,
        happened_at=signing.happened_at,
        status=Status(status),
        owner_organisation=organisation,
        owner_function=function,
        reason=typed.reason,
    )


def _severity(typed: Typed) -> AnyCommand:
    severity = Severity(typed.choice("ernst", set(Severity)))
    signing = typed.signing
    return commands.SetSeverity(at=signing.at, happened_at=signing.happened_at, severity=severity, reason=typed.reason)


def _role(typed: Typed) -> AnyCommand:
    role = MunicipalRole(typed.choice("rol", set(MunicipalRole)))
    return commands.SetRole(at=typed.now, role=role, reason=typed.reason)


def _lane(typed: Typed) -> AnyCommand:
    lane = Lane(typed.choice("lijn", set(Lane)))
    organisation, function = typed.owner()
    return commands.AssignLane(at=typed.now, lane=lane, organisation=organisation, function=function)


def _aware(typed: Typed) -> AnyCommand:
    aware_at = typed.moment("kennisname", needed=True)
    return commands.RecordAwareness(
        at=typed.now, regime=typed.form.one("regime"), aware_at=aware_at or typed.now, reason=typed.reason
    )


def _significant(typed: Typed) -> AnyCommand:
    outcome = cast("Outcome", typed.choice("uitkomst", set(get_args(Outcome))))
    signing = typed.signing
    return commands.DecideSignificance(
        at=signing.at,
        happened_at=signing.happened_at,
        regime=typed.form.one("regime"),
        outcome=outcome,
        grounds=typed.form.many("grond"),
        reason=typed.reason,
    )


def _submitted(typed: Typed) -> AnyCommand:
    moment = typed.moment("ingediend", needed=True)
    return commands.RecordSubmission(
        at=typed.now,
        obligation=typed.form.one("plicht"),
        submitted_at=moment or typed.now,
        reference=typed.form.one("kenmerk") or None,
        delay_reason=typed.form.one("vertraging") or None,
    )


def _merge(typed: Typed) -> AnyCommand:
    accepted = typed.choice("besluit", {"ja", "nee"}) == "ja"
    other = as_uuid(typed.form.one("ander"))
    if other is None:
        raise typed.wrong(N_("Maak een keuze."), "ander")
    return commands.DecideMerge(at=typed.now, other_incident=other, accepted=accepted, reason=typed.reason)


def _playbook(typed: Typed) -> AnyCommand:
    playbook = typed.form.one("draaiboek")
    if not playbook:
        raise typed.wrong(N_("Maak een keuze."), "draaiboek")
    return commands.StartPlaybook(at=typed.now, playbook_id=playbook, execution_id=typed.new_id())


def _entry(typed: Typed) -> AnyCommand:
    entry = cast("Entry", typed.choice("soort", set(get_args(Entry))))
    text = typed.form.one("tekst")
    if not text:
        raise typed.wrong(N_("Schrijf de regel."), "tekst")
    corrects = typed.form.one("verbetert")
    signing = typed.signing
    return commands.WriteEntry(
        at=signing.at,
        happened_at=signing.happened_at,
        entry=entry,
        text=text,
        corrects=int(corrects) if corrects.isascii() and corrects.isdigit() else None,
    )


ACTS: Mapping[str, Callable[[Typed], AnyCommand]] = {
    "status": _status,
    "ernst": _severity,
    "rol": _role,
    "lijn": _lane,
    "kennisname": _aware,
    "significantie": _significant,
    "ingediend": _submitted,
    "samenvoegen": _merge,
    "draaiboek": _playbook,
    "logboek": _entry,
}
