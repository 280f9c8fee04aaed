"""What order and repetition may and may not change, exactly as the design words it.

Repetition changes nothing. For signals without acts of people in between another order may change numbers, openers,
moments of opening and which copy is the duplicate; never the verdict per receipt, the normal forms, what is noted,
the refused rows, the sum of joined and repeated, or the groups by strong key once the open proposals are accepted.
"""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.arriving import a_batch, a_context, a_post, a_receipt, an_alert, incidents
from tests.builders import DINSDAG_0900
from tests.fakes import FakeStore
from usecases.intake_rows import Verdict
from usecases.receipts import Receipt
from usecases.take_in import take_in

PLACES = ("GM0344", "GM0307")
SERVICES = ("burgerzaken", "bz-prod", "belastingen", "zaaksysteem", "onbekend")
HOURS = 20
"""Within the shortest window of a strong key: which signals lie in whose window does not depend on the order."""


@st.composite
def alerts(draw: st.DrawFn) -> dict[str, Any]:
    """One alert among few names, services and identities, so that repeats and shared identities are common."""
    alert = an_alert(
        draw(st.sampled_from(SERVICES)),
        draw(st.sampled_from(("Traag", "Stuk", "Vol"))),
        at=DINSDAG_0900 - timedelta(minutes=draw(st.sampled_from((0, 1, 9, 11, 60, HOURS * 60)))),
        status=draw(st.sampled_from(("firing", "firing", "firing", "resolved"))),
        **draw(st.sampled_from(({}, {}, {}, {"test": "true"}, {"gemeente": "GM9999"}))),
    )
    identity = draw(st.sampled_from((None, "a", "b", "c")))
    return alert | ({"fingerprint": identity} if identity else {})


posts = st.lists(alerts(), min_size=1, max_size=3).map(lambda found: a_post(*found))
bodies = st.one_of(posts, posts, posts, st.sampled_from((b"{", b"\xff", b"[]")))


@st.composite
def receipts(draw: st.DrawFn) -> Sequence[Receipt]:
    """Some receipts of two municipalities, one source each."""
    found = draw(st.lists(st.tuples(st.sampled_from(PLACES), bodies), min_size=1, max_size=8))
    return [
        a_receipt(number, body, organisation=f"gemeente:{place}", source=f"bron-{place}")
        for number, (place, body) in enumerate(found, start=1)
    ]


def taken(batches: Iterable[Sequence[Receipt]]) -> FakeStore:
    """The store after these batches."""
    store = FakeStore()
    ctx = a_context(store, *PLACES)

    async def all_of_them() -> None:
        place = 0
        for batch in batches:
            assert (await take_in(ctx, a_batch(batch, read_from=place))).moved
            place += len(batch)

    asyncio.run(all_of_them())
    return store


def cut(found: Sequence[Receipt], sizes: Sequence[int]) -> Iterable[Sequence[Receipt]]:
    """The same in batches of these sizes."""
    place = 0
    for size in [*sizes, len(found)]:
        if place < len(found):
            yield found[place : place + size]
        place += size


def per_receipt(store: FakeStore) -> dict[Hashable, Hashable]:
    """What may never differ, per receipt."""
    return {
        key: (each.outcome, each.signals, each.noted, each.refused_rows, each.in_incidents + each.duplicates)
        for key, each in store.rows.receipts.items()
    }


def normal_forms(store: FakeStore) -> Counter[str]:
    return Counter(f"{row.receipt_id} {row.row} {row.normal!r}" for row in store.rows.signals.values())


def groups(store: FakeStore) -> set[frozenset[str]]:
    """Strong groups once the proposals that stand are accepted: contents of signals, linked through incidents."""
    leads: dict[UUID, UUID] = {incident.incident_id: incident.incident_id for incident in incidents(store)}

    def root(one: UUID) -> UUID:
        return one if leads[one] == one else root(leads[one])

    for incident in incidents(store):
        for merge in incident.merges:
            if merge.rule.rule in ("zelfde-dienst", "zelfde-melding"):
                leads[root(incident.incident_id)] = root(merge.other_incident)
    found: dict[UUID, set[str]] = {}
    for row in store.rows.signals.values():
        if row.verdict is Verdict.IN_INCIDENT and row.incident_id is not None:
            found.setdefault(root(row.incident_id), set()).add(f"{row.municipality} {row.normal.content_hash}")
    return {frozenset(each) for each in found.values()}


def facts(store: FakeStore) -> dict[str, int]:
    return {stream: len(log) for stream, log in store.rows.log.items()}


@st.composite
def orders(draw: st.DrawFn) -> tuple[Sequence[Receipt], Sequence[Receipt], Sequence[int]]:
    """Receipts, the same in another order, and the sizes of the batches those come in."""
    found = draw(receipts())
    return found, draw(st.permutations(found)), draw(st.lists(st.integers(1, 4), max_size=4))


def _post(number: int, *alerts: tuple[str, str, str | None]) -> Receipt:
    """A receipt of alerts: service, name and identity at the source."""
    made = [an_alert(service, name) | ({"fingerprint": same} if same else {}) for service, name, same in alerts]
    return a_receipt(number, a_post(*made), organisation="gemeente:GM0344", source="bron-GM0344")


def _swapped(*found: Receipt) -> tuple[Sequence[Receipt], Sequence[Receipt], Sequence[int]]:
    return found, (found[1], found[2], found[0]), ()


A_GUESS_BEFORE_A_CERTAINTY = _swapped(
    _post(1, ("burgerzaken", "Vol", "a")),
    _post(2, ("burgerzaken", "Traag", None)),
    _post(3, ("belastingen", "Traag", "a")),
)
"""The supplier makes two incidents look like one; the signal that says so for sure comes last."""
A_COPY_UNDER_ANOTHER_IDENTITY = _swapped(
    _post(1, ("burgerzaken", "Traag", None), ("bz-prod", "Vol", "a")),
    _post(2, ("belastingen", "Traag", "a")),
    _post(3, ("burgerzaken", "Traag", None), ("bz-prod", "Vol", None)),
)
"""The copy that counts as the repeat is the only one that ties two incidents together."""


@settings(max_examples=150, deadline=None)
@given(orders())
@example(A_GUESS_BEFORE_A_CERTAINTY)
@example(A_COPY_UNDER_ANOTHER_IDENTITY)
def test_another_order_and_other_batches_change_no_verdict_and_no_group(
    given_orders: tuple[Sequence[Receipt], Sequence[Receipt], Sequence[int]],
) -> None:
    found, shuffled, sizes = given_orders
    one, other = taken([found]), taken(cut(shuffled, sizes))

    assert per_receipt(one) == per_receipt(other)
    assert normal_forms(one) == normal_forms(other)
    assert groups(one) == groups(other)


@settings(max_examples=100, deadline=None)
@given(receipts(), st.data())
def test_repetition_changes_nothing(found: Sequence[Receipt], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=6))
    once, twice = taken([found]), taken([found, again])

    assert once.rows.receipts == twice.rows.receipts
    assert once.rows.signals == twice.rows.signals
    assert once.rows.incidents == twice.rows.incidents
    assert facts(once) == facts(twice)
    assert len(once.rows.announced) == len(twice.rows.announced)
    assert twice.rows.copies == {"redelivered": len(again)}


@settings(max_examples=50, deadline=None)
@given(receipts())
def test_every_signal_has_one_verdict(found: Sequence[Receipt]) -> None:
    store = taken([found])
    for each in store.rows.receipts.values():
        assert each.signals == each.in_incidents + each.noted + each.duplicates + each.refused_rows
    assert len(store.rows.receipts) == len(found)
