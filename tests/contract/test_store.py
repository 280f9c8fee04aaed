"""Port Store: all or nothing, heads before facts, rows come back as they were written."""

from datetime import timedelta
from hashlib import sha256

import pytest

from adapters import packaged
from domain.duties.assessment import DutyFacts, duties
from domain.events.destruction import DESTROYED, Vernietigd
from domain.events.incident import LogboekregelGeschreven
from domain.incidents import stream_of
from domain.parties import SYSTEM
from domain.status import Status
from playbooks import engine
from signals.correlation import CorrelationKey, Known
from tests.builders import DINSDAG_0900, UTRECHT, a_rule, an_actor, an_id, an_incident, minutes
from tests.contract.conftest import Ports
from usecases.ports import DutyRow, Membership, Notice, Transaction

STREAM = stream_of(an_id(1))
OTHER = stream_of(an_id(2))
KEY = CorrelationKey(rule="zelfde-dienst", key=f"{UTRECHT}/burgerzaken")
BY = an_actor().signature()


def note(text: str) -> LogboekregelGeschreven:
    """A line in the logbook."""
    return LogboekregelGeschreven(entry="feit", text=text)


async def write(tx: Transaction, *texts: str, stream: str = STREAM, after: float = 0) -> None:
    """Lock and append."""
    await tx.lock([stream])
    await tx.append(stream, [note(text) for text in texts], by=BY, at=DINSDAG_0900 + minutes(after))


def joined(number: int, count: int, digest: str = "ab", *, after: float = 0) -> Membership:
    """Signals that joined an incident."""
    at = DINSDAG_0900 + minutes(after)
    return Membership(incident_id=an_id(number), count=count, first_at=at, last_at=at, digest=digest, rule=a_rule())


async def test_versions_run_on_and_a_stream_that_does_not_exist_is_at_zero(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        assert await tx.lock([OTHER, STREAM]) == {STREAM: 0, OTHER: 0}
        first = await tx.append(STREAM, [note("a"), note("b")], by=BY, at=DINSDAG_0900)
    async with ports.store.begin() as tx:
        assert await tx.lock([STREAM]) == {STREAM: 2}
        second = await tx.append(STREAM, [note("c")], by=SYSTEM, at=DINSDAG_0900, correlation=an_id(7))

    assert [each.version for each in (*first, *second)] == [1, 2, 3]
    assert (second[0].by, second[0].correlation_id) == (SYSTEM, an_id(7))


async def test_who_signed_a_fact_is_known_by_its_place(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        await write(tx, "a")
        await tx.append(STREAM, [note("b")], by=SYSTEM, at=DINSDAG_0900)
        assert [await tx.signature(STREAM, version) for version in (1, 2, 3)] == [BY, SYSTEM, None]
        assert await tx.signature(OTHER, 1) is None


async def test_what_fails_leaves_nothing(ports: Ports) -> None:
    async def fail() -> None:
        async with ports.store.begin() as tx:
            await write(tx, "weg")
            await tx.put_incident(an_incident(), ())
            await tx.notify([Notice(key="k", organisation="o", function="f", subject="s", body="b")])
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        await fail()

    async with ports.store.begin() as tx:
        assert await tx.lock([STREAM]) == {STREAM: 0}
        assert await tx.incident(an_id(1)) is None


async def test_only_existing_streams_can_be_locked_freely(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        await write(tx, "a")
    async with ports.store.begin() as tx:
        assert await tx.lock_free([STREAM, OTHER]) == {STREAM: 1}


async def test_an_incident_and_its_duties_come_back(ports: Ports) -> None:
    incident = an_incident()
    regimes = packaged.regimes()
    found = duties(DutyFacts(first_signal_at=DINSDAG_0900), regimes, packaged.calendar())
    rows = [DutyRow(duty=each, next_warning_at=DINSDAG_0900 + minutes(n)) for n, each in enumerate(found)]
    async with ports.store.begin() as tx:
        await tx.put_incident(incident, rows)
    async with ports.store.begin() as tx:
        assert await tx.incident(incident.incident_id) == incident
        await tx.put_incident(incident.model_copy(update={"version": 2}), rows[1:])

    assert (await ports.readings.duty_rows([incident.incident_id, an_id(9)])) == {incident.incident_id: tuple(rows[1:])}
    seen = await ports.readings.incident(incident.incident_id)
    assert seen is not None
    assert seen.version == 2
    assert await ports.due.due_duties(DINSDAG_0900, 10) == []
    assert await ports.due.due_duties(DINSDAG_0900 + minutes(1), 10) == [incident.incident_id]


async def test_an_execution_and_its_tasks_come_back(ports: Ports) -> None:
    events = engine.begin(
        packaged.catalogue(),
        next(iter(packaged.catalogue())),
        execution_id=an_id(5),
        incident_id=an_id(1),
        municipality=UTRECHT,
        at=DINSDAG_0900,
        routing={},
        anchors={},
    )
    state = None
    async with ports.store.begin() as tx:
        stream = engine.stream_of(an_id(5))
        await tx.lock([stream])
        for recorded in await tx.append(stream, events, by=BY, at=DINSDAG_0900):
            state = engine.evolve(state, recorded)
        assert state is not None
        await tx.put_execution(state, list(state.tasks.values()), next_wake_at=DINSDAG_0900)
    task = next(iter(state.tasks.values()))
    async with ports.store.begin() as tx:
        assert await tx.execution(an_id(5)) == state
        assert await tx.task(task.task_key) == task
        assert {each.task_key for each in await tx.tasks_of(an_id(5))} == set(state.tasks)

    assert await ports.readings.execution(an_id(5)) == state
    assert await ports.readings.executions([an_id(1)]) == [(an_id(1), state)]
    assert await ports.readings.task(task.task_key) == task
    assert task in await ports.readings.tasks_for(task.organisation, [task.function])
    assert await ports.due.due_executions(DINSDAG_0900, 5) == [an_id(5)]
    assert await ports.due.due_executions(DINSDAG_0900 - timedelta(seconds=1), 5) == []
    lines = await ports.readings.log([stream])
    assert min((line.recorded for line in lines), key=lambda each: each.version).event == events[0]


async def test_incident_numbers_are_never_given_twice(ports: Ports) -> None:
    given = []
    for year in (2026, 2026, 2027):
        async with ports.store.begin() as tx:
            given.append(await tx.next_incident_number(year))

    assert given == ["INC-2026-0001", "INC-2026-0002", "INC-2027-0001"]


async def test_keys_lead_to_an_incident_until_they_are_released(ports: Ports) -> None:
    known = Known(an_id(1), DINSDAG_0900)
    async with ports.store.begin() as tx:
        await tx.hold_keys([UTRECHT, "GM0310"])
        await tx.bind_keys({KEY: known})
        unknown = CorrelationKey(rule="r", key="k")
        assert await tx.open_keys([KEY, unknown]) == {KEY: known}
    async with ports.store.begin() as tx:
        await tx.release_keys(an_id(1), an_id(2))
        assert await tx.open_keys([KEY]) == {KEY: Known(an_id(2), DINSDAG_0900)}
        await tx.release_keys(an_id(2), None)
        assert await tx.open_keys([KEY]) == {}


async def test_pending_counts_add_up_and_are_taken_once(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        await tx.count_members([joined(1, 2, "ab", after=5), joined(2, 1)])
    async with ports.store.begin() as tx:
        await tx.count_members([joined(1, 3, "cd", after=1)])
    assert set(await ports.due.due_members(DINSDAG_0900 + minutes(60), 10)) == {an_id(1), an_id(2)}

    async with ports.store.begin() as tx:
        taken = await tx.pending_members(an_id(1), DINSDAG_0900 + minutes(10))
        assert taken == Membership(
            incident_id=an_id(1),
            count=5,
            first_at=DINSDAG_0900 + minutes(1),
            last_at=DINSDAG_0900 + minutes(5),
            digest=sha256(b"abcd").hexdigest(),
            rule=a_rule(),
        )
        assert await tx.pending_members(an_id(1), DINSDAG_0900) is None
        await tx.hand_over_signals(an_id(2), an_id(3))
        moved = await tx.pending_members(an_id(3), DINSDAG_0900)

    assert moved is not None
    assert moved.count == 1
    assert await ports.due.due_members(DINSDAG_0900 + minutes(60), 10) == []


async def test_an_answer_is_stored_once(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        assert await tx.answered("sam:knop") is None
        await tx.remember("sam:knop", '{"a":1}')
    async with ports.store.begin() as tx:
        assert await tx.answered("sam:knop") == '{"a":1}'
        assert await tx.answered("kim:knop") is None


async def test_destroyed_texts_read_so_and_the_fact_says_which(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        await write(tx, "geheim", "blijft")
    async with ports.store.begin() as tx:
        await tx.lock([STREAM])
        recorded = await tx.destroy(STREAM, [1], list_item="4.1", by=BY, at=DINSDAG_0900 + minutes(1))

    assert (recorded.version, recorded.event) == (3, Vernietigd(destroyed=("1/text",), list_item="4.1"))
    gone, kept, first = await ports.readings.log([STREAM])
    assert gone.recorded.version == 3
    assert (kept.destroyed, kept.recorded.event) == (frozenset(), note("blijft"))
    assert (first.destroyed, first.recorded.event) == (frozenset({"text"}), note(DESTROYED))


async def test_the_log_reads_newest_first_and_can_be_narrowed(ports: Ports) -> None:
    async with ports.store.begin() as tx:
        await write(tx, "a", "b")
    async with ports.store.begin() as tx:
        await write(tx, "c", stream=OTHER, after=1)
    async with ports.store.begin() as tx:
        await write(tx, "d", after=2)

    async def texts(**asked: object) -> list[str]:
        lines = await ports.readings.log([STREAM, OTHER], **asked)  # type: ignore[arg-type]  # given below
        return [getattr(line.recorded.event, "text", "") for line in lines]

    assert await texts() == ["d", "c", "b", "a"]
    assert await texts(limit=2) == ["d", "c"]
    assert await texts(before=3) == ["c", "b", "a"]
    assert await texts(types=["nl.incidenten.ernst-bepaald"]) == []
    assert await ports.readings.card_number() == 4


async def test_open_and_lately_closed_incidents_are_listed_newest_first(ports: Ports) -> None:
    old = an_incident(number=1, at=DINSDAG_0900)
    new = an_incident(number=2, at=DINSDAG_0900 + minutes(5))
    shut = {"status": Status.AFGESLOTEN, "closed_at": DINSDAG_0900 + minutes(6)}
    closed = an_incident(number=3, at=DINSDAG_0900 + minutes(1)).model_copy(update=shut)
    async with ports.store.begin() as tx:
        for each in (old, new, closed):
            await tx.put_incident(each, ())

    async def listed(after: float) -> list[str]:
        since = DINSDAG_0900 + minutes(after)
        return [each.number for each in await ports.readings.incidents([UTRECHT], closed_since=since)]

    assert await listed(6) == [new.number, closed.number, old.number]
    assert await listed(7) == [new.number, old.number]
    assert await ports.readings.incidents(["GM0310"], closed_since=DINSDAG_0900) == []
