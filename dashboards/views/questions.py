"""What a task asks back: a line to fill in, or a choice. `Aangevallen: ja, nee of onbekend` is a choice of three."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CHOICE = re.compile(r"(?P<text>[^:]+): (?P<first>[^:]+) of (?P<last>[^:,]+)")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One value that the playbook goes on with. Without options it is free text."""

    name: str
    text: str
    options: tuple[str, ...] = ()


def questions_of(out_args: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions of a task, from the descriptions of its variables."""
    return tuple(question_of(name, description) for name, description in out_args.items())


def question_of(name: str, description: str) -> Question:
    """The question in one description. Values are passed on as they are written there."""
    found = CHOICE.fullmatch(description.strip())
    if found is None:
        return Question(name=name, text=description)
    options = (*(each.strip() for each in found["first"].split(",")), found["last"].strip())
    return Question(name=name, text=found["text"], options=options)
