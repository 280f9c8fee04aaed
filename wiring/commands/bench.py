"""`bench NAME`: figures beside a baseline that is measured in the same run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from wiring.commands.options import Json
from wiring.output import NOT_GOOD, WRONG_USE, emit, stop

NAMES = ("chain",)


def bench(
    name: Annotated[str, typer.Argument(help=f"een van: {', '.join(NAMES)}")],
    as_json: Json = False,
) -> None:
    """Meet met een eigen exemplaar in een tijdelijke map; doe verder niets op deze machine."""
    from wiring.bench.chain import chain
    from wiring.bench.report import InvalidRunError

    if name not in NAMES:
        stop(f"Meting {name} bestaat niet. Kies uit: {', '.join(NAMES)}.", WRONG_USE)
    with TemporaryDirectory(prefix="driehoek-meting-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        try:
            measured = chain(Path(folder) / "data")
        except InvalidRunError as error:
            stop(str(error) or (InvalidRunError.__doc__ or ""))
    if as_json:
        emit(measured, as_json=True)
    else:
        for result in measured["results"]:
            emit(result, as_json=False)
    raise typer.Exit(0 if all(each["met"] is not False for each in measured["results"]) else NOT_GOOD)
