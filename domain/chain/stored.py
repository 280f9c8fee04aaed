"""A stored fact becomes a fact again: the opposite of `domain.chain.envelope.canonical`."""

from collections.abc import Mapping

import orjson

from domain.events.core import Recorded
from domain.events.destruction import DESTROYED
from domain.events.table import event_of


def stored(envelope: bytes, texts: Mapping[str, str]) -> tuple[Recorded, frozenset[str]]:
    """The fact with the texts that stand beside it, and which texts were destroyed: those read `DESTROYED`.

    Raises UnknownEventTypeError for a type that this version does not know.
    """
    values = orjson.loads(envelope)
    promised = values.pop("beside", {})
    data = values.pop("data") | {name: texts.get(name, DESTROYED) for name in promised}
    event = event_of(data)
    return Recorded.model_validate({**values, "event": event}), frozenset(promised.keys() - texts.keys())
