"""What is worth saying aloud when a picture changes: marks are facts with a sentence; new ones are announced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboards import words
from dashboards.views.shown import Names, Shown

MOST_SENTENCES = 2


@dataclass(frozen=True)
class Mark:
    """A sentence, and whether it may interrupt: a decision asked of you, a limit within the hour."""

    sentence: str
    urgent: bool = False


def marks_of(shown: Iterable[Shown], names: Names, *, deciding: str | None = None) -> Mapping[str, Mark]:
    """The facts of this picture that somebody who cannot see it must hear. `deciding` = decisions asked of you."""
    gettext = names.gettext
    found: dict[str, Mark] = {}
    for one in shown:
        number, incident = one.incident.number, one.incident
        found[f"{number}"] = Mark(gettext("Nieuw incident {number}: {title}").format(number=number, title=one.title))
        status = gettext(words.STATUS[incident.status])
        found[f"{number}:{incident.status}"] = Mark(
            gettext("{number} is nu {status}").format(number=number, status=status)
        )
        severity = gettext(words.SEVERITY[incident.severity])
        found[f"{number}:{incident.severity}"] = Mark(
            gettext("Ernst van {number}: {severity}").format(number=number, severity=severity)
        )
        for regime in one.regimes:
            if regime.soon:
                urgent = gettext("Termijn binnen een uur: {name}, {number}")
                sentence = urgent.format(name=names.of(regime.id), number=number)
                found[f"{number}:{regime.id}:soon"] = Mark(sentence, urgent=True)
        found |= _tasks(one, names, deciding)
    return found


def news(old: Mapping[str, Mark], new: Mapping[str, Mark]) -> Mark | None:
    """What to say about the marks that were not there before; None when there is nothing."""
    fresh = [mark for key, mark in new.items() if key not in old]
    if not fresh:
        return None
    fresh.sort(key=lambda mark: not mark.urgent)
    return Mark(". ".join(mark.sentence for mark in fresh[:MOST_SENTENCES]), urgent=fresh[0].urgent)


def _tasks(one: Shown, names: Names, deciding: str | None) -> dict[str, Mark]:
    found = {}
    for task in one.tasks:
        key = f"{task.task_key}:{task.state}"
        title = names.text(task.title)
        if task.state.is_open and deciding == task.function and task.mayor_decides:
            found[task.task_key] = Mark(names.gettext("Besluit gevraagd: {title}").format(title=title), urgent=True)
        elif not task.state.is_open:
            state = names.gettext(words.TASK[task.state])
            found[key] = Mark(names.gettext("{state}: {title}").format(state=state, title=title))
    return found
