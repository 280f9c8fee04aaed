"""`docs`: writes the descriptions that are made from the code."""

from pathlib import Path

from wiring.output import say

FOLDER = Path(__file__).resolve().parents[2] / "docs"


def docs() -> None:
    """Schrijf docs/openapi.json en docs/asyncapi.yaml opnieuw uit de code."""
    for name, text in documents().items():
        (FOLDER / name).write_text(text)
        say(f"docs/{name}")


def documents() -> dict[str, str]:
    """The text of each generated document by its file name."""
    from api.app import description
    from streams.asyncapi import text as asyncapi_text

    return {"openapi.json": description(), "asyncapi.yaml": asyncapi_text()}
