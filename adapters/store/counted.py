"""The numbers of the ledger, from one snapshot of the database. Nothing here counts what grows with the signals."""

import asyncpg

from usecases.readings import Counted

RECEIVED = """
WITH RECURSIVE used AS (
    (SELECT door FROM receipt ORDER BY door LIMIT 1)
    UNION ALL
    SELECT (SELECT door FROM receipt WHERE door > used.door ORDER BY door LIMIT 1) FROM used WHERE used.door IS NOT NULL
),
doors AS (
    SELECT door, answered FROM door
    UNION ALL
    SELECT door, 0 FROM used WHERE door IS NOT NULL AND NOT EXISTS (SELECT FROM door WHERE door.door = used.door)
)
SELECT coalesce(sum(answered
    - (SELECT count(*) FROM door_void v WHERE v.door = doors.door AND v.number <= doors.answered
        AND NOT EXISTS (SELECT FROM receipt r WHERE r.door = v.door AND r.number = v.number))
    + (SELECT count(*) FROM receipt r WHERE r.door = doors.door AND r.number > doors.answered)
), 0)::bigint FROM doors
"""
"""Highest answered number per door, minus what was voided and never arrived, plus what arrived before its answer was
stored. The doors are found by skipping through the key of `receipt`, so this costs the number of doors."""


async def counted(sql: asyncpg.Connection, in_flight: int) -> Counted:
    """The numbers now; `in_flight` is what the broker holds and nobody read."""
    tally = {row["name"]: row["value"] for row in await sql.fetch("SELECT name, value FROM tally")}
    return Counted(
        received=await sql.fetchval(RECEIVED),
        read=tally["read"],
        quarantined=tally["quarantined"],
        spooled=await sql.fetchval("SELECT count(*) FROM spool"),
        in_flight=in_flight,
        signals=tally["signals"],
        in_incidents=tally["in_incidents"],
        noted=tally["noted"],
        duplicates=tally["duplicates"],
        refused_rows=tally["refused_rows"],
        redelivered=tally["redelivered"],
        lost=tally["lost"],
        incidents=await sql.fetchval("SELECT count(*) FROM incident"),
    )
