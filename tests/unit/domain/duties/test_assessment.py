"""From the first signal each regime stands there; only a signed decision makes it a clock; warnings come once."""

from datetime import UTC, datetime, timedelta

from domain.duties.assessment import (
    Awareness,
    Duty,
    DutyFacts,
    DutyState,
    Significance,
    Standing,
    duties,
    standing,
)
from domain.duties.ladder import due_steps, next_at, steps
from tests.unit.domain.duties.test_vectors import CALENDAR, REGIMES

SIGNAL = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _duties(facts: DutyFacts) -> dict[str, Duty]:
    return {duty.obligation: duty for duty in duties(facts, REGIMES, CALENDAR)}


def _decided(outcome: str = "ja", **more: object) -> DutyFacts:
    known = {"cbw": Awareness(at=SIGNAL + HOUR)}
    decision = {"cbw": Significance(outcome=outcome, decided_at=SIGNAL + 2 * HOUR)}
    return DutyFacts(first_signal_at=SIGNAL, awareness=known, significance=decision, **more)  # type: ignore[arg-type]  # keyword pairs of a test


def test_nobody_decided_yet_is_a_state_with_a_worst_case() -> None:
    found = _duties(DutyFacts(first_signal_at=SIGNAL))
    assert list(found) == ["cbw.early_warning", "cbw.notification", "cbw.final", "gdpr.notify_dpa"]
    assert {duty.state for duty in found.values()} == {DutyState.NIET_BEOORDEELD}
    assert found["cbw.early_warning"].worst_case_at == SIGNAL + 24 * HOUR
    assert found["gdpr.notify_dpa"].worst_case_at == SIGNAL + 72 * HOUR
    assert found["cbw.final"].worst_case_at is None


def test_once_awareness_is_known_the_worst_case_counts_from_there() -> None:
    earlier = {"cbw": Awareness(at=SIGNAL - HOUR)}
    found = _duties(DutyFacts(first_signal_at=SIGNAL, awareness=earlier))
    assert found["cbw.early_warning"].worst_case_at == SIGNAL + 23 * HOUR
    assert found["cbw.early_warning"].state is DutyState.NIET_BEOORDEELD
    assert found["gdpr.notify_dpa"].worst_case_at == SIGNAL + 72 * HOUR


def test_a_decision_starts_the_clock_from_awareness_of_that_regime_only() -> None:
    found = _duties(_decided())
    assert found["cbw.early_warning"].due_at == SIGNAL + 25 * HOUR
    assert found["cbw.notification"].due_at == SIGNAL + 73 * HOUR
    assert found["gdpr.notify_dpa"].state is DutyState.NIET_BEOORDEELD


def test_the_final_report_waits_and_its_projection_is_labelled_and_never_warns() -> None:
    final = _duties(_decided())["cbw.final"]
    assert (final.state, final.projected) == (DutyState.WACHT, True)
    assert final.due_at is not None
    assert standing(final, SIGNAL + timedelta(days=400)) is Standing.WACHT
    assert steps(final, REGIMES) == ()


def test_no_is_a_decision_too() -> None:
    found = _duties(_decided("nee"))
    assert found["cbw.notification"].state is DutyState.NIET_VAN_TOEPASSING
    assert steps(found["cbw.notification"], REGIMES) == ()


def test_a_late_submission_is_accepted_and_stays_late() -> None:
    facts = _decided(submissions={"cbw.early_warning": SIGNAL + 30 * HOUR})
    duty = _duties(facts)["cbw.early_warning"]
    assert standing(duty, SIGNAL + 31 * HOUR) is Standing.TE_LAAT_INGEDIEND
    assert steps(duty, REGIMES) == ()


def test_the_limit_itself_is_still_in_time_and_a_second_later_is_not() -> None:
    duty = _duties(_decided())["cbw.early_warning"]
    assert standing(duty, SIGNAL + 25 * HOUR) is Standing.LOOPT
    assert standing(duty, SIGNAL + 25 * HOUR + timedelta(seconds=1)) is Standing.TE_LAAT


def test_the_final_report_runs_from_the_submission() -> None:
    facts = _decided(submissions={"cbw.notification": datetime(2026, 11, 27, 8, 50, tzinfo=UTC)})
    final = _duties(facts)["cbw.final"]
    assert final.due_at == datetime(2026, 12, 28, 23, tzinfo=UTC)


def test_undecided_reminds_once_per_regime() -> None:
    found = _duties(DutyFacts(first_signal_at=SIGNAL))
    cbw = steps(found["cbw.early_warning"], REGIMES)
    assert [step.at - SIGNAL for step in cbw] == [HOUR, 4 * HOUR, 12 * HOUR, 20 * HOUR]
    assert steps(found["cbw.notification"], REGIMES) == ()


def test_after_downtime_all_missed_rungs_come_at_once_and_never_again() -> None:
    duty = _duties(_decided())["cbw.early_warning"]
    now = SIGNAL + 26 * HOUR
    missed = due_steps(duty, REGIMES, (), now)
    names = [step.key.rpartition("/")[2] for step in missed]
    assert names == ["halverwege", "360-min-ervoor", "120-min-ervoor", "30-min-ervoor", "termijn", "60-min-erna"]
    given = {step.key for step in missed}
    assert due_steps(duty, REGIMES, given, now) == ()
    assert next_at(duty, REGIMES, given) == SIGNAL + 27 * HOUR


def test_a_corrected_clock_has_rungs_of_its_own() -> None:
    first = _duties(_decided())["cbw.early_warning"]
    earlier = {"cbw": Awareness(at=SIGNAL - HOUR)}
    corrected = DutyFacts(first_signal_at=SIGNAL, awareness=earlier, significance=_decided().significance)
    second = _duties(corrected)["cbw.early_warning"]
    assert second.due_at == SIGNAL + 23 * HOUR
    assert not {step.key for step in steps(first, REGIMES)} & {step.key for step in steps(second, REGIMES)}
