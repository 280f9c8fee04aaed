"""Messages to functions: number, what to do, until when. Never free text, never restricted content."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.commands import Report
from domain.incidents import Incident
from domain.parties import Function, Party
from domain.severity import Severity
from domain.tasks import Task
from usecases.ports import Notice


def informed_of(report: Report | None, severity: Severity) -> tuple[Function, ...]:
    """Functions of the municipality that hear of a new incident (routing defaults; people may add more)."""
    functions = [Function.CISO, Function.PROCESEIGENAAR]
    if report is not None and report.personal_data != "nee":
        functions.append(Function.FG)
    if report is not None and report.effects:
        functions += [Function.OOV, Function.GEMEENTESECRETARIS, Function.BURGEMEESTER]
    elif severity is Severity.ERNSTIG:
        functions += [Function.OOV, Function.GEMEENTESECRETARIS]
    return tuple(functions)


def opened(incident: Incident, functions: Iterable[Function]) -> Sequence[Notice]:
    """A new incident, to these functions of its municipality."""
    return [
        Notice(
            key=f"geopend:{incident.incident_id}:{function}",
            organisation=f"{Party.GEMEENTE}:{incident.municipality}",
            function=function,
            subject=f"{incident.number}: nieuw incident",
            body=f"Er is een nieuw incident: {incident.number}. Open het incident en bepaal wat er aan de hand is.",
            incident_id=incident.incident_id,
            urgent=incident.severity is Severity.ERNSTIG,
        )
        for function in functions
    ]


def joined(incident: Incident, report: Report) -> Sequence[Notice]:
    """A report joined an open incident: the CISO hears it, the reporter already knows."""
    return [
        Notice(
            key=f"melding:{report.report_id}",
            organisation=f"{Party.GEMEENTE}:{incident.municipality}",
            function=Function.CISO,
            subject=f"{incident.number}: nieuwe melding",
            body=f"Er kwam een melding bij incident {incident.number}. Open het incident om haar te lezen.",
            incident_id=incident.incident_id,
        )
    ]


def status_moved(incident: Incident) -> Sequence[Notice]:
    """The incident has another state: its owner and the mayor hear it."""
    owner = incident.owner
    to = [(f"{Party.GEMEENTE}:{incident.municipality}", Function.BURGEMEESTER.value)]
    if owner is not None and (owner.organisation, owner.function) not in to:
        to.append((owner.organisation, owner.function))
    return [
        Notice(
            key=f"status:{incident.incident_id}:{incident.version}:{organisation}:{function}",
            organisation=organisation,
            function=function,
            subject=f"{incident.number}: status is nu {incident.status.replace('-', ' ')}",
            body=f"Incident {incident.number} heeft nu de status {incident.status.replace('-', ' ')}.",
            incident_id=incident.incident_id,
        )
        for organisation, function in to
    ]


def asked(incident: Incident, tasks: Iterable[Task]) -> Sequence[Notice]:
    """One message per function for the tasks that landed with it in this transaction."""
    to = {(task.organisation, task.function): task for task in tasks if task.state.is_open}
    return [
        Notice(
            key=f"taak:{task.task_key}",
            organisation=organisation,
            function=function,
            subject=f"{incident.number}: er ligt een taak bij u",
            body=f"Voor incident {incident.number} ligt een taak bij u. Open uw taken en antwoord.",
            incident_id=incident.incident_id,
            urgent=incident.severity is Severity.ERNSTIG,
        )
        for (organisation, function), task in to.items()
    ]


def warned(incident: Incident, due: Sequence[tuple[str, datetime | None]], at: datetime) -> Sequence[Notice]:
    """One message for all clocks that asked for attention now, however many rungs were missed."""
    lines = ", ".join(f"{name} uiterlijk {moment:%d-%m-%Y %H:%M} UTC" if moment else name for name, moment in due)
    return [
        Notice(
            key=f"termijn:{incident.incident_id}:{incident.version}",
            organisation=f"{Party.GEMEENTE}:{incident.municipality}",
            function=Function.CISO,
            subject=f"{incident.number}: wettelijke termijn",
            body=f"Let op de termijn van incident {incident.number}: {lines}. Stand van {at:%d-%m-%Y %H:%M} UTC.",
            incident_id=incident.incident_id,
            urgent=True,
        )
    ]
