"""A limit that had passed when the task was asked says to hurry; it does not say that somebody is late."""

import pytest

from domain.parties import Function
from domain.tasks import Task
from tests.builders import minutes
from tests.unit.dashboards.html import faults, read
from tests.unit.dashboards.story import running
from tests.unit.dashboards.world import World


async def shown(world: World, task: Task) -> list[str]:
    """What the pages with this task say."""
    async with world.client(Function.CISO) as browser:
        pages = [read((await browser.get(address)).text) for address in ("/taken", f"/taken/{task.task_key}")]
    assert [faults(page) for page in pages] == [[], []]
    return [pages[0].by_id(f"taak-{task.task_key}").text, pages[1].by_id("main").text]


def limited(world: World, ahead: int) -> Task:
    """An open task of the CISO whose limit is so many minutes after it was asked."""
    mine = (task for task in world.store.rows.tasks.values() if task.function == Function.CISO and task.state.is_open)
    task = next(mine)
    changed = task.model_copy(update={"due_at": task.asked_at + minutes(ahead)})
    world.store.rows.tasks[task.task_key] = changed
    for key, (execution, version) in world.store.rows.executions.items():
        if task.task_key in execution.tasks:
            known = {**execution.tasks, task.task_key: changed}
            world.store.rows.executions[key] = (execution.model_copy(update={"tasks": known}), version)
    return changed


@pytest.mark.parametrize(("ahead", "words"), [(-60, "zo snel mogelijk"), (0, "zo snel mogelijk"), (5, "te laat")])
async def test_a_task_is_late_only_when_its_limit_came_after_it_was_asked(ahead: int, words: str) -> None:
    world = World()
    await running(world)
    task = limited(world, ahead)
    world.clock.wait(minutes(20))
    for text in await shown(world, task):
        assert words in text
        assert ("te laat" in text) is (words == "te laat")
