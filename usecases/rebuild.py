"""State rows again from the log: incidents with their duties, executions with their tasks, and the keys of signals.

Each stream is done under the lock of its head, so the product may run meanwhile.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol

from domain import incidents
from domain.incidents import Incident
from playbooks import engine
from usecases.context import Context
from usecases.fresh_cards import TOGETHER, CheckedStore, heal, suspects
from usecases.picture import Picture
from usecases.ports import Transaction
from usecases.rows import duty_rows, keys_of
from usecases.standing import EXECUTION, INCIDENT, Standing, execution_fits, incident_fits


class RebuildTransaction(Standing, Transaction, Protocol):
    """What rebuilding asks besides."""

    async def drop_strays(self) -> int:
        """Remove state rows whose stream has no facts, and keys that lead to no open incident; how many."""
        ...

    async def count_incidents(self, year: int, last: int) -> None:
        """The counter of a year is at least this."""
        ...


class RebuildStore(Protocol):
    """Where such transactions come from."""

    def begin_rebuild(self) -> AbstractAsyncContextManager[RebuildTransaction]:
        """Commit at the end of the block, roll back when it raises."""
        ...

    async def streams(self, prefix: str) -> Sequence[str]:
        """Streams that have facts, by the start of their name."""
        ...


@dataclass
class Rebuilt:
    """What was done. `changed` are the streams whose rows were not what the log says."""

    incidents: int = 0
    executions: int = 0
    keys: int = 0
    removed: int = 0
    changed: list[str] = field(default_factory=list)


async def rebuild(ctx: Context, store: RebuildStore) -> Rebuilt:
    """Make every state row again from the log; rows that were right stay as they are."""
    done = Rebuilt()
    for stream in await store.streams(INCIDENT):
        async with store.begin_rebuild() as tx:
            await tx.lock([stream])
            done.changed += [stream] if await _incident(ctx, tx, stream, done) else []
        done.incidents += 1
    for stream in await store.streams(EXECUTION):
        async with store.begin_rebuild() as tx:
            await tx.lock([stream])
            done.changed += [stream] if await _execution(tx, stream) else []
        done.executions += 1
    async with store.begin_rebuild() as tx:
        done.removed = await tx.drop_strays()
    return done


async def _incident(ctx: Context, tx: RebuildTransaction, stream: str, done: Rebuilt) -> bool:
    state = incidents.fold(list(await tx.facts(stream)))
    if state is None:
        return False
    duties = duty_rows(ctx.rules, state)
    fits = await incident_fits(tx, state, duties)
    changed = not fits or tuple(await tx.duties_of(state.incident_id)) != duties
    if changed:
        await tx.put_incident(state, duties)
    _, year, number = state.number.split("-")
    await tx.count_incidents(int(year), int(number))
    if state.status.is_open:
        done.keys += await _bind(ctx, tx, state)
    return changed


async def _bind(ctx: Context, tx: RebuildTransaction, state: Incident) -> int:
    """The keys that follow from the incident itself; those that lead to another open incident stay."""
    wanted = keys_of(state, await ctx.registers.register(state.municipality))
    await tx.hold_keys([state.municipality])
    taken = await tx.open_keys(wanted)
    missing = {key: known for key, known in wanted.items() if key not in taken}
    if missing:
        await tx.bind_keys(missing)
    return len(missing)


async def _execution(tx: RebuildTransaction, stream: str) -> bool:
    state = reduce(engine.evolve, await tx.facts(stream), None)
    if state is None:
        return False
    changed = not await execution_fits(tx, state)
    if changed:
        await tx.put_execution(state, list(state.tasks.values()), next_wake_at=engine.next_wake_at(state))
    return changed


async def renew_cards(picture: Picture, cards: CheckedStore, card_ids: Sequence[str]) -> int:
    """Put right what differs from the state rows, then send every card again, in the epoch that began; how many."""
    await heal(picture, await suspects(picture, cards))
    for start in range(0, len(card_ids), TOGETHER):
        async with picture.cards.begin() as tx:
            held = await tx.lock_cards(card_ids[start : start + TOGETHER])
            await tx.put_cards([held[card_id] for card_id in sorted(held)])
    return len(card_ids)
