"""The fact that texts were destroyed lawfully. It stands in the stream whose texts are gone."""

from typing import Literal

from domain.events.core import Event

DESTROYED = "vernietigd volgens lijst"
"""What is read where a destroyed text stood."""


class Vernietigd(Event):
    """Texts and salts were destroyed under an item of the selection list. The chain over the rest stays valid."""

    kind = "vernietiging"
    type: Literal["nl.incidenten.vernietigd"] = "nl.incidenten.vernietigd"
    destroyed: tuple[str, ...]
    """`version/field` of each text in this stream."""
    list_item: str
    """Item of the selection list that ends the retention (Archiefwet 1995 art. 5)."""
