"""Canonical bytes of a fact, and how texts beside it enter the chain as salted commitments."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import rfc8785

from domain.events.core import Recorded, apart

SALT_BYTES = 16
"""128 bits: a short text behind a commitment can not be guessed."""
GENESIS = b"\x00" * 32
"""What the first fact of a stream follows."""


def commitment(value: str, salt: bytes) -> str:
    """Commitment to a text: HMAC-SHA-256 with the salt as key, hexadecimal. Without the salt it says nothing."""
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()


def canonical(recorded: Recorded, salts: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, str]]:
    """The bytes that go into the log (RFC 8785) and the texts that stand beside it. A salt for each text is given."""
    data, beside = apart(recorded.event)
    envelope: dict[str, Any] = recorded.model_dump(mode="json", exclude={"event"}, exclude_none=True)
    envelope["data"] = data
    envelope["beside"] = {name: commitment(value, salts[name]) for name, value in beside.items()}
    return rfc8785.dumps(envelope), beside


def link(previous: bytes, envelope: bytes) -> bytes:
    """Hash of a fact: over the hash before it and its own bytes."""
    return hashlib.sha256(previous + envelope).digest()


def sealed(previous: bytes, envelope: bytes) -> bytes:
    """The bytes that are signed under a destruction, at its place in the chain."""
    return b"vernietigd\x00" + link(previous, envelope)
