"""Any JSON with a row per signal, read through the mapping that somebody made for its source."""

from signals.formats.mapped import parse_mapped
from signals.formats.reading import Reading, Received

FORMAT = "json"


def parse(received: Received) -> Reading:
    """Read all rows; a row that can not be read is refused by itself. Raises UnreadableError without a mapping."""
    return parse_mapped(received, FORMAT)
