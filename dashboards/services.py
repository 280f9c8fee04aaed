"""What the pages ask of the use cases. `wiring` hands in one `Services`; tests hand in a fake one.

Rights are checked behind these doors, by the one policy of the domain: a page never decides who may see what.
Each act carries an idempotency key: the same key again gives the same answer and no second effect.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from dashboards.models import (
    AccountLine,
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
    Site,
    SourceLine,
    SourceMade,
)
from domain.commands import AnyCommand, Report
from domain.parties import Actor, Function
from domain.tasks import Task, TaskState
from usecases.access.sign_in import Present, SignedIn
from usecases.ports import Clock, Ids


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Who acts, and the idempotency key of this act."""

    actor: Actor
    key: str


class Reads(Protocol):
    """Questions. Raises NotFoundError or NotAllowedError; the words of the error are shown."""

    async def room(self, actor: Actor, subject: str) -> RoomGrant:
        """The cards of a subject folded from the record, and the rights class of this viewer.

        `subject` is an incident (`incident:<id>`) or an organisation (`gemeente:GM0344`, `vr:VR15`, `politie:…`);
        for police and prosecutor: the cards of the regions they work in.
        """
        ...

    async def incidents(self, actor: Actor) -> Sequence[IncidentLine]:
        """Open incidents this actor may see, worst first, then the last closed ones."""
        ...

    async def incident(self, actor: Actor, incident_id: UUID) -> IncidentDetails:
        """One incident with its texts."""
        ...

    async def likely(self, actor: Actor, services: Collection[str], supplier: str | None) -> Sequence[IncidentLine]:
        """Open incidents that a report about these services probably belongs to, likeliest first."""
        ...

    async def task(self, actor: Actor, task_key: str) -> Task:
        """A task this actor may answer."""
        ...

    async def logbook(self, actor: Actor, incident_id: UUID, asked: LogFilter) -> LogPage:
        """The entries of one incident, newest first."""
        ...

    async def register(self, actor: Actor) -> RegisterPage:
        """Services, suppliers and configuration items of the actor's municipality."""
        ...

    async def quarantine(self, actor: Actor) -> Sequence[QuarantineLine]:
        """Receipts that could not be read, newest first."""
        ...

    async def noted(self, actor: Actor) -> Sequence[SignalLine]:
        """Newest signals that raised nothing: tests, exercises, what ended."""
        ...

    async def ledger(self, actor: Actor) -> Ledger:
        """Both balances."""
        ...

    async def parts(self) -> Sequence[PartState]:
        """Which part of the system works now."""
        ...

    async def draft(self, actor: Actor) -> Draft | None:
        """The unfinished report of this person."""
        ...

    async def receipt(self, actor: Actor, incident_id: UUID) -> ReportReceipt:
        """What the reporter is told after sending."""
        ...


class Acts(Protocol):
    """What people do. Raises a DriehoekError with a sentence for the person who acted."""

    async def report(self, signed: Signed, asked: Report, joins: UUID | None) -> UUID:
        """Report: join this open incident, or open one (None). Gives the incident."""
        ...

    async def act(self, signed: Signed, incident_id: UUID, asked: AnyCommand) -> None:
        """Any act on one incident."""
        ...

    async def answer_task(
        self, signed: Signed, task_key: str, state: TaskState, reason: str, out_args: Mapping[str, str]
    ) -> None:
        """See (`gezien`), finish (`klaar`), skip (`overgeslagen`) or refuse (`kan-niet`) a task."""
        ...

    async def save_draft(self, actor: Actor, fields: Mapping[str, Sequence[str]]) -> datetime:
        """Keep what was typed in the report so far; gives the moment of keeping. Sending the report removes it."""
        ...

    async def put_register(self, signed: Signed, row: RegisterRow, *, remove: bool = False) -> None:
        """Add, change or take away a row of the register of the actor's municipality."""
        ...

    async def resend(self, signed: Signed, receipt_id: UUID) -> None:
        """Offer a receipt from quarantine again."""
        ...


class Accounts(Protocol):
    """Signing in and managing accounts."""

    async def sign_in(self, login: str, password: str) -> SignedIn:
        """First step."""
        ...

    async def second_factor(self, token: str, code: str) -> SignedIn:
        """Second step: a code of the app, or a recovery code."""
        ...

    async def offer_app(self, token: str) -> tuple[str, str]:
        """Secret and address for the authenticator app."""
        ...

    async def confirm_app(self, token: str, code: str) -> tuple[SignedIn, tuple[str, ...]]:
        """Link the app; gives the recovery codes, shown once."""
        ...

    async def link_login(self, token: str) -> str:
        """The login name that a one-time link is for; raises LinkSpentError when it no longer works."""
        ...

    async def accept_link(self, token: str, password: str) -> str:
        """Use a one-time link to choose a password; gives the login name."""
        ...

    async def switch(self, here: Present, organisation: str, function: Function, language: str) -> None:
        """Act in another function, or read in another language, from now on."""
        ...

    async def sign_out(self, here: Present) -> None:
        """End this session."""
        ...

    async def accounts(self, actor: Actor) -> Sequence[AccountLine]:
        """Accounts of the administrator's organisation."""
        ...

    async def invite(self, actor: Actor, login: str, name: str, function: Function, *, email: str = "") -> str:
        """Make an account; gives the token of its one-time link."""
        ...

    async def set_email(self, actor: Actor, login: str, email: str) -> None:
        """Where warnings for somebody are mailed; empty = nowhere."""
        ...

    async def reset(self, actor: Actor, login: str) -> str:
        """A new one-time link for somebody who cannot sign in."""
        ...

    async def give(self, actor: Actor, login: str, function: Function) -> None:
        """Give a function."""
        ...

    async def take(self, actor: Actor, login: str, function: Function) -> None:
        """Take a function away."""
        ...

    async def block(self, actor: Actor, login: str, *, blocked: bool, reason: str) -> None:
        """Stop or allow signing in."""
        ...

    async def sources(self, actor: Actor) -> Sequence[SourceLine]:
        """Machines that may post signals."""
        ...

    async def add_source(self, actor: Actor, label: str) -> SourceMade:
        """A new source; its token is shown once."""
        ...

    async def revoke_source(self, actor: Actor, source_id: str) -> None:
        """Stop accepting a source."""
        ...


class Presence(Protocol):
    """Who is still signed in, for open sockets."""

    async def present(self, sessions: Collection[UUID]) -> Mapping[UUID, Actor]:
        """The sessions that are still valid, with the function that is active in each."""
        ...


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything the pages use."""

    site: Site
    clock: Clock
    ids: Ids
    reads: Reads
    acts: Acts
    accounts: Accounts
    presence: Presence
