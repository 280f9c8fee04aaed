"""The worked examples of the law, to the second: hours elapse, months clamp and roll, alarms never roll."""

from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duties.calendar import Calendar, easter
from domain.duties.command_line import compute_line
from domain.duties.localtime import (
    HERE,
    AmbiguousTimeError,
    NoSuchTimeError,
    UnreadableTimeError,
    parse_moment,
)
from domain.duties.periods import Due, Waits, compute
from domain.duties.regimes import Regimes, UnknownObligationError, parse_regimes

REGIMES: Regimes = parse_regimes((Path(__file__).parents[4] / "domain" / "duties" / "regimes.yaml").read_text())
CALENDAR = REGIMES.calendar()

FIRST, LAST = (datetime(year, 8, 15) for year in (2026, 2040))  # noqa: DTZ001 - hypothesis adds the zone itself
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(HERE))
HOURS = [
    ("T01", "cbw.early_warning", "2026-11-24T09:15:00Z", "2026-11-25T09:15:00Z"),
    ("T02", "cbw.notification", "2026-11-24T09:15:00Z", "2026-11-27T09:15:00Z"),
    ("T04", "gdpr.notify_dpa", "2027-03-26T15:40:00Z", "2027-03-29T15:40:00Z"),
    ("T05", "cbw.early_warning", "2027-03-27T13:30:00Z", "2027-03-28T13:30:00Z"),
    ("T06", "cbw.early_warning", "2027-10-30T12:30:00Z", "2027-10-31T12:30:00Z"),
    ("T07", "gdpr.notify_dpa", "2027-10-29T07:00:00Z", "2027-11-01T07:00:00Z"),
    ("T08a", "cbw.early_warning", "2027-10-31T00:30:00Z", "2027-11-01T00:30:00Z"),
    ("T08b", "cbw.early_warning", "2027-10-31T01:30:00Z", "2027-11-01T01:30:00Z"),
    ("T09", "cbw.notification_trust_service", "2026-12-31T22:30:00Z", "2027-01-01T22:30:00Z"),
    ("T10", "gdpr.notify_dpa", "2026-12-24T15:00:00Z", "2026-12-27T15:00:00Z"),
    ("T19", "cbw.early_warning", "2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z"),
]
CALENDAR_PERIODS = [
    ("T03", "cbw.final", "2026-11-27T08:50:00Z", "2026-12-28T23:00:00Z", "2026-12-27"),
    ("T11", "cbw.final", "2027-01-31T19:00:00Z", "2027-03-01T23:00:00Z", "2027-02-28"),
    ("T12", "cbw.final", "2028-01-31T08:00:00Z", "2028-02-29T23:00:00Z", "2028-02-29"),
    ("T13", "cbw.final", "2026-11-26T08:30:00Z", "2026-12-28T23:00:00Z", "2026-12-26"),
    ("T14", "cbw.final", "2027-03-27T11:00:00Z", "2027-04-28T22:00:00Z", "2027-04-27"),
    ("T15", "cbw.final", "2027-04-07T13:00:00Z", "2027-05-10T22:00:00Z", "2027-05-07"),
    ("T16a", "cbw.final", "2027-01-12T10:00:00Z", "2027-02-12T23:00:00Z", "2027-02-12"),
    ("T16b", "cbw.final_after_progress", "2027-02-27T10:00:00Z", "2027-03-30T22:00:00Z", "2027-03-27"),
    ("T17", "cbw.final", "2026-12-31T23:30:00Z", "2027-02-01T23:00:00Z", "2027-02-01"),
    ("T18", "cbw.register_change", "2027-05-03T08:00:00Z", "2027-05-18T22:00:00Z", "2027-05-17"),
]


def _line(obligation: str, trigger: str | None, **more: object) -> dict[str, object]:
    asked = {"id": "x", "obligation": obligation, "trigger_at": trigger, **more}
    return compute_line(orjson.dumps(asked).decode(), REGIMES)


@pytest.mark.parametrize(("name", "obligation", "trigger", "due"), HOURS, ids=[row[0] for row in HOURS])
def test_hours_elapse(name: str, obligation: str, trigger: str, due: str) -> None:
    answer = _line(obligation, trigger)
    assert (answer["due_at"], answer["alarm_at"], answer["exclusive"]) == (due, due, False), name


@pytest.mark.parametrize(
    ("name", "obligation", "trigger", "due", "nominal"), CALENDAR_PERIODS, ids=[row[0] for row in CALENDAR_PERIODS]
)
def test_calendar_periods_clamp_and_roll_and_the_alarm_does_not(
    name: str, obligation: str, trigger: str, due: str, nominal: str
) -> None:
    answer = _line(obligation, trigger)
    assert (answer["due_at"], answer["exclusive"]) == (due, True), name
    alarm = datetime.fromisoformat(str(answer["alarm_at"])) - timedelta(seconds=1)
    assert alarm.astimezone(HERE).date().isoformat() == nominal


def test_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchTimeError):
        parse_moment("2027-03-28T02:30")
    assert "bestaat niet" in str(_line("cbw.early_warning", "2027-03-28T02:30")["error"])


def test_a_time_that_occurs_twice_is_asked() -> None:
    with pytest.raises(AmbiguousTimeError):
        parse_moment("2027-10-31T02:30")
    assert _line("cbw.early_warning", "2027-10-31T02:30", fold=0)["due_at"] == "2027-11-01T00:30:00Z"
    assert _line("cbw.early_warning", "2027-10-31T02:30", fold=1)["due_at"] == "2027-11-01T01:30:00Z"


def test_the_final_report_has_no_date_before_the_notification_was_submitted() -> None:
    assert _line("cbw.final", None) == {"id": "x", "due_at": None, "waits_for": "submitted:cbw.notification"}


@pytest.mark.parametrize("obligation", ["cbw.inform_recipients", "cbw.intermediate"])
def test_what_has_no_term_in_law_says_so(obligation: str) -> None:
    answer = _line(obligation, "2026-11-24T09:15:00Z")
    assert answer["due_at"] is None
    assert answer["rule"]


@pytest.mark.parametrize(
    "line", ["", "null", "[]", "{", '{"id": 1}', '{"id": 1, "obligation": "cbw.final", "trigger_at": "morgen"}']
)
def test_nonsense_is_an_error_in_words(line: str) -> None:
    assert compute_line(line, REGIMES)["error"]


@given(st.text())
def test_no_text_breaks_the_command(text: str) -> None:
    assert "error" in compute_line(text, REGIMES) or "due_at" in compute_line(text, REGIMES)


@given(MOMENTS)
def test_a_day_of_hours_is_always_86400_seconds(start: datetime) -> None:
    due = compute(REGIMES.obligation("cbw.early_warning"), start, CALENDAR)
    assert isinstance(due, Due)
    assert (due.due_at - start.astimezone(due.due_at.tzinfo)).total_seconds() == 86400


@given(MOMENTS)
def test_a_calendar_limit_is_a_working_day_and_never_before_its_alarm(start: datetime) -> None:
    due = compute(REGIMES.obligation("cbw.final"), start, CALENDAR)
    assert isinstance(due, Due)
    assert due.alarm_at <= due.due_at
    assert CALENDAR.is_working_day((due.due_at - timedelta(seconds=1)).astimezone(HERE).date())


@pytest.mark.parametrize(
    ("year", "day"), [(2026, "2026-04-05"), (2027, "2027-03-28"), (2028, "2028-04-16"), (2038, "2038-04-25")]
)
def test_easter(year: int, day: str) -> None:
    assert easter(year).isoformat() == day


def test_kings_day_moves_when_it_is_a_sunday() -> None:
    assert not Calendar().is_working_day(date(2025, 4, 26))
    assert Calendar().is_working_day(date(2025, 4, 28))


def test_every_obligation_has_words_source_and_recipient() -> None:
    for regime in REGIMES.regimes:
        for obligation in regime.obligations:
            assert set(obligation.label) == {"nl", "en"}
            assert obligation.ref
            assert all(name in REGIMES.recipients for name in obligation.recipients)
            assert REGIMES.regime_of(obligation.id) is regime


def test_unknown_names_are_refused() -> None:
    for ask in (REGIMES.obligation, REGIMES.regime, REGIMES.regime_of):
        with pytest.raises(UnknownObligationError):
            ask("bestaat.niet")
    with pytest.raises(UnreadableTimeError):
        parse_moment("geen tijd")
    assert isinstance(compute(REGIMES.obligation("cbw.final"), None, CALENDAR), Waits)


def test_no_code_knows_a_regime_by_name() -> None:
    names = REGIMES.regime_ids() | REGIMES.obligation_ids()
    rooms = [Path(__file__).parents[4] / room for room in ("domain", "usecases", "adapters", "api", "streams")]
    named = [
        (path.name, name)
        for room in rooms
        for path in room.rglob("*.py")
        for name in names
        if f'"{name}"' in path.read_text()
    ]
    assert named == []
