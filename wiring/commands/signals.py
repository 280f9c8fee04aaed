"""`signal send`: the same door as any machine."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from wiring.commands.options import Data, Json, SourceFormat, settings
from wiring.output import NOT_GOOD, WRONG_USE, emit, stop


def send(
    file: Path,
    gemeente: Annotated[str, typer.Option(help="gemeentecode, zoals GM0344")],
    source_format: SourceFormat = "auto",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Stuur een bestand als signaal van een bron van deze gemeente; het antwoord is het ontvangstbewijs."""
    from wiring.processes.sending import send_file

    try:
        body = file.read_bytes()
    except OSError as error:
        stop(f"{file}: {error.strerror}", WRONG_USE)
    answer = asyncio.run(send_file(settings(data), body, municipality=gemeente, source_format=source_format))
    emit(answer, as_json=as_json)
    raise typer.Exit(0 if "ontvangstbewijs" in answer else NOT_GOOD)
