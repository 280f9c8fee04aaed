"""A batch of receipts, taken in: one transaction holds outcomes, signals, incidents and the position, or nothing.

Locks in this order: position, keys of municipalities, heads of new incidents; a head that exists is never waited for.
The number of queries does not grow with signals, related signals or open incidents; it grows with incidents that open.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import DriehoekError
from domain.parties import SYSTEM
from domain.register import Register
from usecases.announcing import announcements
from usecases.context import Context
from usecases.judging import Judge, Judged, asked_of, places_of
from usecases.opening import join_all, open_all
from usecases.outcomes import copy_of, outcomes
from usecases.ports import IntakeTransaction
from usecases.receipts import Arrival, Batch, Read, parked, read
from usecases.record import Work

log = logging.getLogger(__name__)
TRIES = 3
OUR_FAULT = "interne fout: wij konden dit bericht niet verwerken; de beheerder is gewaarschuwd"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was done. `moved` False: somebody else has moved the position, nothing was written."""

    moved: bool
    receipts: int = 0
    opened: int = 0
    parked: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            moved=self.moved and other.moved,
            receipts=self.receipts + other.receipts,
            opened=self.opened + other.opened,
            parked=self.parked + other.parked,
        )


async def take_in(ctx: Context, batch: Batch) -> Taken:
    """Take in a batch. What fails by itself is tried alone, and parked when it keeps failing; the rest goes on.

    Raises DriehoekError when nothing can be written now: the batch is offered again later, nothing is lost.
    """
    try:
        return await _together(ctx, batch)
    except DriehoekError:
        raise
    except Exception:
        log.exception("a batch failed, its receipts are tried one by one")
    done = Taken(moved=True)
    for single in batch.singles():
        done += await _alone(ctx, single)
        if not done.moved:
            break
    return done


async def _alone(ctx: Context, single: Batch) -> Taken:
    """One receipt; when it fails every time it goes to quarantine, with our fault as the reason."""
    for _ in range(TRIES):
        try:
            return await _together(ctx, single)
        except DriehoekError:
            raise
        except Exception:
            log.exception("a receipt failed", extra={"offset": single.read_from})
    (arrival,) = single.arrivals
    return await _written(ctx, single, [(arrival, parked(arrival.receipt, OUR_FAULT))])


async def _together(ctx: Context, batch: Batch) -> Taken:
    """Reading is pure and comes before any lock."""
    return await _written(ctx, batch, [(each, _read(ctx, each)) for each in batch.arrivals])


def _read(ctx: Context, arrival: Arrival) -> Read:
    if arrival.parked is not None:
        return parked(arrival.receipt, arrival.parked)
    return read(ctx.rules, arrival.receipt)


async def _written(ctx: Context, batch: Batch, arrived: Sequence[tuple[Arrival, Read]]) -> Taken:
    registers = await _registers(ctx, [each for _, each in arrived])
    async with ctx.store.begin_intake() as tx:
        if not await tx.claim_position(batch.topic, batch.partition, batch.read_from):
            return Taken(moved=False)
        reads, copies = await _apart(tx, arrived)
        work = Work(ctx=ctx, tx=tx, by=SYSTEM, at=ctx.clock.now())
        judged = await _judged(work, tx, reads, registers)
        await tx.put_signals([each.row for each in judged])
        await tx.new_receipts([*outcomes(reads, judged), *(copy_of(each.receipt) for each in copies)])
        await tx.announce(announcements(work, reads, judged))
        await tx.move_position(batch.topic, batch.partition, batch.read_to)
    return Taken(
        moved=True,
        receipts=len(reads),
        opened=sum(each.opens for each in judged),
        parked=sum(not each.is_read for each in reads),
    )


async def _registers(ctx: Context, reads: Sequence[Read]) -> dict[str, Register]:
    return {place: await ctx.registers.register(place) for place in places_of(reads)}


async def _apart(
    tx: IntakeTransaction, arrived: Sequence[tuple[Arrival, Read]]
) -> tuple[Sequence[Read], Sequence[Arrival]]:
    """Receipts that are new, and copies of what has an outcome already or stands earlier in this batch."""
    done = set(await tx.known_receipts([arrival.key for arrival, _ in arrived])) if arrived else set()
    reads, copies = [], []
    for arrival, found in arrived:
        if arrival.key in done:
            copies.append(arrival)
        else:
            done.add(arrival.key)
            reads.append(found)
    return reads, copies


async def _judged(
    work: Work, tx: IntakeTransaction, reads: Sequence[Read], registers: dict[str, Register]
) -> Sequence[Judged]:
    """Hold the keys, judge, and write what follows for incidents."""
    places = places_of(reads)
    judge = Judge(registers=registers, new_id=work.ctx.ids.new, seen={}, known={})
    if places:
        repeats, keys = asked_of(reads, registers)
        await tx.hold_keys(places)
        seen, known = await tx.known_signals(repeats), await tx.open_keys(keys)
        judge = Judge(registers=registers, new_id=work.ctx.ids.new, seen=dict(seen), known=dict(known))
    judged = judge.judge(reads)
    await open_all(work, judged)
    await join_all(work, tx, judged)
    if changed := judge.changed():
        await tx.bind_keys(changed)
    return judged
