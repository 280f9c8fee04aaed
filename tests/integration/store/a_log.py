"""A log with everything that verification looks at: streams that grow through each other, texts, a destruction."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.clock import SystemClock, TimeOrderedIds
from adapters.store.checkpoints import Checkpoints
from adapters.store.rebuild_rows import PgRebuild
from adapters.store.signing import SigningKey
from adapters.store.store import PgStore
from domain.chain.checkpoint import Exported
from domain.commands import Opening
from domain.events.core import Event, Mode
from domain.events.incident import LogboekregelGeschreven
from domain.incidents import fold, stream_of
from domain.opening import open_by_report
from domain.parties import ActedBy
from domain.severity import Severity
from tests.builders import DINSDAG_0900, a_report, an_actor, an_id, minutes
from usecases.rows import duty_rows
from wiring.parts import rules

BY: ActedBy = an_actor().signature()
TOPIC = "live.audit.checkpoints"
STREAMS = tuple(stream_of(an_id(number)) for number in (1, 2, 3, 4))
DESTROYED = (STREAMS[1], 2)
"""The fact whose texts were destroyed lawfully."""


def a_key() -> SigningKey:
    """A key that nobody else has."""
    return SigningKey(Ed25519PrivateKey.generate())


def a_store(pool: asyncpg.Pool, key: SigningKey | None = None) -> PgStore:
    """The store of the application, with the key that signs destructions."""
    return PgStore(pool, Mode.LIVE, TimeOrderedIds(SystemClock()).new, key.sign if key else None)


def note(text: str) -> LogboekregelGeschreven:
    """A line that somebody wrote in the logbook."""
    return LogboekregelGeschreven(entry="feit", text=text)


def opened(number: int) -> Sequence[Event]:
    """The first facts of an incident that a person reported, with texts beside."""
    opening = Opening(
        incident_id=an_id(number),
        number=f"INC-2026-{number:04}",
        severity=Severity.VERSTOORD,
        first_at=DINSDAG_0900,
        service="burgerzaken",
    )
    return open_by_report(a_report(contact="Sam, 06 12 34 56 78"), opening)


async def append(store: PgStore, stream: str, events: Sequence[Event], *, after: float = 0) -> None:
    """Add facts in a transaction of their own."""
    async with store.begin() as tx:
        await tx.lock([stream])
        await tx.append(stream, events, by=BY, at=DINSDAG_0900 + minutes(after))


async def write(pool: asyncpg.Pool, key: SigningKey) -> list[Exported]:
    """Write the log with three checkpoints over it; what the witnesses keep."""
    store, made = a_store(pool, key), Checkpoints(pool, key, TOPIC)
    kept: list[Exported | None] = []
    for number, stream in enumerate(STREAMS, start=1):
        await append(store, stream, opened(number))
    kept.append(await made.make(DINSDAG_0900 + minutes(1)))
    for turn in range(4):
        for stream in STREAMS:
            await append(store, stream, [note(f"regel {turn} van {stream}"), note("en nog een")], after=2 + turn)
    async with store.begin() as tx:
        await tx.lock([DESTROYED[0]])
        await tx.destroy(DESTROYED[0], [DESTROYED[1]], list_item="4.1", by=BY, at=DINSDAG_0900 + minutes(9))
    kept.append(await made.make(DINSDAG_0900 + minutes(10)))
    for stream in STREAMS:
        await append(store, stream, [note("daarna")], after=11)
    kept.append(await made.make(DINSDAG_0900 + timedelta(minutes=12)))
    await stand(pool)
    return [each for each in kept if each is not None]


async def stand(pool: asyncpg.Pool) -> None:
    """Write the state rows that follow from this log."""
    known = rules()
    for stream in STREAMS:
        async with PgRebuild(pool, Mode.LIVE, TimeOrderedIds(SystemClock()).new).begin_rebuild() as tx:
            state = fold(list(await tx.facts(stream)))
            assert state is not None
            await tx.put_incident(state, duty_rows(known, state))
