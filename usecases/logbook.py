"""One page of the logbook: facts of an incident and of its playbooks in one order, newest first, nothing twice or lost.

Versions count per stream. The incident's own versions cut the pages; facts of playbooks come by their moment between
two cuts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain import refusals, sharing
from domain.parties import Actor
from domain.sharing_facts import visible_types
from domain.sharing_table import Kind
from domain.sharing_text import readable
from usecases.reading import Desk, Listed, incident, subject
from usecases.readings import LogLine

PAGE = 200
MOST_OF_PLAYBOOKS = 2000


@dataclass(frozen=True, kw_only=True)
class ChainCheck:
    """Whether the facts of some streams still are what was written, and when that was looked at."""

    at: datetime
    good: bool


class Chains(Protocol):
    """Proves streams."""

    async def check(self, streams: Collection[str]) -> ChainCheck:
        """Walk each of these streams from its first fact to its last."""
        ...


@dataclass(frozen=True, kw_only=True)
class Logbook:
    """Facts this actor may see, with the texts this actor may read. `older` = give this as `before` for the next page.

    `streams` are the incident's own and those of its playbooks; `total` counts the facts in all of them.
    """

    listed: Listed
    own_stream: str
    streams: tuple[str, ...]
    lines: tuple[LogLine, ...]
    total: int
    older: int | None
    sees: frozenset[Kind]


async def logbook(desk: Desk, actor: Actor, incident_id: UUID, *, before: int | None = None) -> Logbook:
    """A page of the logbook: what came before this version of the incident, whether it exists yet or not.

    Raises IncidentUnknownError, also for who may not see the course of events.
    """
    page = await incident(desk, actor, incident_id)
    row = await desk.readings.incident(incident_id)
    if row is None or Kind.TIJDLIJN not in page.sees:
        raise refusals.IncidentUnknownError
    cut = before + 1 if before is not None else None
    own = list(await desk.readings.log([row.stream_id], before=cut, limit=PAGE + 2))
    until = own.pop(0) if own and own[0].recorded.version == before else None
    more, own = len(own) > PAGE, own[:PAGE]
    executions = [execution for _, execution in await desk.readings.executions([incident_id])]
    streams = [execution.stream_id for execution in executions]
    theirs = await desk.readings.log(streams, limit=MOST_OF_PLAYBOOKS) if streams else ()
    between = [line for line in theirs if _between(line, own[-1] if more else None, until)]
    about = subject(desk, row)
    visible = visible_types(actor, about)
    shown = [line for line in (*own, *between) if line.recorded.event.type in visible]
    return Logbook(
        listed=page.listed,
        own_stream=row.stream_id,
        streams=(row.stream_id, *streams),
        lines=tuple(_readable(actor, about, line) for line in _newest_first(shown)),
        total=row.version + sum(execution.version for execution in executions),
        older=own[-1].recorded.version if more else None,
        sees=page.sees,
    )


def _between(line: LogLine, oldest: LogLine | None, until: LogLine | None) -> bool:
    """At or after the oldest fact of this page, and before the page that came first."""
    at = line.recorded.recorded_at
    return (oldest is None or at >= oldest.recorded.recorded_at) and (until is None or at < until.recorded.recorded_at)


def _newest_first(lines: Sequence[LogLine]) -> list[LogLine]:
    """By moment; within one moment by number, and by version where there is none yet."""
    return sorted(
        lines,
        key=lambda line: (line.recorded.recorded_at, line.number or 0, line.recorded.version),
        reverse=True,
    )


def _readable(actor: Actor, about: sharing.Subject, line: LogLine) -> LogLine:
    recorded = readable(actor, about, line.recorded)
    return LogLine(recorded=recorded, hash=line.hash, destroyed=line.destroyed, number=line.number)
