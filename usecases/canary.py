"""The canary: a message that goes the whole way of a card and carries nothing but the moment it left."""

import json
from datetime import datetime

CANARY_KEY = b"canary"
"""Its key, on both topics; no stream and no card is called so."""


def canary(at: datetime) -> bytes:
    """A canary that leaves now."""
    return json.dumps({"canary": at.isoformat()}).encode()


def sent_at(value: bytes | None) -> datetime | None:
    """When a canary left; None for what is not one."""
    try:
        at = datetime.fromisoformat(json.loads(value or b"")["canary"])
    except (ValueError, KeyError, TypeError):
        return None
    return at if at.tzinfo is not None else None
