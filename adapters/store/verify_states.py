"""The last part of `driehoek verify`: state rows are what the log says. Only asked of a log that is good itself."""

from functools import reduce

import asyncpg

from adapters.store.rebuild_rows import StandingRows
from domain import incidents
from domain.chain.verify import Fault
from playbooks import engine
from usecases.context import Rules
from usecases.rows import duty_rows
from usecases.standing import EXECUTION, INCIDENT, execution_fits, incident_fits

PREFETCH = 500
STREAMS = (
    "SELECT stream_id, version FROM stream_head WHERE version > 0"
    " AND (starts_with(stream_id, $1) OR starts_with(stream_id, $2)) ORDER BY stream_id"
)
STRAY = """
SELECT stream_id FROM (
    SELECT 'incident:' || incident_id AS stream_id FROM incident UNION SELECT 'incident:' || incident_id FROM duty
    UNION SELECT 'execution:' || execution_id FROM execution UNION SELECT 'execution:' || execution_id FROM task
) AS named WHERE NOT EXISTS (SELECT FROM stream_head h WHERE h.stream_id = named.stream_id AND h.version > 0)
ORDER BY 1 LIMIT 1
"""
DIFFERS = "stand wijkt af van het logboek"


async def states(sql: asyncpg.Connection, rules: Rules) -> Fault | None:
    """The first incident or execution whose rows differ; one stream in memory at a time. Asks for a transaction."""
    rows = StandingRows(sql)
    async for head in sql.cursor(STREAMS, INCIDENT, EXECUTION, prefetch=PREFETCH):
        stream: str = head["stream_id"]
        fits = await (_incident(rows, rules, stream) if stream.startswith(INCIDENT) else _execution(rows, stream))
        if not fits:
            return Fault(stream=stream, version=head["version"], what=DIFFERS)
    stray: str | None = await sql.fetchval(STRAY)
    return None if stray is None else Fault(stream=stray, version=0, what=DIFFERS)


async def _incident(rows: StandingRows, rules: Rules, stream: str) -> bool:
    state = incidents.fold(list(await rows.facts(stream)))
    return state is None or await incident_fits(rows, state, duty_rows(rules, state))


async def _execution(rows: StandingRows, stream: str) -> bool:
    state = reduce(engine.evolve, await rows.facts(stream), None)
    return state is None or await execution_fits(rows, state)
