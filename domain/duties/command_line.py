"""`driehoek duties compute`: one JSON object in, one out. Nonsense gives an error in words, never an exception."""

from datetime import UTC, datetime
from typing import Any

import orjson

from domain.duties.localtime import HERE, UnreadableTimeError, parse_moment
from domain.duties.periods import Agreed, Due, compute
from domain.duties.regimes import Regimes
from domain.errors import DriehoekError, InvalidError

MOST_HOURS = 24 * 366


def compute_line(line: str, regimes: Regimes) -> dict[str, Any]:
    """The limit for one line `{"id", "obligation", "trigger_at", "fold"?, "hours"?, "until"?}`.

    `hours` = what a contract says; `until` = the moment that a requester named.
    """
    try:
        asked = orjson.loads(line)
    except ValueError:
        return {"id": None, "error": "geen JSON"}
    if not isinstance(asked, dict):
        return {"id": None, "error": "geen JSON-object"}
    identity = asked.get("id")
    try:
        return {"id": identity, **_answer(asked, regimes)}
    except DriehoekError as error:
        return {"id": identity, "error": error.message}


def _answer(asked: dict[str, Any], regimes: Regimes) -> dict[str, Any]:
    named = str(asked.get("obligation"))
    trigger = _moment(asked, "trigger_at")
    on = trigger.astimezone(HERE).date() if trigger else None
    agreed = Agreed(hours=_hours(asked.get("hours")), until=_moment(asked, "until"))
    limit = compute(regimes.obligation(named, on), trigger, regimes.calendar(), agreed)
    if isinstance(limit, Due):
        return {
            "due_at": _utc(limit.due_at),
            "due_local": limit.due_local,
            "alarm_at": _utc(limit.alarm_at),
            "exclusive": limit.exclusive,
            "rule": limit.rule,
        }
    if limit.waits_for:
        return {"due_at": None, "waits_for": limit.waits_for}
    return {"due_at": None, "rule": limit.rule}


def _moment(asked: dict[str, Any], name: str) -> datetime | None:
    given, fold = asked.get(name), asked.get("fold")
    if fold is not None and (isinstance(fold, bool) or fold not in (0, 1)):
        raise InvalidError("fold is 0 (eerste keer) of 1 (tweede keer)")
    if given is None:
        return None
    if not isinstance(given, str):
        raise UnreadableTimeError
    return parse_moment(given, fold)


def _hours(given: object) -> int | None:
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and 0 < given <= MOST_HOURS):
        return given
    raise InvalidError("hours is het aantal uren van het contract, een heel getal")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
