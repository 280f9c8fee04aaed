"""What a closed form cannot say: names that lead nowhere, periods that overlap, terms that do not add up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise

from domain.duties.known_facts import KnownFacts
from domain.duties.regime_file import Fault, Path
from domain.duties.regime_models import Dated, Obligation, Regime, RegimeData, Words

TRIGGERS = frozenset({"aware", "opened", "handled", "closed", "request"})
LANGUAGES = frozenset({"nl", "en"})
TIMELESS = ("no_clock", "on_request")
FACTS = frozenset(each.name for each in fields(KnownFacts))


def faults(data: RegimeData) -> Iterator[Fault]:
    """Every mistake with its place."""
    for name, recipients in data.recipients.items():
        yield from _periods(recipients, ("recipients", name))
        for place, recipient in enumerate(recipients):
            yield from _words(recipient.name, ("recipients", name, place, "name"))
    for name, kind in data.kinds.items():
        for field in ("has", "never"):
            unknown = set(getattr(kind, field)) - set(data.qualities)
            yield from ((("kinds", name, field), f"hoedanigheid {each!r} bestaat niet") for each in sorted(unknown))
    yield from _regimes(data)
    known = {each.id: each for regime in data.regimes for each in regime.obligations}
    for place, regime in enumerate(data.regimes):
        yield from _regime(data, regime, ("regimes", place))
        for number, obligation in enumerate(regime.obligations):
            path = ("regimes", place, "obligations", number)
            yield from _term(obligation, path)
            yield from _start(obligation, known, data, path)
            yield from _reach(obligation, regime, data, path)


def _regimes(data: RegimeData) -> Iterator[Fault]:
    """The same id in two periods is one law that changed; in one period, or in two laws, it is a mistake."""
    texts: dict[str, list[tuple[int, Regime]]] = {}
    for place, regime in enumerate(data.regimes):
        texts.setdefault(regime.id, []).append((place, regime))
        if regime.until is not None and regime.until < regime.from_:
            yield ("regimes", place, "until"), "ligt voor het begin"
    for versions in texts.values():
        ordered = sorted(versions, key=lambda each: each[1].from_)
        for (_, before), (place, after) in pairwise(ordered):
            if before.until is None or before.until >= after.from_:
                yield ("regimes", place, "from"), f"{after.id!r} geldt dan al: de perioden overlappen"
    yield from _doubled(data)


def _doubled(data: RegimeData) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for place, regime in enumerate(data.regimes):
        seen = set()
        for number, obligation in enumerate(regime.obligations):
            if obligation.id in seen or owners.setdefault(obligation.id, regime.id) != regime.id:
                yield ("regimes", place, "obligations", number, "id"), f"{obligation.id!r} staat er twee keer"
            seen.add(obligation.id)


def _periods(dated: Sequence[Dated], path: Path) -> Iterator[Fault]:
    if not dated:
        yield path, "ontbreekt: noem ten minste één ontvanger"
    for place, each in enumerate(dated):
        if each.until is not None and each.until < each.from_:
            yield (*path, place, "until"), "ligt voor het begin"
    for place, (before, after) in enumerate(pairwise(dated), start=1):
        if before.until is None or before.until >= after.from_:
            yield (*path, place, "from"), "de perioden overlappen of staan niet op volgorde"
        elif before.until + timedelta(days=1) != after.from_:
            yield (*path, place, "from"), "tussen twee perioden is er geen ontvanger"


def _regime(data: RegimeData, regime: Regime, path: Path) -> Iterator[Fault]:
    for field in ("label", "awareness", "question"):
        yield from _words(getattr(regime, field), (*path, field))
    if regime.applies_if is not None and regime.applies_if not in data.qualities:
        yield (*path, "applies_if"), f"hoedanigheid {regime.applies_if!r} bestaat niet"
    grounds = {ground.id for ground in regime.grounds}
    for place, rule in enumerate(regime.proposals):
        here = (*path, "proposals", place)
        unknown = sorted(set(rule.grounds) - grounds)
        yield from (((*here, "grounds"), f"grond {each!r} bestaat niet") for each in unknown)
        for number, condition in enumerate(rule.when):
            if condition.fact not in FACTS:
                yield (*here, "when", number, "fact"), f"feit {condition.fact!r} kennen wij niet"
    for place, question in enumerate(regime.guide):
        if question.fact not in FACTS:
            yield (*path, "guide", place, "fact"), f"feit {question.fact!r} kennen wij niet"


def _term(obligation: Obligation, path: Path) -> Iterator[Fault]:
    yield from _words(obligation.label, (*path, "label"))
    timeless = obligation.rounding in TIMELESS
    given = obligation.duration is not None or obligation.unit is not None
    if timeless and given:
        yield (*path, "duration"), f"{obligation.rounding} heeft geen duur"
    if timeless:
        return
    if obligation.unit is None:
        yield (*path, "unit"), "ontbreekt"
    elif (obligation.unit == "hour") != (obligation.rounding == "elapsed_hours"):
        yield (*path, "unit"), f"{obligation.unit!r} past niet bij {obligation.rounding}"
    if obligation.duration is None and not obligation.by_contract:
        yield (*path, "duration"), "ontbreekt"


def _start(obligation: Obligation, known: dict[str, Obligation], data: RegimeData, path: Path) -> Iterator[Fault]:
    named = {"trigger": obligation.trigger}
    if obligation.trigger_or is not None:
        named["trigger_or"] = obligation.trigger_or
    for field, trigger in named.items():
        kind, _, other = trigger.partition(":")
        if kind in ("submitted", "due"):
            good = other in known and (kind == "submitted" or not _circles(other, known, obligation.id))
        else:
            good = trigger in TRIGGERS or (kind == "moment" and other in data.moments)
        if not good:
            yield (*path, field), f"begin {trigger!r} kennen wij niet"
    for field in ("projected_from", "replaces"):
        other = getattr(obligation, field)
        if other is not None and other not in known:
            yield (*path, field), f"meldplicht {other!r} bestaat niet"


def _circles(other: str, known: dict[str, Obligation], start: str) -> bool:
    """Whether the limit of this one would follow, by way of others, from itself."""
    seen = {start}
    while other in known and other not in seen:
        seen.add(other)
        kind, _, following = known[other].trigger.partition(":")
        if kind != "due":
            return False
        other = following
    return True


def _reach(obligation: Obligation, regime: Regime, data: RegimeData, path: Path) -> Iterator[Fault]:
    for name in (*obligation.recipients, *([obligation.owner] if obligation.owner else [])):
        if name not in data.recipients:
            yield (*path, "recipients"), f"ontvanger {name!r} bestaat niet"
        elif not _covers(data.recipients[name], regime.from_, regime.until):
            yield (*path, "recipients"), f"voor {name!r} is er niet de hele periode een ontvanger"
    if obligation.applies_if is not None and obligation.applies_if not in data.qualities:
        yield (*path, "applies_if"), f"hoedanigheid {obligation.applies_if!r} bestaat niet"


def _covers(dated: Sequence[Dated], start: date, end: date | None) -> bool:
    if not dated or dated[0].from_ > start:
        return False
    return dated[-1].until is None or (end is not None and dated[-1].until >= end)


def _words(words: Words, path: Path) -> Iterable[Fault]:
    if set(words) != LANGUAGES or not all(words.values()):
        yield path, "geef de tekst in nl en en"
