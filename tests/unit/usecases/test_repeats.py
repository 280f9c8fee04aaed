"""The same content again: a repeat while the first is open, a new disturbance after people closed it."""

import json
from datetime import timedelta

from domain import commands
from domain.incidents import Incident
from domain.status import Status
from tests.arriving import GEMEENTE_UTRECHT, bring
from tests.builders import DINSDAG_0900
from tests.desk import Desk
from usecases.intake_rows import Verdict

MINUTE = timedelta(minutes=1)


def said(identity: str, at: timedelta) -> bytes:
    """What the source posts: only its identity and its moment differ."""
    return json.dumps({"id": identity, "tijdstip": (DINSDAG_0900 + at).isoformat(), "dienst": "burgerzaken"}).encode()


async def arrives(desk: Desk, identity: str, at: timedelta = timedelta()) -> Verdict:
    """The same content, from a source that calls it this."""
    await bring(desk.ctx, desk.store, said(identity, at))
    return list(desk.store.rows.signals.values())[-1].verdict


async def closed(desk: Desk) -> Incident:
    """A first signal opened an incident that people closed."""
    assert await arrives(desk, "a1") is Verdict.IN_INCIDENT
    (incident,) = desk.incidents
    return await desk.acts(
        incident,
        commands.MoveStatus(
            at=desk.now,
            status=Status.AFGESLOTEN,
            owner_organisation=GEMEENTE_UTRECHT,
            owner_function="ciso",
            reason="Opgelost",
        ),
    )


async def test_another_signal_is_a_repeat_while_the_incident_is_open() -> None:
    desk = Desk()
    await arrives(desk, "a1")
    assert await arrives(desk, "a2", MINUTE) is Verdict.DUPLICATE
    assert len(desk.incidents) == 1


async def test_another_signal_just_after_closing_opens_a_new_incident() -> None:
    desk = Desk()
    first = await closed(desk)
    assert await arrives(desk, "a2", MINUTE) is Verdict.IN_INCIDENT
    old, new = desk.incidents
    assert (old.incident_id, old.status.is_open) == (first.incident_id, False)
    assert new.status.is_open


async def test_the_next_one_repeats_the_new_incident() -> None:
    desk = Desk()
    await closed(desk)
    await arrives(desk, "a2", MINUTE)
    assert await arrives(desk, "a3", 2 * MINUTE) is Verdict.DUPLICATE
    assert len(desk.incidents) == 2


async def test_two_in_one_batch_just_after_closing_open_one_incident() -> None:
    desk = Desk()
    await closed(desk)
    await bring(desk.ctx, desk.store, said("a2", MINUTE), said("a3", 2 * MINUTE))
    assert [row.verdict for row in desk.store.rows.signals.values()][1:] == [Verdict.IN_INCIDENT, Verdict.DUPLICATE]
    assert len(desk.incidents) == 2


async def test_the_same_signal_after_closing_stays_a_repeat() -> None:
    desk = Desk()
    await closed(desk)
    assert await arrives(desk, "a1") is Verdict.DUPLICATE
    assert await arrives(desk, "a1", MINUTE) is Verdict.DUPLICATE
    assert len(desk.incidents) == 1
