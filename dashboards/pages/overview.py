"""The live overviews: incidents, mayor, region, partner, and my tasks. And the page that answers one task."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import NO_PROBLEM, Form, FormErrors, Problem
from dashboards.pages.route import page_router
from dashboards.views.menu import OF_INCIDENTS, home_of, is_meant_for, sees_incidents
from dashboards.views.questions import questions_of
from dashboards.words import N_
from domain import sharing
from domain.errors import DriehoekError, InvalidError, NotAllowedError
from domain.sharing_table import Act
from domain.tasks import TaskState

OVERVIEWS = ("incidenten", "burgemeester", "regio", "partner", "taken")
ANSWERS = frozenset({TaskState.GEZIEN, TaskState.KLAAR, TaskState.OVERGESLAGEN, TaskState.KAN_NIET})
ASKED = "uit-"
WITH_REASON = frozenset({TaskState.OVERGESLAGEN, TaskState.KAN_NIET})


class NoIncidentsError(NotAllowedError):
    """Met uw functie mag u geen incidenten zien. Vraag de CISO of er iets aan de hand is."""

    code = "geen-zicht-op-incidenten"


@dataclass(frozen=True)
class TaskPages:
    """One task: what is asked, and the answer."""

    desk: Desk

    async def ask(self, request: Request, task_key: str) -> Response:
        answer = request.query_params.get("antwoord", "")
        return await self._task(request, task_key, answer)

    async def answer(self, request: Request, task_key: str) -> Response:
        signed, form = await self.desk.form(request)
        state = form.one("antwoord")
        if state not in ANSWERS:
            raise InvalidError
        try:
            reason = form.one("reden")
            if state in WITH_REASON:
                message = self.desk.say(request, N_("Geef een reden. Een korte zin is genoeg."))
                reason = form.needed("reden", "taak-reden", message)
            out_args = _filled(form) if state == TaskState.KLAAR else {}
            await self.desk.services.acts.answer_task(signed, task_key, TaskState(state), reason, out_args)
        except (FormErrors, DriehoekError) as error:
            return await self._task(request, task_key, state, self.desk.problem(request, error, form, "taak"))
        return see_other(f"/taken?gedaan={state}")

    async def _task(self, request: Request, task_key: str, answer: str, problem: Problem = NO_PROBLEM) -> Response:
        task = await self.desk.services.reads.task(self.desk.actor(request), task_key)
        values = {
            "task": task,
            "answer": answer if answer in ANSWERS else TaskState.KLAAR.value,
            "questions": questions_of(task.out_args),
        }
        return self.desk.page(request, "task.html", values, problem=problem)


def _filled(form: Form) -> dict[str, str]:
    """What was filled in for the playbook; what was left open stays unknown there."""
    asked = {name.removeprefix(ASKED): form.one(name) for name in form.fields if name.startswith(ASKED)}
    return {name: value for name, value in asked.items() if value}


def create(desk: Desk) -> APIRouter:
    """One address per overview, all made the same way; and the task pages."""
    tasks = TaskPages(desk)
    return page_router(
        desk,
        *(("GET", f"/{page}", _overview(desk, page)) for page in OVERVIEWS),
        ("GET", "/taken/{task_key:path}", tasks.ask),
        ("POST", "/taken/{task_key:path}", tasks.answer),
    )


def _overview(desk: Desk, page: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def show(request: Request) -> Response:
        actor = desk.actor(request)
        if page in OF_INCIDENTS and not sees_incidents(actor):
            raise NoIncidentsError
        if not is_meant_for(page, actor):
            return see_other(home_of(actor))
        live = await desk.live(request, page, actor.organisation)
        values: dict[str, Any] = {"live": live}
        if page == "incidenten":
            values["may_report"] = sharing.may(actor, Act.MELDEN, sharing.of_organisation(actor.organisation))
            values["closed"] = [line for line in await desk.services.reads.incidents(actor) if not line.status.is_open]
        return desk.page(request, f"{page}.html", values)

    return show
