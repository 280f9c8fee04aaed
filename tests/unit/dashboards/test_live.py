"""`apply(snapshot, deltas) == fresh read`: what a browser holds after any frames equals a page that is opened now."""

import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.live.frames import LARGEST_FRAME, BadFrameError, View, read_client_frame
from dashboards.live.outbox import LONGEST_QUEUE, Outbox
from dashboards.live.room import Room, RoomKey
from dashboards.views.log_words import SENTENCES
from dashboards.views.painter import Painter
from domain import commands
from domain.errors import DriehoekError
from domain.events.incident import AnyIncidentEvent
from domain.parties import Function
from domain.picture import Card
from domain.severity import Severity
from domain.status import MunicipalRole, Status
from domain.tasks import TaskState
from tests.builders import DINSDAG_0900, minutes
from tests.unit.dashboards.story import SUPPLIER, reported, running
from tests.unit.dashboards.world import World

SCREENS = (
    ("incidenten", Function.CISO),
    ("burgemeester", Function.BURGEMEESTER),
    ("regio", Function.COORDINATOR),
    ("partner", Function.POLITIE),
    ("partner", Function.OFFICIER),
    ("taken", Function.CISO),
)
Step = Callable[[World, UUID], Coroutine[Any, Any, None]]


@dataclass
class Browser:
    """What `static/live.js` does with frames: judge by epoch and number, put fragments in place."""

    epoch: str | None = None
    seq: int = 0
    shown: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def take(self, text: str) -> bool:
        """Apply a frame; False when it shows a gap."""
        frame = json.loads(text)
        if frame["t"] == "snapshot":
            self.shown, self.data = {}, {}
        elif frame["epoch"] != self.epoch or frame["seq"] > self.seq + 1:
            return False
        elif frame["seq"] <= self.seq:
            return True
        self.epoch, self.seq = frame["epoch"], frame["seq"]
        self.shown |= {patch["id"]: patch["html"] for patch in frame["patches"]}
        self.data |= frame["data"]
        return True


async def _report(world: World, incident_id: UUID) -> None:
    again = commands.Report(
        at=world.clock.now(),
        report_id=world.ids.new(),
        municipality="GM0344",
        description="Weer",
        services=("e-mail",),
        discovered_at=world.clock.now(),
        severity=Severity.VERSTOORD,
    )
    await world.services.acts.report(world.signed(), again, incident_id)


def _act(make: Callable[[World], commands.AnyCommand]) -> Step:
    async def do(world: World, incident_id: UUID) -> None:
        await world.services.acts.act(world.signed(), incident_id, make(world))

    return do


async def _task(world: World, incident_id: UUID) -> None:
    for task in world.store.rows.tasks.values():
        if task.incident_id == incident_id and task.state.is_open and task.function == Function.CISO:
            await world.services.acts.answer_task(world.signed(), task.task_key, TaskState.KLAAR, "", {})
            return


async def _another(world: World, incident_id: UUID) -> None:
    del incident_id
    await reported(world, services=("e-mail",), description="Nog een")


STEPS: dict[str, Step] = {
    "melding": _report,
    "nog-een-incident": _another,
    "ernst": _act(lambda w: commands.SetSeverity(at=w.clock.now(), severity=Severity.ERNSTIG, reason="r")),
    "minder": _act(lambda w: commands.SetSeverity(at=w.clock.now(), severity=Severity.WAAKZAAM, reason="r")),
    "bevestigd": _act(
        lambda w: commands.MoveStatus(
            at=w.clock.now(),
            status=Status.BEVESTIGD,
            owner_organisation="gemeente:GM0344",
            owner_function="ciso",
            reason="r",
        )
    ),
    "gesloten": _act(
        lambda w: commands.MoveStatus(
            at=w.clock.now(),
            status=Status.AFGESLOTEN,
            owner_organisation="gemeente:GM0344",
            owner_function="ciso",
            reason="r",
        )
    ),
    "rol": _act(lambda w: commands.SetRole(at=w.clock.now(), role=MunicipalRole.BETROKKENE, reason="r")),
    "kennisname": _act(
        lambda w: commands.RecordAwareness(at=w.clock.now(), regime="cbw", aware_at=w.clock.now(), reason="r")
    ),
    "geen-melding": _act(
        lambda w: commands.DecideSignificance(at=w.clock.now(), regime="gdpr", outcome="nee", reason="r")
    ),
    "draaiboek": _act(
        lambda w: commands.StartPlaybook(at=w.clock.now(), playbook_id=SUPPLIER, execution_id=w.ids.new())
    ),
    "logboek": _act(lambda w: commands.WriteEntry(at=w.clock.now(), entry="feit", text="t")),
    "taak": _task,
}


@dataclass
class Screen:
    """One room with its painter, the browser that looks, and the cards that came in."""

    painter: Painter
    room: Room
    cards: dict[str, Card]
    browser: Browser = field(default_factory=Browser)

    async def flush(self, world: World) -> None:
        """Render what there is now; the browser gets the delta, or asks again."""
        view, _ = self.painter.paint(self.cards.values(), DINSDAG_0900 + minutes(5))
        frame = self.room.update(view, world.clock.now())
        if frame and not self.browser.take(frame):
            for missed in self.room.catch_up(self.browser.epoch, self.browser.seq, world.clock.now()):
                assert self.browser.take(missed)


async def screen(world: World, page: str, function: Function, subject: str = "") -> Screen:
    """A viewer who just opened this page."""
    actor = world.actor(function)
    where = subject or actor.organisation
    grant = await world.services.reads.room(actor, where)
    painter = Painter.of(world.renderer, actor, page, where, grant)
    return Screen(painter, Room(painter.key, "e1"), {card.card_id: card for card in grant.cards})


async def fresh(world: World, one: Screen) -> View:
    """What a page that is opened now shows, at the same moment."""
    key = one.painter.key
    grant = await world.services.reads.room(one.painter.viewer, key.subject)
    painter = Painter.of(world.renderer, one.painter.viewer, key.page, key.subject, grant)
    return painter.paint(grant.cards, DINSDAG_0900 + minutes(5))[0]


@settings(max_examples=6, deadline=None)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=8), lost=st.sets(st.integers(0, 7)))
async def test_frames_over_any_acts_equal_a_fresh_read(steps: list[str], lost: set[int]) -> None:
    world = World()
    incident_id = await reported(world)
    screens = [await screen(world, page, function) for page, function in SCREENS]
    screens.append(await screen(world, "incident", Function.CISO, f"incident:{incident_id}"))
    for number, name in enumerate(steps):
        with suppress(DriehoekError):  # a refused act changes nothing: that is part of the property
            await STEPS[name](world, incident_id)
        for one in screens:
            one.cards |= {card_id: world.card(card_id) for card_id in one.cards}
            if number not in lost:
                await one.flush(world)
    for one in screens:
        await one.flush(world)
        expected = await fresh(world, one)
        assert one.browser.shown == dict(expected.patches)
        assert one.browser.data == json.loads(json.dumps(dict(expected.data)))


def test_every_fact_of_an_incident_can_be_folded_into_a_screen() -> None:
    """A new type of fact is shown in the logbook too: no type is forgotten there."""
    assert set(get_args(AnyIncidentEvent)) <= SENTENCES.keys()


async def test_two_viewers_with_other_rights_never_share_a_room() -> None:
    world = World()
    incident_id = await running(world)
    keys = {}
    for function in (Function.CISO, Function.BURGEMEESTER, Function.COORDINATOR, Function.POLITIE, Function.OFFICIER):
        grant = await world.services.reads.room(world.actor(function), f"incident:{incident_id}")
        keys[function] = Painter.of(world.renderer, world.actor(function), "incident", "x", grant).key
    assert len(set(keys.values())) == len(keys)
    assert keys[Function.CISO].rights != keys[Function.BURGEMEESTER].rights
    again = await world.services.reads.room(world.actor(), f"incident:{incident_id}")
    assert again.rights == keys[Function.CISO].rights


async def test_what_a_partner_may_not_see_is_not_in_its_frames() -> None:
    world = World()
    incident_id = await running(world)
    one = await screen(world, "incident", Function.COORDINATOR, f"incident:{incident_id}")
    await one.flush(world)
    text = "".join(one.browser.shown.values())
    assert "Burgersoft" not in text
    assert "Vroegtijdige waarschuwing" not in text
    other = await screen(world, "incident", Function.CISO, f"incident:{incident_id}")
    await other.flush(world)
    assert "Burgersoft" in "".join(other.browser.shown.values())


KEY = RoomKey(page="p", subject="s", function="ciso", organisation="o", language="nl", rights="r")


def test_a_browser_that_missed_frames_gets_exactly_those_or_a_snapshot() -> None:
    room, browser = Room(KEY, "e1"), Browser()
    frames = [room.update(View(patches={"a": str(n)}), DINSDAG_0900) for n in range(250)]
    assert browser.take(room.catch_up(None, 0, DINSDAG_0900)[0])
    assert browser.seq == 250
    late = replace(browser, seq=240)
    missed = room.catch_up("e1", 240, DINSDAG_0900)
    assert missed == frames[240:]
    assert all(late.take(each) for each in missed)
    assert len(room.catch_up("e1", 10, DINSDAG_0900)) == 1
    assert json.loads(room.catch_up("older", 250, DINSDAG_0900)[0])["t"] == "snapshot"


def test_nothing_changed_is_no_frame_and_too_large_is_fetched() -> None:
    room = Room(KEY, "e1")
    assert room.update(View(patches={"a": "1"}), DINSDAG_0900)
    assert room.update(View(patches={"a": "1"}), DINSDAG_0900) is None
    frame = room.update(View(patches={"a": "x" * LARGEST_FRAME}), DINSDAG_0900)
    assert frame is not None
    assert json.loads(frame)["refetch"] is True


def test_a_slow_consumer_gets_a_snapshot_instead_of_a_backlog() -> None:
    outbox = Outbox()
    for number in range(LONGEST_QUEUE + 5):
        outbox.offer(str(number), now=0.0)
    assert outbox.resync
    assert outbox.take() is None
    assert not outbox.is_stuck(29.0)
    assert outbox.is_stuck(31.0)
    outbox.resync = False
    outbox.sent(31.0)
    assert not outbox.is_stuck(100.0)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"t":"hello"}', '{"t":"ack","seq":"1"}', '{"t":"x"}'])
def test_a_frame_that_no_page_sends_is_refused(text: str) -> None:
    with pytest.raises(BadFrameError):
        read_client_frame(text)
