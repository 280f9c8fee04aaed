"""A regime file that is wrong is refused: each mistake with its line, its place and the reason."""

from datetime import date
from pathlib import Path

import pytest

from domain.duties.regimes import Regimes, RegimesError, parse_regimes

TEXT = (Path(__file__).parents[4] / "domain" / "duties" / "regimes.yaml").read_text()
EARLY = "- {id: cbw.early_warning,"
CSIRT = "  csirt: [{name: {nl: "
NEW_CSIRT = """  csirt:
    - {name: {nl: NCSC, en: NCSC}, from: 2026-08-15, until: 2026-12-31, confidence: secundair}
    - {name: {nl: IBD, en: IBD}, from: 2027-01-01, confidence: secundair}
"""


def _changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def _without(start: str, instead: str = "") -> str:
    lines = TEXT.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if line.startswith(start))
    return "".join([*lines[:place], instead, *lines[place + 1 :]])


def _line(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


HOURS = "trigger: aware, duration: 24, unit: hour, rounding: elapsed_hours"
WRONG = {
    "unknown unit": (_changed("duration: 24, unit: hour", "duration: 24, unit: fortnight"), "unit", "fortnight"),
    "unit that does not fit": (_changed("duration: 24, unit: hour", "duration: 24, unit: day"), "unit", "past niet"),
    "unit is missing": (_changed("duration: 24, unit: hour", "duration: 24"), "unit", "ontbreekt"),
    "duration is missing": (_changed(HOURS, HOURS.replace("duration: 24, ", "")), "duration", "ontbreekt"),
    "negative duration": (_changed("duration: 24", "duration: -24"), "duration", "-24"),
    "term without a clock": (_changed(", rounding: elapsed_hours", ", rounding: no_clock"), "duration", "geen duur"),
    "unknown rounding": (_changed(", rounding: elapsed_hours", ", rounding: ongeveer"), "rounding", "ongeveer"),
    "unknown trigger": (_changed(", trigger: aware", ", trigger: volle-maan"), "trigger", "volle-maan"),
    "trigger on nothing": (_changed("submitted:cbw.notification", "submitted:cbw.x"), "trigger", "cbw.x"),
    "limit of itself": (_changed("due:cbw.final", "due:cbw.progress"), "trigger", "due:cbw.progress"),
    "limits in a circle": (
        _changed("trigger: handled", 'trigger: "due:cbw.progress"').replace(
            "due:cbw.final", "due:cbw.final_after_progress"
        ),
        "trigger",
        "due:",
    ),
    "limit of a limit of nothing": (
        _changed("trigger: handled", 'trigger: "due:cbw.x"').replace("due:cbw.final", "due:cbw.final_after_progress"),
        "trigger",
        "cbw.x",
    ),
    "unknown moment": (_changed("moment:dreiging", "moment:ooit"), "trigger", "moment:ooit"),
    "unknown recipient": (_changed("recipients: [csirt,", "recipients: [niemand,"), "recipients", "niemand"),
    "no recipient": (_changed("recipients: [csirt, toezichthouder]", "recipients: []"), "recipients", "leeg"),
    "recipients are missing": (_changed("recipients: [csirt, toezichthouder], ", ""), "recipients", "ontbreekt"),
    "unknown owner": (_changed("owner: csirt", "owner: niemand"), "recipients", "niemand"),
    "unknown field": (_changed(EARLY, EARLY + " kleur: rood,"), "kleur", "kennen wij niet"),
    "unknown confidence": (_changed("confidence: primair, shown", "confidence: zeker, shown"), "confidence", "zeker"),
    "duplicate id": (_changed("{id: cbw.notification,", "{id: cbw.early_warning,"), "id", "twee keer"),
    "the id of another law": (_changed("{id: wwke.initial,", "{id: cbw.final,"), "id", "twee keer"),
    "duplicate key": (_changed("  ap: [", "  csirt: ["), "recipients.csirt", "twee keer"),
    "overlapping dates": (_changed("  - id: wwke\n", "  - id: gdpr\n"), "regimes.2.from", "overlappen"),
    "end before beginning": (
        _changed("    from: 2018-05-25\n", "    from: 2018-05-25\n    until: 2017-01-01\n"),
        "until",
        "begin",
    ),
    "date that does not exist": (_changed("    from: 2018-05-25\n", "    from: 2018-05-32\n"), "from", "2018-05-32"),
    "unknown quality of a law": (_changed("applies_if: cbw-entiteit", "applies_if: groot"), "applies_if", "groot"),
    "unknown quality of a duty": (
        _changed("applies_if: vertrouwensdienst", "applies_if: groot"),
        "applies_if",
        "groot",
    ),
    "unknown quality of a kind": (_changed("never: [cbw-entiteit", "never: [groot"), "kinds.vr.never", "groot"),
    "unknown fact in a rule": (_changed("{fact: injury, any_of", "{fact: humeur, any_of"), "fact", "humeur"),
    "unknown fact in a question": (_changed("{fact: injury, ask", "{fact: humeur, ask"), "fact", "humeur"),
    "unknown ground": (_changed("grounds: [uitval-4-uur]", "grounds: [zomaar]"), "grounds", "zomaar"),
    "unknown replaced duty": (_changed("replaces: cbw.notification", "replaces: cbw.x"), "replaces", "cbw.x"),
    "text in one language": (
        _changed("label: {nl: Melding, en: Incident notification}", "label: {nl: Melding}"),
        "label",
        "en",
    ),
    "overlapping recipients": (
        _without(CSIRT, NEW_CSIRT.replace("2027-01-01", "2026-12-31")),
        "recipients.csirt",
        "overlappen",
    ),
    "days without a recipient": (
        _without(CSIRT, NEW_CSIRT.replace("2027-01-01", "2027-01-02")),
        "recipients.csirt",
        "geen ontvanger",
    ),
    "recipient that comes too late": (
        _without(CSIRT, NEW_CSIRT.replace("2026-08-15", "2026-09-01")),
        "recipients",
        "periode",
    ),
    "recipient that ends too early": (
        _changed("from: 2026-08-15, review_by:", "from: 2026-08-15, until:"),
        "recipients",
        "periode",
    ),
    "recipient that ends before it begins": (_changed("review_by: 2026-12-31", "until: 2020-01-01"), "until", "begin"),
    "recipient without periods": (_without(CSIRT, "  csirt: []\n"), "recipients.csirt", "ontvanger"),
}


@pytest.mark.parametrize(("text", "place", "reason"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_with_line_place_and_reason(text: str, place: str, reason: str) -> None:
    with pytest.raises(RegimesError) as caught:
        parse_regimes(text)
    assert place in caught.value.message
    assert reason in caught.value.message
    assert caught.value.message.startswith("regel ")


def test_the_line_is_that_of_the_mistake() -> None:
    text = _changed("{id: cbw.notification, label", "{id: cbw.notification, kleur: rood, label")
    with pytest.raises(RegimesError) as caught:
        parse_regimes(text)
    assert caught.value.message.startswith(
        f"regel {_line(text, '- {id: cbw.notification,')}, regimes.0.obligations.1.kleur:"
    )


def test_all_mistakes_are_named_at_once_up_to_ten() -> None:
    with pytest.raises(RegimesError) as caught:
        parse_regimes(TEXT.replace("confidence: primair", "confidence: zeker"))
    assert caught.value.message.count("regel ") == 10
    assert "; en nog " in caught.value.message


@pytest.mark.parametrize("text", ["", "tekst", "a: [1", "- 1", "a: \x00"])
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(RegimesError):
        parse_regimes(text)


def test_another_recipient_from_a_date_on_is_an_edit_of_data() -> None:
    regimes = parse_regimes(_without(CSIRT, NEW_CSIRT))
    early = regimes.obligation("cbw.early_warning")
    assert _names(regimes, date(2026, 12, 31)) == ["NCSC", "minister van BZK (toezicht: RDI)"]
    assert _names(regimes, date(2027, 1, 1)) == ["IBD", "minister van BZK (toezicht: RDI)"]
    assert all(each.is_to_confirm for each in regimes.recipients_of(early, date(2027, 1, 1)))


def _names(regimes: Regimes, on: date) -> list[str]:
    return [each.name["nl"] for each in regimes.recipients_of(regimes.obligation("cbw.early_warning"), on)]


def test_a_law_that_changes_stands_twice_and_each_date_has_its_own_text() -> None:
    start = TEXT.index("  - id: gdpr\n")
    old = TEXT[start : TEXT.index("  - id: wwke\n")]
    closed = old.replace("    from: 2018-05-25\n", "    from: 2018-05-25\n    until: 2027-06-30\n")
    new = old.replace("from: 2018-05-25", "from: 2027-07-01").replace("duration: 72", "duration: 96")
    regimes = parse_regimes(TEXT.replace(old, closed + new))
    found = [
        regimes.obligation("gdpr.notify_dpa", on).hours
        for on in (date(2016, 1, 1), date(2027, 6, 30), date(2027, 7, 1))
    ]
    assert found == [72, 72, 96]
    assert regimes.obligation("gdpr.notify_dpa").hours == 96
    assert regimes.in_force()["gdpr"] == date(2018, 5, 25)
    assert [each.from_.year for each in regimes.applying("gemeente", date(2027, 7, 1)) if each.id == "gdpr"] == [2027]


def test_what_nobody_read_in_the_law_itself_is_to_confirm() -> None:
    regimes = parse_regimes(TEXT)
    assert regimes.obligation("wwke.initial").is_to_confirm
    assert not regimes.obligation("cbw.early_warning").is_to_confirm
