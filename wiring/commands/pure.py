"""Commands that need no running system: clocks, playbooks, signals."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from wiring.commands.options import Json, SourceFormat
from wiring.output import NOT_GOOD, WRONG_USE, emit, stop

Files = Annotated[list[Path], typer.Argument(help="bestanden")]


def duties_compute(file: Path, as_json: Json = False) -> None:
    """Bereken de termijn van elke regel: {"id", "obligation", "trigger_at", "fold"?}."""
    from adapters.packaged import regimes
    from domain.duties.command_line import compute_line

    good = True
    for line in _text(file).splitlines():
        if line.strip():
            result = compute_line(line, regimes())
            good = good and "error" not in result
            emit(result, as_json=as_json)
    raise typer.Exit(0 if good else NOT_GOOD)


def playbook_check(files: Files, as_json: Json = False) -> None:
    """Controleer CACAO 2.0-draaiboeken."""
    from adapters.playbook_signatures import verify
    from playbooks.check import check

    good = True
    for file in files:
        report = check(_text(file), verify)
        good = good and report.valid
        findings = [finding.as_dict() for finding in report.findings]
        signed = [signature.as_dict() for signature in report.signatures]
        found = {"file": str(file), "valid": report.valid, "executable": report.executable, "findings": findings}
        emit({**found, "signatures": signed} if signed else found, as_json=as_json)
    raise typer.Exit(0 if good else NOT_GOOD)


def playbook_run(
    file: Path,
    answers: Annotated[Path, typer.Option(help="antwoorden per stap (JSON)")],
    as_json: Json = False,
) -> None:
    """Speel een draaiboek na met de antwoorden uit een bestand."""
    from adapters.packaged import catalogue
    from playbooks.run import AnswersError, run

    text = _text(file)
    try:
        given = orjson.loads(_text(answers))
    except ValueError as error:
        stop(f"{answers} is geen JSON: {error}", WRONG_USE)
    try:
        lines = list(run(text, given, catalogue()))
    except AnswersError as error:
        stop(f"{answers}: {error.message}", WRONG_USE)
    for line in lines:
        emit(line, as_json=as_json)
    raise typer.Exit(0 if lines and lines[-1]["status"] == "successfully_completed" else NOT_GOOD)


def signal_check(
    files: Files,
    source_format: SourceFormat = "auto",
    as_json: Json = False,
) -> None:
    """Lees bestanden zoals de inname dat doet, zonder iets op te slaan; een waarschuwing raakt hier geen product."""
    from adapters.clock import SystemClock
    from domain.register import empty
    from signals import advisories
    from signals.formats.table import FORMATS, read

    if source_format not in ("auto", *FORMATS):
        stop(f"formaat {source_format} kennen wij niet; kies auto, {', '.join(FORMATS)}", WRONG_USE)
    good, nobody = True, empty("GM0344")
    for file in files:
        reading = read(
            _bytes(file),
            media_type="application/json",
            headers={},
            hint=None if source_format == "auto" else source_format,
            received_at=SystemClock().now(),
            source_organisation="gemeente:GM0344",
        )
        good = good and reading.verdict == "accepted"
        emit(
            {
                "file": str(file),
                "verdict": reading.verdict,
                "format": reading.format,
                "signals": len(reading.signals),
                "noted": sum(advisories.meaning(signal, nobody) is None for signal in reading.signals),
                "refused_rows": len(reading.refused_rows),
                "reasons": [*reading.reasons, *[row.reason for row in reading.refused_rows], *reading.findings],
            },
            as_json=as_json,
        )
    raise typer.Exit(0 if good else NOT_GOOD)


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode()
    except UnicodeDecodeError:
        stop(f"{file} is geen UTF-8-tekst", WRONG_USE)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        stop(f"{file}: {error.strerror}", WRONG_USE)
