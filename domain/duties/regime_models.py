"""The pieces of the regime configuration. Each is closed: a field that is not known here is refused."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

Words = Mapping[str, str]
"""A text per language: `nl` and `en`."""
Rounding = Literal["elapsed_hours", "calendar_end_of_day_roll", "calendar_end_of_day", "no_clock", "on_request"]
Unit = Literal["hour", "day", "week", "month", "year"]
Confidence = Literal["primair", "secundair", "achtergrond"]
Outcome = Literal["ja", "nee", "vrijwillig", "bijna-incident"]
READ = "primair"
"""The text of the law itself was read; anything else is shown as "te bevestigen"."""


class Value(BaseModel):
    """A closed, frozen piece of configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dated(Value):
    """Holds from a date on, until and including another, or until further notice."""

    from_: date = Field(alias="from")
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it holds on this date."""
        return self.from_ <= on and (self.until is None or on <= self.until)


class Recipient(Dated):
    """Who must be told in this period; dated, because the law changes who that is. `review_by`: look again then."""

    name: Words
    review_by: date | None = None
    confidence: Confidence

    @property
    def is_to_confirm(self) -> bool:
        """Whether it is shown as "te bevestigen"."""
        return self.confidence != READ or self.review_by is not None


class Ground(Value):
    """A reason that can be given with a decision."""

    id: str
    label: Words


class Condition(Value):
    """What must be known of one fact. An unknown fact meets none, unless it names `onbekend`."""

    fact: str
    any_of: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None


class ProposalRule(Value):
    """Proposes an outcome when all of its conditions are met. A person decides."""

    rule: str
    version: str
    when: tuple[Condition, ...]
    outcome: Outcome
    grounds: tuple[str, ...] = ()
    explanation: Words


class Question(Value):
    """One step of the guided decision: the fact that it asks."""

    fact: str
    ask: Words


class RunningLadder(Value):
    """When people are warned for a clock that runs."""

    half_time: bool
    before_minutes: tuple[PositiveInt, ...]
    at_limit: bool
    after_minutes: PositiveInt
    after_count: int


class UndecidedLadder(Value):
    """When people are reminded that nobody decided yet."""

    after_minutes: tuple[PositiveInt, ...]


class Ladder(Value):
    """Both ladders."""

    running: RunningLadder
    undecided: UndecidedLadder


class SecondLook(Value):
    """A decision asks a second pair of eyes within these hours. Functions that only advise never count as one."""

    within_hours: PositiveInt
    advisers: tuple[str, ...]


class Kind(Value):
    """What an organisation of this kind is by law (`has`), and what no decision can make of it (`never`)."""

    label: Words
    has: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    ref: str = ""


class Obligation(Value):
    """One duty of a regime. `when`: `decided` = with the decision on significance; `asked` = only when somebody asks.

    `trigger`: `aware`, `opened`, `handled`, `closed`, `request`, `moment:<name>`, `submitted:<obligation>`, or
    `due:<obligation>` = the limit of that other one. `owner`: whose duty it is, when not our own.
    """

    id: str
    label: Words
    when: Literal["decided", "asked"]
    trigger: str
    trigger_or: str | None = None
    projected_from: str | None = None
    duration: int | None = Field(default=None, ge=0)
    unit: Unit | None = None
    rounding: Rounding
    urgency: str | None = None
    recipients: tuple[str, ...] = Field(min_length=1)
    owner: str | None = None
    applies_if: str | None = None
    condition: Words | None = None
    replaces: str | None = None
    fields: tuple[str, ...] = ()
    late_needs_reason: bool = False
    gets_reference: bool = False
    in_phases: bool = False
    at_least: bool = False
    by_contract: bool = False
    repeats: bool = False
    note: Words | None = None
    ladder: RunningLadder | None = None
    ref: str
    confidence: Confidence
    shown: bool = False

    @property
    def hours(self) -> int | None:
        """Length in hours, for an obligation that is counted in hours."""
        return self.duration if self.unit == "hour" else None

    @property
    def is_to_confirm(self) -> bool:
        """Whether it is shown as "te bevestigen": nobody read the text of the law itself."""
        return self.confidence != READ


class Regime(Dated):
    """One law with its question, its grounds and its obligations. `anchor`: how playbooks call its awareness.

    `applies_if`: what an organisation must be, by its kind or by a recorded decision. A law that changes stands here
    again under the same id, from its new date.
    """

    id: str
    anchor: str | None = None
    label: Words
    applies_if: str | None = None
    awareness: Words
    question: Words
    grounds: tuple[Ground, ...]
    guide: tuple[Question, ...] = ()
    proposals: tuple[ProposalRule, ...] = ()
    undecided: UndecidedLadder | None = None
    obligations: tuple[Obligation, ...]


class RegimeData(Value):
    """All of the configuration, of one version, as it stands in the file."""

    version: str
    equated_days: tuple[date, ...]
    recipients: Mapping[str, tuple[Recipient, ...]]
    moments: Mapping[str, Words]
    qualities: Mapping[str, Words]
    kinds: Mapping[str, Kind]
    ladder: Ladder
    second_look: SecondLook
    regimes: tuple[Regime, ...]
