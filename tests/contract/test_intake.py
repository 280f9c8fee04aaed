"""Port Store for the intake: one outcome per receipt, one row per signal, counted for the ledger."""

from dataclasses import replace

from domain.incidents import stream_of
from signals.normal import NormalSignal
from tests.builders import DINSDAG_0900, UTRECHT, an_id, an_incident, minutes
from tests.contract.conftest import WAITING, Ports
from usecases.intake_rows import ReceiptOutcome, SignalRow, Verdict
from usecases.ledger import ledger

DOOR = an_id(70)


def outcome(number: int, **changes: object) -> ReceiptOutcome:
    """A receipt with one signal that joined an incident."""
    made = ReceiptOutcome(
        door=DOOR,
        number=number,
        receipt_id=an_id(100 + number),
        source_id="bron",
        organisation="gemeente:GM0344",
        received_at=DINSDAG_0900 + minutes(number),
        outcome="read",
        format="alertmanager",
        signals=1,
        in_incidents=1,
        noted=0,
        duplicates=0,
        refused_rows=0,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # given below


def signal(number: int, verdict: Verdict = Verdict.IN_INCIDENT) -> SignalRow:
    """A signal of that receipt."""
    normal = NormalSignal(
        format="alertmanager",
        source_key=f"s{number}",
        signal_key=f"k{number}",
        content_hash=f"{number:064x}",
        observed_at=DINSDAG_0900 + minutes(number),
        municipality=UTRECHT,
        service="burgerzaken",
        observables=("a.example", "b.example"),
        unknown={"rest": [1, None, "x"]},
    )
    return SignalRow(
        signal_id=an_id(200 + number),
        receipt_id=an_id(100 + number),
        row=1,
        normal=normal,
        municipality=UTRECHT,
        verdict=verdict,
        incident_id=an_id(1) if verdict is Verdict.IN_INCIDENT else None,
        dedupe_keys=(f"k{number}",),
        explanation="Zelfde dienst.",
    )


async def test_a_receipt_has_one_outcome_and_copies_are_counted_apart(ports: Ports) -> None:
    async with ports.store.begin_intake() as tx:
        assert await tx.new_receipts([outcome(1), outcome(2, signals=2, noted=1)]) == {(DOOR, 1), (DOOR, 2)}
        await tx.put_signals([signal(1), signal(2), replace(signal(3, Verdict.NOTED), receipt_id=an_id(102), row=2)])
    async with ports.store.begin_intake() as tx:
        assert await tx.known_receipts([(DOOR, 1), (DOOR, 9)]) == {(DOOR, 1)}
        assert await tx.new_receipts(
            [
                outcome(2),
                outcome(3, outcome="quarantined", signals=0, in_incidents=0, raw=b"?", reasons=("Onleesbaar.",)),
            ]
        ) == {(DOOR, 3)}

    found = await ledger(ports.readings)

    counted = found.counted
    assert (counted.received, counted.read, counted.quarantined, counted.redelivered) == (3, 2, 1, 1)
    assert (counted.signals, counted.in_incidents, counted.noted) == (3, 2, 1)
    assert (counted.in_flight, found.missing, found.unplaced) == (WAITING, -WAITING, 0)
    quarantined = await ports.readings.quarantine(["gemeente:GM0344"])
    assert [(row.receipt_id, row.reasons, row.raw) for row in quarantined] == [(an_id(103), ("Onleesbaar.",), b"?")]
    assert await ports.readings.quarantine(["gemeente:GM0310"]) == []


async def test_a_key_that_is_seen_again_leads_to_its_newest_signal(ports: Ports) -> None:
    async with ports.store.begin_intake() as tx:
        await tx.put_signals([signal(1)])
    again = replace(signal(2), dedupe_keys=("k1",), incident_id=an_id(2))
    async with ports.store.begin_intake() as tx:
        await tx.lock([stream_of(an_id(2))])
        await tx.put_incident(an_incident(number=2), ())
        await tx.put_signals([again])

    async with ports.store.begin_intake() as tx:
        assert await tx.known_signals(["k1"]) == {"k1": an_id(2)}


async def test_a_repeat_is_known_by_its_key_and_signals_come_back(ports: Ports) -> None:
    async with ports.store.begin_intake() as tx:
        await tx.put_signals([signal(1), signal(2, Verdict.NOTED)])
    async with ports.store.begin_intake() as tx:
        assert await tx.known_signals(["k1", "onbekend"]) == {"k1": None}

    (joined,), (noted,) = await ports.readings.signals(an_id(1)), await ports.readings.noted(UTRECHT)
    assert replace(joined, dedupe_keys=("k1",)) == signal(1)
    assert noted.normal == signal(2).normal
