"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.output import stop
from wiring.runtime import NoInstanceError, settings_of
from wiring.settings import Settings

SourceFormat = Annotated[
    str, typer.Option("--format", help="auto, of de naam van een formaat; een verkeerde naam toont welke er zijn")
]
"""The names stand in the table of formats alone; reading that would make every command slower to start."""
Json = Annotated[bool, typer.Option("--json", help="JSON op stdout, één object per regel")]
Data = Annotated[
    Path | None, typer.Option(help="gegevensmap van `driehoek up`; anders gelden de DRIEHOEK_-instellingen")
]


def settings(data: Path | None) -> Settings:
    """The settings that apply; one clear line and exit code 1 when there are none or they are wrong."""
    try:
        found = settings_of(data)
    except NoInstanceError as error:
        stop(str(error) or (NoInstanceError.__doc__ or ""))
    except ValueError as error:
        stop(f"De instellingen kloppen niet: {error}")
    if found.database_url is None:
        stop("DRIEHOEK_DATABASE_URL ontbreekt. Geef --data MAP van een lopende `driehoek up`, of zet de instelling.")
    return found
