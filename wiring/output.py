"""What commands print: for machines one JSON object per line on stdout, for people a few words; messages to stderr."""

import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
import typer

GOOD, NOT_GOOD, WRONG_USE = 0, 1, 2


def emit(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one object: as JSON, or as `name: value` lines."""
    if as_json:
        sys.stdout.write(orjson.dumps(values, default=str).decode() + "\n")
        sys.stdout.flush()
        return
    for name, value in values.items():
        typer.echo(f"{name}: {_words(value)}")


def say(message: str) -> None:
    """Tell a person something; never on stdout."""
    typer.echo(message, err=True)


def stop(message: str, code: int = NOT_GOOD) -> NoReturn:
    """One clear line, and out."""
    say(message)
    raise typer.Exit(code)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(part) for part in value) or "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(part)}" for name, part in value.items())
    return "-" if value is None else str(value)
