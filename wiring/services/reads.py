"""The pages' questions (`dashboards.services.Reads`): use cases and readings, in the words of the pages."""

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from dashboards.models import (
    Draft,
    IncidentDetails,
    IncidentLine,
    Ledger,
    LogFilter,
    LogPage,
    PartState,
    QuarantineLine,
    RegisterPage,
    RegisterRow,
    ReportReceipt,
    RoomGrant,
    SignalLine,
)
from domain import refusals, sharing
from domain.errors import NotAllowedError
from domain.parties import Actor
from domain.register import Register
from domain.sharing_table import Act, Kind
from domain.tasks import Task
from usecases import reading
from usecases.answer_task import may_answer
from usecases.readings import QuarantineRow
from wiring.services.incidents import IncidentReads, municipality_of, signal_line
from wiring.services.rooms import Rooms

EXCERPT = 600
"""Bytes of a message in quarantine that the page shows."""
PartStates = Callable[[], Coroutine[Any, Any, Sequence[PartState]]]


class KeptFields(Protocol):
    """A draft as it was kept."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def fields(self) -> Mapping[str, Sequence[str]]:
        """What was typed."""
        ...


class DraftRows(Protocol):
    """Unfinished reports."""

    async def of(self, account_id: UUID) -> KeptFields | None:
        """The draft of this account."""
        ...

    async def keep(self, account_id: UUID, fields: Mapping[str, Sequence[str]], at: datetime) -> None:
        """Keep this one instead."""
        ...

    async def forget(self, account_id: UUID) -> None:
        """The report was sent."""
        ...


@dataclass(frozen=True, kw_only=True)
class ReadServices:
    """Rights are checked by the use cases; here only words and shapes change."""

    rooms: Rooms
    texts: IncidentReads
    drafts: DraftRows
    states: PartStates

    async def room(self, actor: Actor, subject: str) -> RoomGrant:
        """The cards of a subject, fresh, and the rights class of this viewer."""
        return await self.rooms.room(actor, subject)

    async def incidents(self, actor: Actor) -> Sequence[IncidentLine]:
        """Open incidents this actor may see, worst first, then the last closed ones."""
        return await self.texts.listed(actor)

    async def incident(self, actor: Actor, incident_id: UUID) -> IncidentDetails:
        """One incident with its texts."""
        return await self.texts.details(actor, incident_id)

    async def likely(self, actor: Actor, services: Collection[str], supplier: str | None) -> Sequence[IncidentLine]:
        """Open incidents that a report about these services probably belongs to."""
        return await self.texts.likely(actor, services, supplier)

    async def task(self, actor: Actor, task_key: str) -> Task:
        """A task this actor may answer. Raises TaskUnknownError or TaskNotYoursError."""
        desk = self.texts.desk
        task = await desk.readings.task(task_key)
        row = await desk.readings.incident(task.incident_id) if task else None
        if task is None or row is None or not sharing.may(actor, Act.TAAK, reading.subject(desk, row)):
            raise refusals.TaskUnknownError
        may_answer(actor, task)
        return task

    async def logbook(self, actor: Actor, incident_id: UUID, asked: LogFilter) -> LogPage:
        """The entries of one incident, newest first."""
        return await self.texts.logbook(actor, incident_id, asked)

    async def register(self, actor: Actor) -> RegisterPage:
        """The register of the actor's municipality; who may report sees it too, because the form asks from it."""
        code = municipality_of(actor)
        about = sharing.of_organisation(actor.organisation)
        if code is None or not (sharing.may(actor, Kind.REGISTER, about) or sharing.may(actor, Act.MELDEN, about)):
            raise NotAllowedError
        register = await self.texts.ctx.registers.register(code)
        return register_page(register, actor, may_edit=sharing.may(actor, Act.REGISTER, about))

    async def quarantine(self, actor: Actor) -> Sequence[QuarantineLine]:
        """Receipts that could not be read, newest first."""
        return [_quarantined(row) for row in await reading.quarantine(self.texts.desk, actor)]

    async def noted(self, actor: Actor) -> Sequence[SignalLine]:
        """Newest signals that raised nothing."""
        return [signal_line(row) for row in await reading.noted(self.texts.desk, actor)]

    async def ledger(self, actor: Actor) -> Ledger:
        """Both balances."""
        found = await reading.ledger(self.texts.desk, actor)
        return Ledger(**vars(found.counted), balanced=found.balanced)

    async def parts(self) -> Sequence[PartState]:
        """Which part of the system works now."""
        return await self.states()

    async def draft(self, actor: Actor) -> Draft | None:
        """The unfinished report of this person."""
        kept = await self.drafts.of(actor.account_id)
        return Draft(at=kept.at, fields=kept.fields) if kept else None

    async def receipt(self, actor: Actor, incident_id: UUID) -> ReportReceipt:
        """What the reporter is told after sending."""
        return await self.texts.receipt(actor, incident_id)


def register_page(register: Register, actor: Actor, *, may_edit: bool) -> RegisterPage:
    """The register in the shapes of the page."""
    return RegisterPage(
        municipality=register.municipality,
        municipality_name=actor.organisation_name,
        services=tuple(
            RegisterRow(
                kind="dienst",
                code=each.code,
                name=each.name,
                supplier=each.supplier,
                aliases=each.aliases,
                critical=each.critical,
                products=each.products,
            )
            for each in register.services.values()
        ),
        suppliers=tuple(
            RegisterRow(kind="leverancier", code=each.code, name=each.name, phone=each.phone)
            for each in register.suppliers.values()
        ),
        items=tuple(
            RegisterRow(
                kind="object",
                code=each.code,
                name=each.name,
                service=each.service,
                observables=each.observables,
                products=each.products,
            )
            for each in register.items.values()
        ),
        may_edit=may_edit,
    )


def _quarantined(row: QuarantineRow) -> QuarantineLine:
    raw = row.raw or b""
    return QuarantineLine(
        receipt_id=row.receipt_id,
        source=row.label or row.source_id,
        received_at=row.received_at,
        reasons=row.reasons,
        size=len(raw),
        excerpt=printable(raw[:EXCERPT].decode("utf-8", "replace")),
        resent_at=row.resent_at,
    )


def printable(text: str) -> str:
    """What cannot be seen, or turns the text of others around, as its code."""
    return "".join(each if each.isprintable() or each in "\n\t" else f"\\u{ord(each):04x}" for each in text)
