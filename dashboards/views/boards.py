"""The live pages: which fragments each has, and what their templates get. One way for the first load and for updates.

A new screen = a function here, its partials, a line in `PAGES`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboards.live.frames import View
from dashboards.live.room import RoomKey
from dashboards.render import Renderer
from dashboards.views.card_data import DutyLine, Picture
from dashboards.views.marks import Mark, marks_of
from dashboards.views.shown import Names, Shown, show, standing
from domain.errors import NotFoundError
from domain.parties import Function
from domain.severity import Severity
from domain.sharing_table import DEPUTIES, Act, Kind
from domain.status import Status
from domain.tasks import Task

LATEST = 3
SOONEST = 4
"""So many limits on the mayor's page; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a board is made of: a picture with only what the viewers of the room may see."""

    picture: Picture
    names: Names
    now: datetime
    key: RoomKey

    @property
    def lines(self) -> tuple[Shown, ...]:
        """Open incidents, worst first."""
        return tuple(show(one, self.names, self.now) for one in self.picture.open)

    def mine(self) -> list[Task]:
        """Tasks of this function of this organisation, soonest first."""
        return self._landed(lambda function: function == self.key.function)

    def deputed(self) -> list[Task]:
        """Open tasks of functions that this one may answer for."""
        found = self._landed(lambda function: self.key.function in DEPUTIES.get(Function(function), ()))
        return [task for task in found if task.state.is_open and not task.mayor_decides]

    def _landed(self, wanted: Callable[[str], bool]) -> list[Task]:
        tasks = [task for one in self.picture.situations for task in one.tasks]
        asked = [task for task in tasks if task.organisation == self.key.organisation and wanted(task.function)]
        return sorted(asked, key=lambda task: (task.due_at is None, task.due_at, task.asked_at))


@dataclass(frozen=True, kw_only=True)
class Board:
    """A live page: its fragments (also their root ids) and the function that fills them."""

    fragments: tuple[str, ...]
    fill: Callable[[Seen], Mapping[str, Any]]


def board_of(page: str) -> Board:
    """The board of a page; KeyError for a page without one."""
    return PAGES[page]


def render(renderer: Renderer, page: str, seen: Seen) -> tuple[View, Mapping[str, Mark]]:
    """All fragments of a page and the facts worth announcing. The same values give the same bytes."""
    board = board_of(page)
    names = seen.names
    values = {
        "names": names,
        "name": names.of,
        "owner": names.owner,
        "signed": names.signed,
        "duty_name": lambda duty: names.text(duty.name) or names.of(duty.obligation),
        "standing": lambda duty: standing(duty, seen.now),
        "task_title": lambda task: names.text(task.title),
        "task_description": lambda task: names.text(task.description),
        "number_of": {one.incident.incident_id: one.incident.number for one in seen.picture.situations}.get,
        **board.fill(seen),
    }
    patches = {
        name.replace("_", "-"): renderer.render(f"partials/{name}.html", names.language, values, seen.now).strip()
        for name in board.fragments
    }
    shown = [show(one, names, seen.now) for one in seen.picture.situations]
    # The page of one incident lists its signals itself; an overview does not, and need not be fetched for each.
    counted = seen.key.page == "incident"
    own = [
        (
            one.incident.number,
            one.incident.report_count,
            one.incident.status.is_open,
            *((one.incident.signal_count,) if counted else ()),
        )
        for one in shown
    ]
    return View(patches=patches, data={"own": own}), marks_of(shown, names, deciding=seen.key.function)


def _incident(seen: Seen) -> Mapping[str, Any]:
    subject = seen.key.subject.rpartition(":")[2]
    found = [one for one in seen.picture.situations if str(one.incident.incident_id) == subject]
    if not found:
        raise NotFoundError
    return {"one": show(found[0], seen.names, seen.now)}


def _list(seen: Seen) -> Mapping[str, Any]:
    return {"lines": seen.lines}


def _mayor(seen: Seen) -> Mapping[str, Any]:
    lines = seen.lines
    tasks = [task for one in lines for task in one.tasks]
    answered = sorted((t for t in tasks if t.answered_at), key=lambda t: str(t.answered_at), reverse=True)
    still_open = [task for task in tasks if task.state.is_open]
    mine = [task for task in seen.mine() if task.state.is_open]
    limits = _limits(lines)
    late = [task for task in still_open if task.due_at and task.asked_at < task.due_at < seen.now]
    return {
        "first": lines[0] if lines else None,
        "others": lines[1:],
        "decisions": [task for task in mine if task.mayor_decides],
        "escalations": [one for one in lines if _may_be_crisis(one)][:LATEST],
        "to_read": [task for task in mine if not task.mayor_decides],
        "progress": {
            "done": len(tasks) - len(still_open),
            "open": len(still_open),
            "late": len(late),
            "total": len(tasks),
        },
        "latest_tasks": (answered + still_open)[:LATEST],
        "limits": limits[:SOONEST],
        "more_limits": len(limits[SOONEST:]),
    }


def _may_be_crisis(one: Shown) -> bool:
    """Confirmed and serious, not scaled up yet, and this viewer is one of those who decide about it."""
    return (
        one.incident.status is Status.BEVESTIGD and one.incident.severity is Severity.ERNSTIG and Act.CRISIS in one.does
    )


def _limits(lines: Iterable[Shown]) -> list[tuple[Shown, DutyLine]]:
    """Limits of all incidents with the incident they belong to, soonest first."""
    found = [(one, duty) for one in lines for duty in one.limits]
    return sorted(found, key=lambda each: str(each[1].due_at))


def _region(seen: Seen) -> Mapping[str, Any]:
    lines = seen.lines
    by_supplier: dict[str, dict[str, None]] = {}
    for one in lines:
        for supplier in one.incident.suppliers:
            by_supplier.setdefault(supplier, {})[one.incident.municipality] = None
    return {
        "lines": lines,
        "technical": any(Kind.TECHNIEK in one.sees for one in lines),
        "municipalities": list(dict.fromkeys(one.incident.municipality for one in lines)),
        "clusters": {who: list(places) for who, places in by_supplier.items() if len(places) > 1},
    }


def _partner(seen: Seen) -> Mapping[str, Any]:
    """Police and prosecutor: only the incidents in which they were asked something."""
    asked = [one for one in seen.lines if any(task.organisation == seen.key.organisation for task in one.tasks)]
    return {"lines": asked, **_tasks(seen)}


def _tasks(seen: Seen) -> Mapping[str, Any]:
    mine = seen.mine()
    return {
        "deputed_tasks": seen.deputed(),
        "open_tasks": [task for task in mine if task.state.is_open],
        "done_tasks": [task for task in mine if not task.state.is_open],
    }


PAGES: Mapping[str, Board] = {
    "incident": Board(
        fragments=("incident_head", "incident_duties", "incident_links", "incident_playbooks"), fill=_incident
    ),
    "incidenten": Board(fragments=("incident_list",), fill=_list),
    "burgemeester": Board(
        fragments=("mayor_status", "mayor_decide", "mayor_what", "mayor_residents", "mayor_doing", "mayor_clocks"),
        fill=_mayor,
    ),
    "regio": Board(fragments=("region_table", "region_lanes"), fill=_region),
    "partner": Board(fragments=("task_list", "partner_list"), fill=_partner),
    "taken": Board(fragments=("task_list",), fill=_tasks),
}
