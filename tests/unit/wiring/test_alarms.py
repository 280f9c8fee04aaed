"""When something is an alarm, and when it is over."""

from dataclasses import replace

import pytest

from adapters.store.heartbeats import Heartbeat
from tests.builders import DINSDAG_0900
from usecases.ledger import balance
from usecases.readings import Counted
from wiring.processes.alarms import DOUBT_SECONDS, Doubt, late

RIGHT = Counted(
    received=5,
    read=5,
    quarantined=0,
    spooled=0,
    in_flight=0,
    signals=7,
    in_incidents=7,
    noted=0,
    duplicates=0,
    refused_rows=0,
    redelivered=0,
    lost=0,
    incidents=1,
)
ONE_SHORT, TWO_SHORT, UNPLACED = replace(RIGHT, read=4), replace(RIGHT, read=3), replace(RIGHT, signals=8)
ON_ITS_WAY = replace(ONE_SHORT, spooled=3)


@pytest.mark.parametrize("wrong", [ONE_SHORT, TWO_SHORT, UNPLACED])
def test_a_difference_that_stands_for_half_a_minute_is_an_alarm(wrong: Counted) -> None:
    doubt = Doubt()
    looks = [doubt.seen(balance(wrong), at) for at in (0.0, DOUBT_SECONDS - 1, DOUBT_SECONDS, DOUBT_SECONDS + 60)]
    assert looks == [False, False, True, True]


@pytest.mark.parametrize("between", [RIGHT, TWO_SHORT])
def test_a_difference_that_goes_or_changes_begins_anew(between: Counted) -> None:
    doubt = Doubt()
    looks = [doubt.seen(balance(each), at) for each, at in ((ONE_SHORT, 0.0), (between, 20.0), (ONE_SHORT, 40.0))]
    assert looks == [False, False, False]


def test_what_is_on_its_way_says_nothing() -> None:
    doubt = Doubt()
    assert not any(doubt.seen(balance(ON_ITS_WAY), at) for at in (0.0, 40.0, 80.0))
    assert not doubt.seen(balance(ONE_SHORT), 90.0)
    assert not doubt.seen(balance(ON_ITS_WAY), 100.0)
    assert doubt.seen(balance(ONE_SHORT), 130.0)


def test_a_sweep_that_is_silent_is_an_alarm_and_one_that_never_spoke_runs_elsewhere() -> None:
    assert late(None) is None
    assert late(Heartbeat("sweep", DINSDAG_0900, 29.0, {})) is None
    assert late(Heartbeat("sweep", DINSDAG_0900, 31.4, {})) == {"age_seconds": 31}
