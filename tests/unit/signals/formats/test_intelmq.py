"""IntelMQ: its outcomes, one event, a list, or one on each line."""

import json
from typing import Any

import pytest

from domain.severity import Severity
from signals.formats.kinds import INTELMQ
from signals.normal import Certainty, State
from tests.unit.signals.asking import NOON, reading, signal

EVENT: dict[str, Any] = {
    "classification.type": "brute-force",
    "classification.identifier": "ssh",
    "feed.name": "bench",
    "feed.accuracy": 90.0,
    "source.ip": "198.18.0.1",
    "source.fqdn": "exämple.nl",
    "time.source": "2026-11-24T08:00:00-0400",
    "event_description.text": "SSH geweigerd",
    "extra.severity": "high",
}


def lines(*events: object) -> str:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in events) + "\n"


def test_names_become_punycode_and_offsets_become_utc() -> None:
    found = signal(EVENT)
    assert (found.format, found.rsit) == ("intelmq", "intrusion-attempts/brute-force")
    assert found.observables == ("198.18.0.1", "xn--exmple-cua.nl")
    assert (found.observed_at.hour, found.observed_original) == (12, EVENT["time.source"])
    assert (found.severity, found.certainty) == (Severity.VERSTOORD, Certainty.WAARSCHIJNLIJK)
    assert (found.title, found.text) == ("ssh: 198.18.0.1", "SSH geweigerd")


@pytest.mark.parametrize("address", ["300.1.1.1", "1.1.1", "01.1.1.1", "1.1.1.1/24", "x", 5, True])
def test_impossible_addresses_are_refused(address: object) -> None:
    found = reading({**EVENT, "source.ip": address})
    assert (found.verdict, "`source.ip`" in found.reasons[0]) == ("quarantined", True)


@pytest.mark.parametrize("kind", ["botnet", "", 5, None, ["ddos"]])
def test_types_outside_the_vocabulary_are_refused(kind: object) -> None:
    found = reading({**EVENT, "classification.type": kind})
    assert (found.verdict, "woordenlijst" in found.reasons[0]) == ("quarantined", True)


@pytest.mark.parametrize("kind", INTELMQ)
def test_every_type_of_the_vocabulary_is_read(kind: str) -> None:
    found = signal({**EVENT, "classification.type": kind.upper()})
    assert (found.rsit, found.state) == (INTELMQ[kind], State.TEST if kind == "test" else State.NIEUW)


def test_a_list_and_lines_keep_what_can_be_read() -> None:
    bad = {**EVENT, "source.ip": "300.1.1.1"}
    for body in ([EVENT, bad, EVENT], lines(EVENT, bad, EVENT)):
        found = reading(body)
        assert [each.raw_pointer for each in found.signals] == [1, 3]
        assert [each.row for each in found.refused_rows] == [2]


def test_lines_with_a_byte_order_mark_empty_lines_and_broken_ones() -> None:
    found = reading("\ufeff" + lines(EVENT, "", "{kapot", EVENT, "[" * 10_000, '{"a": NaN}'))
    assert (len(found.signals), [each.row for each in found.refused_rows]) == (2, [2, 4, 5])


def test_nested_names_are_read_as_dotted_ones() -> None:
    nested = {
        "classification": {"type": "ddos"},
        "source": {"ip": "192.0.2.1", "geolocation": {"cc": "NL"}},
        "extra": {"x": {}},
    }
    found = signal(nested)
    assert (found.rsit, found.observables) == ("availability/ddos", ("192.0.2.1",))
    assert found.unknown["source.geolocation.cc"] == "NL"


def test_a_missing_moment_is_the_moment_of_receipt_and_type_is_undetermined() -> None:
    found = signal({"feed.name": "x", "source.ip": "192.0.2.1", "time.source": "{timestamp}"})
    assert (found.rsit, found.observed_at, found.observed_original) == ("other/undetermined", NOON, "{timestamp}")


def test_the_same_address_and_kind_is_one_disturbance_and_the_same_event_is_one_signal() -> None:
    later = {**EVENT, "time.source": "2026-11-25T08:00:00Z", "source.port": 22}
    assert signal(EVENT).source_key == signal(later).source_key
    assert signal(EVENT).signal_key != signal(later).signal_key
    assert signal(EVENT) == signal(dict(reversed(EVENT.items())))


def test_escapes_that_no_database_takes_are_taken_out() -> None:
    found = reading(lines(EVENT, '{"classification.type": "ddos", "malware.name": "a\\u0000b\\ud800"}'))
    assert found.signals[1].campaign == "ab?"
