"""JSON from anybody: its names once each, its numbers finite, its depth and size bounded. Anything else is refused."""

import json
from typing import Any

MOST_BYTES = 32 * 1024 * 1024
MOST_STEPS = 250_000
"""More do not fit in a file that small, unless somebody tries."""


class UnfitError(ValueError):
    """Why this text is no playbook of ours; the message says it in Dutch."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def load(text: str) -> Any:
    """The value in this text. Raises UnfitError."""
    if len(text) >= MOST_BYTES or len(text.encode(errors="surrogatepass")) >= MOST_BYTES:
        raise UnfitError("size", "Dit bestand is te groot voor een draaiboek: 32 MiB of meer.")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise UnfitError("depth", "Dit bestand is te diep genest.") from error
    except UnfitError:
        raise
    except ValueError as error:
        raise UnfitError("json", f"Dit is geen JSON: {error}.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise UnfitError("duplicate", f"{name[:120]} staat er twee keer. Welke geldt, kan niemand weten.")
        seen.add(name)
    return found


def _no_constant(name: str) -> float:
    raise UnfitError("json", f"Dit is geen JSON: {name} is geen getal.")
