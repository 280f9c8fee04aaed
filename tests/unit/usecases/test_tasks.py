"""Playbooks at work: tasks land with the right party, answers open the next ones, and a new release changes nothing."""

from dataclasses import replace

import pytest

from domain import refusals
from domain.parties import Function
from domain.tasks import TaskState
from playbooks import engine
from playbooks.cacao import parse
from tests.builders import an_actor
from tests.desk import SUPPLIER_PLAYBOOK, Desk
from usecases.vocabulary import parties

POLICE = an_actor(Function.POLITIE, "politie:RE03")
CISO = an_actor()


async def test_every_party_of_the_municipality_gets_a_task() -> None:
    desk = Desk()
    execution = await desk.starts_playbook(await desk.alerted())
    asked = {task.organisation for task in execution.tasks.values()}
    assert asked == parties(desk.ctx.rules, "GM0344")
    told = {(notice.organisation, notice.function) for notice in desk.notices() if notice.key.startswith("taak:")}
    assert ("politie:RE03", "teamchef-politie") in told


async def test_an_answer_opens_what_follows_in_the_same_transaction() -> None:
    desk = Desk()
    execution = await desk.starts_playbook(await desk.alerted())
    before, commits = len(execution.tasks), desk.store.commits
    (task,) = [t for t in execution.tasks.values() if "Bevestigen bij de leverancier" in t.title["nl"]]
    after = await desk.answers(task, TaskState.KLAAR, by=CISO, aanval="ja")
    assert len(after.tasks) == before + 2
    assert desk.store.commits == commits + 1
    assert any(task.organisation == "politie:RE03" and "Sporen" in task.title["nl"] for task in after.tasks.values())


async def test_seen_is_not_done_and_refusing_needs_a_reason() -> None:
    desk = Desk()
    await desk.starts_playbook(await desk.alerted())
    (task,) = desk.tasks_of("politie:RE03")
    seen = await desk.answers(task, TaskState.GEZIEN, by=POLICE)
    assert seen.tasks[task.task_key].state is TaskState.GEZIEN
    with pytest.raises(refusals.ReasonMissingError):
        await desk.answers(task, TaskState.KAN_NIET, by=POLICE)
    after = await desk.answers(task, TaskState.KAN_NIET, by=POLICE, reason="Geen capaciteit")
    assert after.tasks[task.task_key].state is TaskState.KAN_NIET
    assert after.status == "ongoing"


async def test_a_task_is_answered_once_and_by_its_own_party() -> None:
    desk = Desk()
    await desk.starts_playbook(await desk.alerted())
    (task,) = desk.tasks_of("politie:RE03")
    with pytest.raises(refusals.TaskNotYoursError):
        await desk.answers(task, TaskState.KLAAR, by=CISO)
    await desk.answers(task, TaskState.KLAAR, by=POLICE)
    with pytest.raises(engine.TaskAnsweredError):
        await desk.answers(task, TaskState.KLAAR, by=POLICE)


async def test_a_deputy_may_answer_but_nobody_decides_for_the_mayor() -> None:
    desk = Desk()
    execution = await desk.starts_playbook(await desk.alerted())
    for_owner = next(t for t in execution.tasks.values() if t.function == "proceseigenaar")
    await desk.answers(for_owner, TaskState.KLAAR, by=CISO)
    stranger = an_actor(Function.COMMUNICATIE)
    for_ciso = next(t for t in execution.tasks.values() if t.function == "ciso")
    with pytest.raises(refusals.TaskNotYoursError):
        await desk.answers(for_ciso, TaskState.KLAAR, by=stranger)


async def test_a_new_release_of_the_playbook_does_not_touch_what_runs() -> None:
    desk = Desk()
    await desk.starts_playbook(await desk.alerted())
    (task,) = desk.tasks_of("politie:RE03")
    catalogue = dict(desk.ctx.rules.catalogue)
    old = catalogue[SUPPLIER_PLAYBOOK]
    catalogue[SUPPLIER_PLAYBOOK] = parse(old.source.replace('"name":"Uitval', '"name":"Nieuwe uitval'))
    desk.ctx = replace(desk.ctx, rules=replace(desk.ctx.rules, catalogue=catalogue))
    after = await desk.answers(task, TaskState.KLAAR, by=POLICE)
    assert after.tasks[task.task_key].state is TaskState.KLAAR
    assert after.digest != catalogue[SUPPLIER_PLAYBOOK].text_digest
