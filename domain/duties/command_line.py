"""`driehoek duties compute`: one JSON object in, one out. Nonsense gives an error in words, never an exception."""

from datetime import UTC, datetime
from typing import Any

import orjson

from domain.duties.localtime import parse_moment
from domain.duties.periods import Due, compute
from domain.duties.regimes import Regimes
from domain.errors import DriehoekError, InvalidError


def compute_line(line: str, regimes: Regimes) -> dict[str, Any]:
    """The limit for one line `{"id", "obligation", "trigger_at", "fold"?}`."""
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
    obligation = regimes.obligation(str(asked.get("obligation")))
    given, fold = asked.get("trigger_at"), asked.get("fold")
    if fold is not None and (isinstance(fold, bool) or fold not in (0, 1)):
        raise InvalidError("fold is 0 (eerste keer) of 1 (tweede keer)")
    trigger = None if given is None else parse_moment(str(given), fold)
    limit = compute(obligation, trigger, regimes.calendar())
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


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
