"""Whose duty it is, what starts it, corrections, lateness: the cases of the law that need more than one date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.duties.assessment import (
    Awareness,
    Duty,
    DutyFacts,
    DutyState,
    Significance,
    Standing,
    duties,
    elapsed,
    standing,
)
from domain.duties.ladder import steps
from domain.duties.localtime import NoSuchTimeError, parse_moment
from domain.duties.periods import Agreed
from tests.unit.domain.duties.test_vectors import CALENDAR, REGIMES

SIGNAL = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
AWARE = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
CORRECTED = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = date(2026, 11, 24)


def _facts(regime: str = "cbw", *, aware: Awareness | None = None, outcome: str = "ja", **more: object) -> DutyFacts:
    known = {regime: aware or Awareness(at=AWARE)}
    decided = {regime: Significance(outcome=outcome, decided_at=AWARE + HOUR)}
    return DutyFacts(first_signal_at=SIGNAL, awareness=known, significance=decided, **more)  # type: ignore[arg-type]  # keyword pairs of a test


def _duties(facts: DutyFacts, kind: str = "gemeente", *decided: str) -> dict[str, Duty]:
    return {duty.obligation: duty for duty in duties(facts, REGIMES, CALENDAR, kind=kind, decided=decided)}


def _applying(kind: str, *decided: str) -> set[str]:
    return {regime.id for regime in REGIMES.applying(kind, DAY, decided)}


def test_a_municipality_is_bound_by_operation_of_law() -> None:
    assert _applying("gemeente") == {"cbw", "gdpr", "gemw", "internal"}
    assert "wwke" in _applying("gemeente", "kritieke-entiteit")


def test_a_shared_service_body_only_by_a_recorded_decision() -> None:
    assert "cbw" not in _applying("samenwerking")
    assert "cbw" in _applying("samenwerking", "cbw-entiteit")
    assert list(_duties(DutyFacts(first_signal_at=SIGNAL), "samenwerking", "verwerkingsverantwoordelijke")) == [
        "gdpr.notify_dpa"
    ]


def test_a_safety_region_is_excluded_whatever_anybody_decides() -> None:
    assert "cbw" not in _applying("vr", "cbw-entiteit")
    assert list(_duties(DutyFacts(first_signal_at=SIGNAL), "vr")) == ["gdpr.notify_dpa"]


def test_an_organisation_nobody_described_has_what_was_decided_for_it() -> None:
    assert "cbw" in _applying("waterschap", "cbw-entiteit")


def test_before_a_law_existed_it_does_not_apply() -> None:
    assert {regime.id for regime in REGIMES.applying("gemeente", date(2026, 8, 14))} == {"gdpr", "gemw", "internal"}


def test_a_processor_tells_the_controller_within_the_term_of_the_contract() -> None:
    named = "gdpr.processor_to_controller"
    facts = _facts("gdpr", asked=(named,), agreed={named: Agreed(hours=24)})
    assert named not in _duties(facts)
    duty = _duties(facts, "samenwerking", "verwerker")[named]
    assert (duty.state, duty.due_at) == (DutyState.LOOPT, AWARE + 24 * HOUR)
    assert "contract" in duty.rule


def test_t20_awareness_at_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchTimeError):
        parse_moment("2027-03-28T02:30")


def test_t21_the_final_report_has_no_date_before_the_notification() -> None:
    final = _duties(_facts())["cbw.final"]
    assert (final.state, final.waits_for, final.projected) == (DutyState.WACHT, "submitted:cbw.notification", True)
    assert steps(final, REGIMES) == ()


def test_t22_a_correction_recomputes_both_hour_clocks_and_keeps_the_old_limit() -> None:
    submitted = {"cbw.notification": AWARE + 24 * HOUR}
    before = _duties(_facts(submissions=submitted))
    after = _duties(_facts(aware=Awareness(at=CORRECTED, earlier=(AWARE,)), submissions=submitted))
    assert after["cbw.early_warning"].due_at == CORRECTED + 24 * HOUR
    assert after["cbw.early_warning"].earlier_due == (AWARE + 24 * HOUR,)
    assert after["cbw.notification"].due_at == CORRECTED + 72 * HOUR
    assert after["cbw.notification"].earlier_due == (AWARE + 72 * HOUR,)
    assert (after["cbw.final"].due_at, after["cbw.final"].earlier_due) == (before["cbw.final"].due_at, ())


def test_t23_a_late_notification_is_accepted_stays_late_and_asks_for_the_reason() -> None:
    late = {"gdpr.notify_dpa": AWARE + 80 * HOUR}
    duty = _duties(_facts("gdpr", submissions=late, reasons_given=()))["gdpr.notify_dpa"]
    assert standing(duty, AWARE + 9999 * HOUR) is Standing.TE_LAAT_INGEDIEND
    assert duty.delay_reason_missing
    told = _duties(_facts("gdpr", submissions=late, reasons_given={"gdpr.notify_dpa"}))["gdpr.notify_dpa"]
    assert standing(told, AWARE + 81 * HOUR) is Standing.TE_LAAT_INGEDIEND
    assert not told.delay_reason_missing


def test_submitted_in_time_needs_no_reason() -> None:
    facts = _facts("gdpr", submissions={"gdpr.notify_dpa": AWARE + 72 * HOUR}, reasons_given=())
    duty = _duties(facts)["gdpr.notify_dpa"]
    assert standing(duty, AWARE + 99 * HOUR) is Standing.INGEDIEND
    assert not duty.delay_reason_missing


def test_several_in_one_go_are_met_at_one_moment() -> None:
    at = AWARE + 20 * HOUR
    found = _duties(_facts(submissions={"cbw.early_warning": at, "cbw.notification": at}))
    assert {found[each].state for each in ("cbw.early_warning", "cbw.notification")} == {DutyState.INGEDIEND}
    assert found["cbw.final"].state is DutyState.LOOPT


@pytest.mark.parametrize("outcome", ["nee", "bijna-incident", "vrijwillig"])
def test_a_near_miss_and_a_voluntary_report_have_no_limit_and_can_be_reported(outcome: str) -> None:
    found = _duties(_facts(outcome=outcome))
    assert {duty.state for duty in found.values() if duty.regime == "cbw"} == {DutyState.NIET_VAN_TOEPASSING}
    reported = _duties(_facts(outcome=outcome, submissions={"cbw.notification": AWARE + HOUR}))
    assert reported["cbw.notification"].state is DutyState.INGEDIEND


def test_an_intermediate_report_comes_with_a_request_and_a_date_if_one_was_named() -> None:
    named = "cbw.intermediate"
    assert named not in _duties(_facts())
    asked = _duties(_facts(requests={named: AWARE + 30 * HOUR}))[named]
    assert (asked.state, asked.due_at, asked.waits_for) == (DutyState.LOOPT, None, None)
    assert elapsed(asked, AWARE + 31 * HOUR) == HOUR
    dated = _facts(requests={named: AWARE + 30 * HOUR}, agreed={named: Agreed(until=AWARE + 50 * HOUR)})
    assert _duties(dated)[named].due_at == AWARE + 50 * HOUR
    assert steps(_duties(dated)[named], REGIMES)[-1].at > AWARE + 50 * HOUR


def test_t16_a_progress_report_is_due_at_the_moment_of_the_final_one() -> None:
    facts = _facts(submissions={"cbw.notification": datetime(2027, 1, 12, 10, tzinfo=UTC)}, asked=("cbw.progress",))
    found = _duties(facts)
    assert found["cbw.progress"].due_at == found["cbw.final"].due_at == datetime(2027, 2, 12, 23, tzinfo=UTC)


def test_a_progress_report_has_the_alarm_of_the_final_one_also_when_the_limit_rolls() -> None:
    facts = _facts(submissions={"cbw.notification": datetime(2026, 11, 27, 8, 50, tzinfo=UTC)}, asked=("cbw.progress",))
    found = _duties(facts)
    assert found["cbw.progress"].due_at == found["cbw.final"].due_at == datetime(2026, 12, 28, 23, tzinfo=UTC)
    assert found["cbw.progress"].alarm_at == found["cbw.final"].alarm_at == datetime(2026, 12, 27, 23, tzinfo=UTC)


def test_a_progress_report_waits_as_long_as_the_final_one_does() -> None:
    waiting = _duties(_facts(asked=("cbw.progress",)))["cbw.progress"]
    assert (waiting.state, waiting.waits_for, waiting.due_at) == (DutyState.WACHT, "due:cbw.final", None)


def test_the_final_report_after_a_progress_report_runs_from_handling_not_from_closing() -> None:
    handled = datetime(2027, 2, 27, 10, tzinfo=UTC)
    facts = _facts(asked=("cbw.final_after_progress",), handled_at=handled, closed_at=handled + 900 * HOUR)
    assert _duties(facts)["cbw.final_after_progress"].due_at == datetime(2027, 3, 30, 22, tzinfo=UTC)


def test_a_trust_service_reports_in_24_hours_instead_of_72_and_its_final_report_follows() -> None:
    named = "cbw.notification_trust_service"
    found = _duties(_facts(asked=(named,)), "gemeente", "vertrouwensdienst")
    assert found[named].due_at == AWARE + 24 * HOUR
    assert "cbw.notification" not in found
    sent = _facts(asked=(named,), submissions={named: datetime(2026, 11, 24, 20, tzinfo=UTC)})
    assert _duties(sent, "gemeente", "vertrouwensdienst")["cbw.final"].due_at == datetime(2026, 12, 24, 23, tzinfo=UTC)


def test_a_report_without_a_term_or_before_its_trigger_is_simply_submitted() -> None:
    done = {"cbw.inform_recipients": AWARE + HOUR, "cbw.final": AWARE + 2 * HOUR}
    found = _duties(_facts(submissions=done))
    assert {found[each].state for each in done} == {DutyState.INGEDIEND}
    assert {standing(found[each], AWARE + 900 * HOUR) for each in done} == {Standing.INGEDIEND}


def test_a_high_risk_that_is_established_starts_the_duty_to_inform_people() -> None:
    duty = _duties(_facts("gdpr", moments={"hoog-risico": AWARE + 5 * HOUR}))["gdpr.inform_subjects"]
    assert (duty.state, duty.trigger_at, duty.due_at) == (DutyState.LOOPT, AWARE + 5 * HOUR, None)
    assert standing(duty, AWARE + 500 * HOUR) is Standing.LOOPT


def test_the_reply_of_the_csirt_is_watched_quietly() -> None:
    facts = _facts(asked=("cbw.csirt_reply",), submissions={"cbw.early_warning": AWARE + HOUR})
    reply = _duties(facts)["cbw.csirt_reply"]
    assert reply.due_at == AWARE + 25 * HOUR
    assert [step.at for step in steps(reply, REGIMES)] == [AWARE + 25 * HOUR]


def test_an_emergency_regulation_has_clocks_of_its_own() -> None:
    facts = _facts(
        "gemw",
        moments={"raad-weigert": AWARE},
        submissions={"gemw.appeal": AWARE + 20 * HOUR},
        asked=("gemw.notice", "gemw.ratification", "gemw.appeal_decision"),
    )
    found = _duties(facts)
    assert found["gemw.appeal"].due_at == AWARE + 24 * HOUR
    assert found["gemw.appeal_decision"].due_at == datetime(2026, 11, 27, 23, tzinfo=UTC)
    assert found["gemw.ratification"].rule.startswith("in de eerstvolgende vergadering")
    assert found["gemw.notice"].due_at is None


def test_monthly_follow_up_starts_anew_until_the_incident_is_closed() -> None:
    named = "bio2.followup"
    first = _duties(_facts(asked=(named,)))[named]
    assert first.due_at == datetime(2026, 12, 24, 23, tzinfo=UTC)
    again = _facts(asked=(named,), submissions={named: datetime(2026, 12, 20, 9, tzinfo=UTC)})
    assert (_duties(again)[named].state, _duties(again)[named].due_at) == (
        DutyState.LOOPT,
        datetime(2027, 1, 20, 23, tzinfo=UTC),
    )
    closed = _facts(
        asked=(named,),
        submissions={named: datetime(2026, 12, 20, 9, tzinfo=UTC)},
        closed_at=datetime(2026, 12, 21, 9, tzinfo=UTC),
    )
    assert _duties(closed)[named].state is DutyState.INGEDIEND


def test_keeping_data_is_a_term_in_years_and_never_rolls() -> None:
    facts = _facts(asked=("bio2.retention",), closed_at=datetime(2027, 1, 2, 11, tzinfo=UTC))
    assert _duties(facts)["bio2.retention"].due_at == datetime(2030, 1, 2, 23, tzinfo=UTC)


def test_undecided_shows_the_time_since_the_first_signal() -> None:
    duty = _duties(DutyFacts(first_signal_at=SIGNAL))["cbw.early_warning"]
    assert elapsed(duty, SIGNAL + 3 * HOUR) == 3 * HOUR


def test_a_ladder_of_its_own_is_data() -> None:
    quiet = REGIMES.ladder.running.model_copy(update={"at_limit": False, "half_time": False, "before_minutes": (45,)})
    regimes = REGIMES.model_copy(update={"ladder": REGIMES.ladder.model_copy(update={"running": quiet})})
    duty = _duties(_facts())["cbw.early_warning"]
    assert duty.due_at is not None
    assert [step.at - duty.due_at for step in steps(duty, regimes)][:2] == [timedelta(minutes=-45), HOUR]
