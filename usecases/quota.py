"""How many posts a source may send: a bucket that fills by itself, per source, in memory."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import RefusedError

PER_SECOND = 1_000.0
BURST = 20_000.0
"""Generous: a bucket is there for the machine that runs wild, not for the night of a real attack."""
MOST_SOURCES = 10_000


class QuotaError(RefusedError):
    """Deze bron stuurt te veel signalen. Wacht even en stuur ze dan opnieuw."""

    code = "te-veel-signalen"


@dataclass
class _Bucket:
    left: float
    at: datetime


class Quota:
    """The buckets of all sources."""

    def __init__(self, *, per_second: float = PER_SECOND, burst: float = BURST) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}

    def take(self, source_id: str, now: datetime) -> None:
        """Count one post. Raises QuotaError when the bucket is empty."""
        bucket = self._buckets.pop(source_id, None) or _Bucket(self._burst, now)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.left = min(self._burst, bucket.left + passed * self._per_second)
        bucket.at = now
        self._buckets[source_id] = bucket
        if len(self._buckets) > MOST_SOURCES:
            del self._buckets[next(iter(self._buckets))]
        if bucket.left < 1:
            raise QuotaError
        bucket.left -= 1
