"""Lawful destruction: texts beside the log go when their retention ends; the facts and the chain stay."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import refusals, sharing
from domain.errors import NotAllowedError
from domain.incidents import evolve, stream_of
from domain.parties import Actor, Party
from domain.sharing_table import Act
from usecases.context import Context
from usecases.rows import duty_rows


@dataclass(frozen=True, kw_only=True)
class Destroy:
    """Which facts of an incident lose their texts, under which item of the selection list."""

    incident_id: UUID
    versions: tuple[int, ...]
    list_item: str
    at: datetime


async def destroy(ctx: Context, actor: Actor, asked: Destroy) -> int:
    """Destroy the texts beside these facts; gives the version of the fact that says so.

    Raises NotAllowedError, IncidentUnknownError, ReasonMissingError (no list item) or NothingToCorrectError.
    """
    if not asked.list_item.strip():
        raise refusals.ReasonMissingError
    async with ctx.store.begin() as tx:
        stream = stream_of(asked.incident_id)
        version = (await tx.lock([stream])).get(stream, 0)
        incident = await tx.incident(asked.incident_id)
        if incident is None:
            raise refusals.IncidentUnknownError
        owner = sharing.of_organisation(f"{Party.GEMEENTE}:{incident.municipality}")
        if not sharing.may(actor, Act.VERNIETIGEN, owner):
            raise NotAllowedError
        if not asked.versions or not all(1 <= each <= version for each in asked.versions):
            raise refusals.NothingToCorrectError
        recorded = await tx.destroy(
            stream, asked.versions, list_item=asked.list_item.strip(), by=actor.signature(), at=asked.at
        )
        after = evolve(incident, recorded)
        if after is not None:
            await tx.put_incident(after, duty_rows(ctx.rules, after))
        return recorded.version
