"""The live overviews: incidents, mayor, region, partner, and my tasks. And the page that answers one task."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dashboards.pages.desk import Desk, see_other
from dashboards.pages.forms import FieldError, Form
from dashboards.pages.route import page_router, status_of
from dashboards.words import N_
from domain.errors import DriehoekError, InvalidError
from domain.tasks import TaskState

OVERVIEWS = ("incidenten", "burgemeester", "regio", "partner", "taken")
ANSWERS = frozenset({TaskState.GEZIEN, TaskState.KLAAR, TaskState.OVERGESLAGEN, TaskState.KAN_NIET})
WITH_REASON = frozenset({TaskState.OVERGESLAGEN, TaskState.KAN_NIET})


def create(desk: Desk) -> APIRouter:
    """One address per overview, all made the same way."""
    router = page_router(desk)

    def overview(page: str) -> None:
        @router.get(f"/{page}", name=page)
        async def show(request: Request) -> Response:
            live = await desk.live(request, page, desk.actor(request).organisation)
            return desk.page(request, f"{page}.html", {"live": live})

    for page in OVERVIEWS:
        overview(page)

    @router.get("/taken/{task_key}")
    async def ask(request: Request, task_key: str) -> Response:
        answer = request.query_params.get("antwoord", TaskState.KLAAR)
        return await _task(desk, request, task_key, answer)

    @router.post("/taken/{task_key}")
    async def answer(request: Request, task_key: str) -> Response:
        signed, form = await desk.form(request)
        state = form.one("antwoord")
        if state not in ANSWERS:
            raise InvalidError
        reason = form.one("reden")
        if state in WITH_REASON and not reason:
            errors = (FieldError(desk.say(request, N_("Geef een reden. Een korte zin is genoeg.")), "reden"),)
            return await _task(desk, request, task_key, state, form, errors)
        out_args = {name.removeprefix("uit-"): form.one(name) for name in form.fields if name.startswith("uit-")}
        try:
            await desk.services.acts.answer_task(signed, task_key, TaskState(state), reason, out_args)
        except DriehoekError as error:
            errors = (FieldError(desk.say(request, error.message)),)
            return await _task(desk, request, task_key, state, form, errors, status_of(error))
        return see_other(f"/taken?gedaan={state}")

    return router


async def _task(
    desk: Desk,
    request: Request,
    task_key: str,
    answer: str,
    typed: Form | None = None,
    errors: tuple[FieldError, ...] = (),
    status: int = 400,
) -> Response:
    task = await desk.services.reads.task(desk.actor(request), task_key)
    values = {
        "task": task,
        "answer": answer if answer in ANSWERS else TaskState.KLAAR,
        "typed": typed or Form({}, ""),
        "language": desk.language(request),
    }
    return desk.page(request, "task.html", values, errors=errors, status=status if errors else 200)
