"""The clock and new identifiers: the one place that reads the time."""

import secrets
from datetime import UTC, datetime
from uuid import UUID


class SystemClock:
    """The machine's clock, aware and in UTC."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


class TimeOrderedIds:
    """UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, the rest random; they sort by time of making."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def new(self) -> UUID:
        """An identifier nobody has seen."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        value = (milliseconds << 80) | secrets.randbits(80)
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        return UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))
