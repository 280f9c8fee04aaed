"""What people do on the pages (`dashboards.services.Acts`): one use case an act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dashboards.models import RegisterRow
from dashboards.services import Signed
from domain import sharing
from domain.commands import AnyCommand, Report
from domain.errors import InvalidError, NotAllowedError
from domain.parties import Actor
from domain.register import Item, Service, Supplier
from domain.sharing_table import Act
from domain.tasks import TaskState
from usecases import act_on_incident, answer_task, report_incident, resend
from usecases.context import Context
from usecases.edit_register import AnyEntry, EntryKind, PutEntry, RegisterStore, RemoveEntry, edit_register
from wiring.services.reads import DraftRows

KINDS: Mapping[str, EntryKind] = {"dienst": "dienst", "leverancier": "leverancier", "object": "configuratie-item"}


@dataclass(frozen=True, kw_only=True)
class ActServices:
    """Each act is signed, once per key, and refused by the use case that does it."""

    ctx: Context
    registers: RegisterStore
    drafts: DraftRows
    shelves: resend.Shelves
    door: resend.Again

    async def report(self, signed: Signed, asked: Report, joins: UUID | None) -> UUID:
        """Report; the draft has done its work then."""
        done = await report_incident.report(self.ctx, signed.actor, asked, joins, key=signed.key)
        await self.drafts.forget(signed.actor.account_id)
        return done.incident_id

    async def act(self, signed: Signed, incident_id: UUID, asked: AnyCommand) -> None:
        """Any act on one incident."""
        await act_on_incident.act(self.ctx, signed.actor, incident_id, asked, key=signed.key)

    async def answer_task(
        self, signed: Signed, task_key: str, state: TaskState, reason: str, out_args: Mapping[str, str]
    ) -> None:
        """See, finish, skip or refuse a task."""
        await answer_task.answer_task(
            self.ctx, signed.actor, task_key, state, reason=reason, out_args=out_args, key=signed.key
        )

    async def save_draft(self, actor: Actor, fields: Mapping[str, Sequence[str]]) -> datetime:
        """Keep what was typed so far, for who may report."""
        if not sharing.may(actor, Act.MELDEN, sharing.of_organisation(actor.organisation)):
            raise NotAllowedError
        at = self.ctx.clock.now()
        await self.drafts.keep(actor.account_id, fields, at)
        return at

    async def put_register(self, signed: Signed, row: RegisterRow, *, remove: bool = False) -> None:
        """Add, change or take away a row of the register."""
        asked = RemoveEntry(kind=KINDS[row.kind], code=row.code) if remove else PutEntry(entry=entry_of(row))
        await edit_register(self.registers, self.ctx.clock, signed.actor, asked, key=signed.key)

    async def resend(self, signed: Signed, receipt_id: UUID) -> None:
        """Offer a receipt from quarantine again."""
        await resend.resend(self.shelves, self.door, self.ctx.clock, signed.actor, receipt_id)


def entry_of(row: RegisterRow) -> AnyEntry:
    """The entry that was typed. Raises InvalidError for a kind that is none."""
    match row.kind:
        case "dienst":
            return Service(
                code=row.code,
                name=row.name,
                supplier=row.supplier,
                aliases=row.aliases,
                critical=row.critical,
                products=row.products,
            )
        case "leverancier":
            return Supplier(code=row.code, name=row.name, phone=row.phone)
        case "object":
            return Item(
                code=row.code,
                name=row.name,
                service=row.service,
                observables=row.observables,
                products=row.products,
            )
        case _:
            raise InvalidError
