"""What the pages read about one incident: its texts and forms, its logbook, and the answer to a report."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dashboards.models import (
    IncidentDetails,
    IncidentLine,
    Limit,
    LogEntry,
    LogFilter,
    LogPage,
    Phone,
    ReportReceipt,
    ReportText,
    SignalLine,
)
from dashboards.views.log_words import is_correctable, is_wanted
from domain import refusals
from domain.commands import Report
from domain.events.incident import MeldingOntvangen
from domain.parties import Actor, Party
from domain.sharing_table import Act, Kind
from usecases import likely_incident, logbook, notices, reading
from usecases.context import Context
from usecases.first_acts import DEFAULT_CONTACTS, FIRST_ACTS, Contact
from usecases.intake_rows import SignalRow
from usecases.reading import Desk, IncidentPage, Listed
from usecases.readings import LogLine
from wiring.services.names import Naming


@dataclass(frozen=True, kw_only=True)
class IncidentReads:
    """Reads through the sharing policy. `contacts` are the numbers to call in this instance."""

    ctx: Context
    desk: Desk
    naming: Naming
    chains: logbook.Chains
    contacts: Sequence[Contact] = DEFAULT_CONTACTS

    async def listed(self, actor: Actor) -> Sequence[IncidentLine]:
        """Open incidents, worst first, then the last closed ones."""
        found = await reading.incidents(self.desk, actor)
        names = await self.naming.names({one.incident.municipality for one in found}, actor.language)
        return [line_of(one, names) for one in found]

    async def details(self, actor: Actor, incident_id: UUID) -> IncidentDetails:
        """One incident with its texts and the forms that this actor may use."""
        page = await reading.incident(self.desk, actor, incident_id)
        names = await self._names(actor, page.listed, *page.others)
        incident = page.listed.incident
        regimes = dict.fromkeys(row.duty.regime for row in page.duties)
        return IncidentDetails(
            line=line_of(page.listed, names),
            reports=tuple(found for line in page.reports if (found := _report(line))),
            may=frozenset(act.value for act in page.does),
            owners=tuple(reading.owners(self.desk, incident.municipality)),
            others=tuple(line_of(one, names) for one in page.others),
            regimes=self.naming.regimes(regimes, actor.language),
            obligations=self._submittable(page),
            signals=tuple(signal_line(row) for row in page.signals[:SIGNALS]),
            may_log=Kind.TIJDLIJN in page.sees,
            playbooks=self._playbooks(page, actor) if Act.DRAAIBOEK in page.does else (),
        )

    async def likely(self, actor: Actor, services: Collection[str], supplier: str | None) -> Sequence[IncidentLine]:
        """Open incidents that a report probably belongs to, with the explanation of the rule."""
        register = await self.ctx.registers.register(actor.organisation.partition(":")[2])
        keys = likely_incident.asked_keys(register, services, supplier)
        async with self.ctx.store.begin() as tx:
            known = dict(await tx.open_keys(keys))
        hits = likely_incident.likely(keys, known, self.ctx.clock.now())
        found = []
        for hit in hits:
            try:
                page = await reading.incident(self.desk, actor, hit.incident_id)
            except refusals.IncidentUnknownError:
                continue
            names = await self._names(actor, page.listed)
            found.append(line_of(page.listed, names, why=hit.rule.explanation))
        return found

    async def logbook(self, actor: Actor, incident_id: UUID, asked: LogFilter) -> LogPage:
        """Entries of the incident and its playbooks, newest first, and whether nobody changed them."""
        page = await logbook.logbook(self.desk, actor, incident_id, before=asked.before)
        chain = await self.chains.check(page.streams)
        names = await self._names(actor, page.listed)
        entries = _entries(page, actor, asked.before)
        may = (await reading.incident(self.desk, actor, incident_id)).does
        organisations = sorted({entry.recorded.by.organisation for entry in entries})
        return LogPage(
            line=line_of(page.listed, names),
            entries=tuple(entry for entry in entries if _wanted(entry, asked)),
            total=page.total,
            chain_good=chain.good,
            checked_at=chain.at,
            organisations=tuple((code, names.get(code, code)) for code in organisations),
            older=page.older,
            may_write=Act.LOGBOEKREGEL in may,
            names=names,
        )

    async def receipt(self, actor: Actor, incident_id: UUID) -> ReportReceipt:
        """What the reporter is told after sending: the newest report of this person in this incident."""
        page = await reading.incident(self.desk, actor, incident_id)
        names = await self._names(actor, page.listed)
        mine = [line for line in page.reports if line.recorded.by.account_id == actor.account_id]
        event = mine[0].recorded.event if mine else None
        told = _as_report(event, page) if isinstance(event, MeldingOntvangen) else None
        return ReportReceipt(
            line=line_of(page.listed, names),
            informed=notices.informed_of(told, page.listed.incident.severity),
            limits=tuple(_limits(page, names)),
            acts=tuple((each.act, each.why) for each in FIRST_ACTS),
            phones=(*self._phones(), *await self._suppliers(page)),
            joined=bool(mine) and mine[0].recorded.version > FIRST_REPORT,
            discovered_at=event.discovered_at if isinstance(event, MeldingOntvangen) else None,
        )

    async def _names(self, actor: Actor, *listed: Listed) -> Mapping[str, str]:
        return await self.naming.names({one.incident.municipality for one in listed}, actor.language)

    def _playbooks(self, page: IncidentPage, actor: Actor) -> tuple[tuple[str, str, str], ...]:
        """What no rule proposed and does not run: a person may know better than a rule."""
        known = {each.playbook_id for each in page.listed.incident.playbooks}
        offered = self.naming.playbooks(actor.language).items()
        return tuple((book, *words) for book, words in offered if book not in known)

    def _submittable(self, page: IncidentPage) -> tuple[str, ...]:
        """Obligations of the regimes in force that were not submitted yet."""
        regimes = {row.duty.regime for row in page.duties}
        done = page.listed.incident.submissions
        return tuple(
            obligation.id
            for regime in self.desk.rules.regimes.regimes
            if regime.id in regimes
            for obligation in regime.obligations
            if obligation.id not in done
        )

    def _phones(self) -> list[Phone]:
        return [Phone(label=each.name, number=each.number, when=each.when) for each in self.contacts]

    async def _suppliers(self, page: IncidentPage) -> list[Phone]:
        """The suppliers behind what is hit; for the own municipality only, whose register it is."""
        incident = page.listed.incident
        register = await self.ctx.registers.register(incident.municipality)
        behind = (*incident.suppliers, *(register.supplier_of(each) for each in incident.services))
        known = [register.supplier(each) for each in dict.fromkeys(behind)]
        return [Phone(label=each.name, number=each.phone) for each in known if each and each.phone]


SIGNALS = 10
FIRST_REPORT = 2
"""A report that opens an incident is its second fact; a later one joined."""


def line_of(listed: Listed, names: Mapping[str, str], *, why: str | None = None) -> IncidentLine:
    """One incident in a list. Without a title that this reader may see: what is hit, else the number."""
    incident = listed.incident
    hit = ", ".join(names.get(each, each) for each in incident.services or incident.suppliers)
    return IncidentLine(
        incident_id=incident.incident_id,
        number=incident.number,
        title=listed.title or hit or incident.number,
        municipality=incident.municipality,
        municipality_name=names.get(incident.municipality, incident.municipality),
        status=incident.status,
        severity=incident.severity,
        opened_at=incident.opened_at,
        services=tuple(names.get(each, each) for each in incident.services),
        why=why,
    )


def signal_line(row: SignalRow) -> SignalLine:
    """One signal as it was understood."""
    normal = row.normal
    return SignalLine(
        at=normal.observed_at,
        format=normal.format,
        title=normal.title,
        service=normal.service,
        state=normal.state.value,
        why=row.explanation,
    )


def _report(line: LogLine) -> ReportText | None:
    event = line.recorded.event
    if not isinstance(event, MeldingOntvangen):
        return None
    return ReportText(
        at=line.recorded.recorded_at,
        by=line.recorded.by,
        text=None if "description" in line.destroyed else event.description,
        contact=None if "contact" in line.destroyed else event.contact,
        discovered_at=event.discovered_at,
    )


def _as_report(event: MeldingOntvangen, page: IncidentPage) -> Report:
    """The answers again, without the free texts."""
    return Report(
        at=page.listed.incident.opened_at,
        report_id=event.report_id,
        municipality=page.listed.incident.municipality,
        description="",
        discovered_at=event.discovered_at,
        personal_data=event.personal_data,
        effects=event.effects,
        severity=event.severity,
    )


def _limits(page: IncidentPage, names: Mapping[str, str]) -> Sequence[Limit]:
    """First limits; undecided duties with what they would be if people knew at the first signal."""
    return [
        Limit(
            name=names.get(row.duty.obligation, row.duty.obligation),
            due_at=row.duty.due_at or row.duty.worst_case_at,
            worst_case=row.duty.due_at is None,
            known_at=row.duty.since,
        )
        for row in page.duties
        if (row.duty.due_at or row.duty.worst_case_at) and not row.duty.projected and not row.duty.submitted_at
    ]


def _entries(page: logbook.Logbook, actor: Actor, before: int | None) -> list[LogEntry]:
    """Each with the page on which it will always stand: of a playbook, below the incident's next fact.

    Somebody corrects what the own organisation said; others correct theirs.
    """
    lowest = later = before or page.listed.incident.version + 1
    moment = None
    found = []
    for line in page.lines:
        recorded, own = line.recorded, line.recorded.stream_id == page.own_stream
        if recorded.recorded_at != moment:
            later, moment = lowest, recorded.recorded_at
        lowest = recorded.version if own else lowest
        found.append(
            LogEntry(
                recorded=recorded,
                tlp=page.listed.incident.tlp.value,
                own=own,
                destroyed=bool(line.destroyed),
                hash=line.hash,
                before=recorded.version + 1 if own else later,
                correctable=own and recorded.by.organisation == actor.organisation and is_correctable(recorded),
            )
        )
    return found


def _wanted(entry: LogEntry, asked: LogFilter) -> bool:
    return is_wanted(entry.recorded, asked.kind) and (
        asked.organisation is None or entry.recorded.by.organisation == asked.organisation
    )


def municipality_of(actor: Actor) -> str | None:
    """Code of the municipality somebody acts for; None for other parties."""
    return actor.organisation.partition(":")[2] if actor.party is Party.GEMEENTE else None
