"""A decision asks a second pair of eyes. It holds from the moment one person signs it: asking never blocks."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.duties.regime_models import SecondLook
from domain.errors import ConflictError, InvalidError, NotAllowedError
from domain.parties import ActedBy


class Eyes(StrEnum):
    """How many pairs of eyes have seen a decision."""

    ALLEEN = "alleen-gehandeld"
    EENS = "tweede-eens"
    ONEENS = "tweede-oneens"
    SAMEN = "samen-besloten"


class SameEyesError(NotAllowedError):
    """U nam dit besluit zelf. Een ander moet er als tweede naar kijken."""

    code = "zelfde-persoon"


class AdviserError(NotAllowedError):
    """In deze functie adviseert u. U telt niet mee als degene die voorstelt of goedkeurt."""

    code = "alleen-advies"


class SeenAlreadyError(ConflictError):
    """Een tweede persoon keek hier al naar. Ververs de pagina."""

    code = "tweede-gaf-oordeel"


class WhyNotError(InvalidError):
    """Zeg waarom u het er niet mee eens bent. Een korte zin is genoeg."""

    code = "reden-oneens-ontbreekt"


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the second person said."""

    agrees: bool
    by: ActedBy
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What somebody said who only advises. It is kept and counts for nothing else."""

    by: ActedBy
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision that holds. `proposed_by`: a person who prepared it, None when a rule or nobody did."""

    decided_by: ActedBy
    decided_at: datetime
    second_before: datetime
    proposed_by: ActedBy | None = None
    opinion: Opinion | None = None
    advice: tuple[Advice, ...] = ()

    @property
    def eyes(self) -> Eyes:
        """Who looked. Somebody else prepared it, or gave an opinion afterwards; otherwise one person acted alone."""
        if self.opinion is not None:
            return Eyes.EENS if self.opinion.agrees else Eyes.ONEENS
        return Eyes.SAMEN if self.proposed_by is not None else Eyes.ALLEEN

    def asks(self, now: datetime) -> bool:
        """Whether a second person is still asked; after `second_before` the asking only grows louder."""
        return self.eyes is Eyes.ALLEEN and now >= self.decided_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether the second look is late. The decision holds all the same."""
        return self.asks(now) and now > self.second_before


def signed(by: ActedBy, at: datetime, rule: SecondLook, *, proposed_by: ActedBy | None = None) -> Decision:
    """A decision by one person, from now on in force. Raises AdviserError for a function that only advises.

    A proposer who is the same person, or who only advises, is no second pair of eyes.
    """
    _refuse_adviser(by, rule.advisers)
    counts = proposed_by is not None and _counts(proposed_by, rule.advisers) and not _same(proposed_by, by)
    return Decision(
        decided_by=by,
        decided_at=at,
        second_before=at + timedelta(hours=rule.within_hours),
        proposed_by=proposed_by if counts else None,
    )


def looked(decision: Decision, opinion: Opinion, rule: SecondLook) -> Decision:
    """The decision with the opinion of a second person.

    Raises AdviserError, SameEyesError, SeenAlreadyError, or WhyNotError for a no without a reason.
    """
    _refuse_adviser(opinion.by, rule.advisers)
    if _same(opinion.by, decision.decided_by):
        raise SameEyesError
    if decision.opinion is not None:
        raise SeenAlreadyError
    if not opinion.agrees and not opinion.reason.strip():
        raise WhyNotError
    return replace(decision, opinion=opinion)


def advised(decision: Decision, advice: Advice) -> Decision:
    """The decision with advice beside it; whoever acted alone still acted alone."""
    return replace(decision, advice=(*decision.advice, advice))


def standing_in_words(decision: Decision) -> str:
    """The sentence for people, with `{before}` where the moment stands."""
    return {
        Eyes.ALLEEN: "alleen gehandeld, tweede volgt vóór {before}",
        Eyes.EENS: "een tweede persoon is het ermee eens",
        Eyes.ONEENS: "een tweede persoon is het er niet mee eens; beslis opnieuw of leg uit waarom dit blijft staan",
        Eyes.SAMEN: "door twee personen bekeken",
    }[decision.eyes]


def _refuse_adviser(by: ActedBy, advisers: Collection[str]) -> None:
    if not _counts(by, advisers):
        raise AdviserError


def _counts(by: ActedBy, advisers: Collection[str]) -> bool:
    """Whether this is a person who decides; the machine is none."""
    return by.account_id is not None and by.function not in advisers


def _same(one: ActedBy, other: ActedBy) -> bool:
    """One account is one person, in whatever function."""
    return one.account_id == other.account_id
