"""For any moment from 2020 to 2035 the command gives what a slow, independent working out of the law gives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.duties.calendar import Calendar, easter, holidays
from domain.duties.command_line import compute_line
from domain.duties.regimes import Obligation
from tests.unit.domain.duties import slow_reference as slow
from tests.unit.domain.duties.test_vectors import REGIMES

EVERY = [obligation for regime in REGIMES.regimes for obligation in regime.obligations]
HOURS = [each for each in EVERY if each.rounding == "elapsed_hours" and each.duration is not None]
PERIODS = [each for each in EVERY if each.rounding.startswith("calendar")]
OPEN = [each for each in EVERY if each not in HOURS and each not in PERIODS]
MONTHS = {"month": 1, "year": 12}
FIRST, LAST = datetime(2020, 1, 1), datetime(2034, 11, 30)  # noqa: DTZ001 - hypothesis adds the zone itself
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)).map(
    lambda each: each.replace(microsecond=0)
)
CLOCK_CHANGES = [
    datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC),
    datetime(2031, 12, 31, 23, 0, tzinfo=UTC),
]


def _answer(obligation: Obligation, moment: datetime | None, **more: object) -> dict[str, object]:
    given_at = None if moment is None else moment.isoformat()
    asked = {"id": 1, "obligation": obligation.id, "trigger_at": given_at, **more}
    return compute_line(orjson.dumps(asked).decode(), REGIMES)


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.sampled_from(HOURS))
@example(CLOCK_CHANGES[0], HOURS[0])
@example(CLOCK_CHANGES[1], HOURS[1])
@example(CLOCK_CHANGES[4], HOURS[0])
def test_hours_are_elapsed_minutes(moment: datetime, obligation: Obligation) -> None:
    answer = _answer(obligation, moment)
    expected = slow.hours_later(moment, obligation.hours or 0)
    assert _moment(answer["due_at"]) == _moment(answer["alarm_at"]) == _moment(answer["due_local"]) == expected
    assert answer["exclusive"] is False
    assert str(answer["due_local"]).startswith(expected.astimezone(ZoneInfo("Europe/Amsterdam")).isoformat())


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.sampled_from(PERIODS))
@example(CLOCK_CHANGES[1], PERIODS[0])
@example(CLOCK_CHANGES[2], PERIODS[0])
@example(CLOCK_CHANGES[3], PERIODS[0])
def test_periods_are_counted_day_by_day(moment: datetime, obligation: Obligation) -> None:
    answer = _answer(obligation, moment)
    nominal = _nominal(moment, obligation)
    limit = slow.next_day_on(nominal) if obligation.rounding.endswith("roll") else nominal
    assert _moment(answer["due_at"]) == slow.end_of(limit)
    assert _moment(answer["alarm_at"]) == slow.end_of(nominal)
    assert (answer["due_local"], answer["exclusive"]) == (f"{limit}T24:00", True)
    assert f"{nominal:%d-%m-%Y}" in str(answer["rule"])


def _nominal(moment: datetime, obligation: Obligation) -> date:
    """A limit that is the end of a day belongs to the day that ends."""
    follows = obligation.trigger.startswith("due:")
    first = slow.date_here(moment - timedelta(seconds=1) if follows else moment)
    count = obligation.duration or 0
    if obligation.unit in MONTHS:
        return slow.months_later(first, count * MONTHS[obligation.unit])
    return slow.days_later(first, count * (7 if obligation.unit == "week" else 1))


@pytest.mark.parametrize("obligation", EVERY, ids=lambda each: each.id)
def test_every_obligation_answers_in_the_agreed_form(obligation: Obligation) -> None:
    answer = _answer(obligation, CLOCK_CHANGES[0])
    if obligation in OPEN:
        assert set(answer) == {"id", "due_at", "rule"}
        assert answer["due_at"] is None
    else:
        assert set(answer) == {"id", "due_at", "due_local", "alarm_at", "exclusive", "rule"}
    assert answer["rule"]
    assert _answer(obligation, None) == {"id": 1, "due_at": None, "waits_for": obligation.trigger}


@settings(max_examples=150, deadline=None)
@given(st.datetimes(min_value=FIRST, max_value=LAST).map(lambda each: each.replace(second=0, microsecond=0)))
@example(datetime(2027, 3, 28, 2, 30))  # noqa: DTZ001 - a time on the wall
@example(datetime(2027, 3, 28, 3, 0))  # noqa: DTZ001 - the same
@example(datetime(2027, 10, 31, 2, 0))  # noqa: DTZ001 - the same
@example(datetime(2027, 10, 31, 2, 59))  # noqa: DTZ001 - the same
def test_a_time_on_the_wall_is_one_moment_or_refused_or_asked(wall: datetime) -> None:
    found = slow.moments_of(wall)
    asked = [
        compute_line(
            orjson.dumps(
                {"id": 1, "obligation": HOURS[0].id, "trigger_at": wall.isoformat(timespec="minutes"), **fold}
            ).decode(),
            REGIMES,
        )
        for fold in ({}, {"fold": 0}, {"fold": 1})
    ]
    starts = [
        _moment(each["due_at"]) - timedelta(hours=HOURS[0].hours or 0) if "due_at" in each else None for each in asked
    ]
    expected = {0: [None] * 3, 1: found * 3, 2: [None, *found]}
    assert starts == expected[len(found)]


@pytest.mark.parametrize("year", slow.EASTERS)
def test_days_off_are_those_of_the_printed_table(year: int) -> None:
    assert (easter(year).month, easter(year).day) == slow.EASTERS[year]
    calendar = Calendar(equated=frozenset(slow.EQUATED))
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    wrong = [day for day in days if day.year == year and calendar.is_working_day(day) == slow.is_day_off(day)]
    assert wrong == []
    assert len(holidays(year)) >= 9


def test_a_contract_and_a_requester_set_their_own_limit() -> None:
    by_contract = next(each for each in EVERY if each.by_contract and each.unit == "hour")
    on_request = next(each for each in EVERY if each.rounding == "on_request")
    assert _answer(by_contract, CLOCK_CHANGES[0], hours=48)["due_at"] == "2026-03-30T23:59:59Z"
    assert _answer(on_request, CLOCK_CHANGES[0], until="2026-04-01T12:00")["due_at"] == "2026-04-01T10:00:00Z"


@pytest.mark.parametrize(
    "wrong", [{"hours": 0}, {"hours": True}, {"hours": "48"}, {"until": 5}, {"until": "0001-01-01T00:00"}, {"fold": 2}]
)
def test_a_term_that_makes_no_sense_is_an_error_in_words(wrong: dict[str, object]) -> None:
    assert _answer(EVERY[0], CLOCK_CHANGES[0], **wrong)["error"]
