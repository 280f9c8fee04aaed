"""Checkpoints over what was numbered: chained and signed. Only time, key, hash and root leave the house."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import rfc8785
from pydantic import BaseModel, ConfigDict

FIRST = "0" * 64
"""What the first checkpoint follows."""


class Leaf(BaseModel):
    """One numbered fact. Its salt keeps the root from telling which facts there are."""

    model_config = ConfigDict(frozen=True)
    number: int
    stream_id: str
    version: int
    hash: str
    salt: str


class Body(BaseModel):
    """What is signed and stays in the database: everything that was numbered up to `covers`."""

    model_config = ConfigDict(frozen=True)
    number: int
    at: datetime
    key_id: str
    covers: int
    previous: str
    root: str
    leaves: tuple[Leaf, ...]

    def canonical(self) -> bytes:
        """The bytes that are signed (RFC 8785)."""
        return rfc8785.dumps(self.model_dump(mode="json"))


class Exported(BaseModel):
    """What a witness keeps: no ids, no counts."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    key_id: str
    previous: str
    root: str
    signature: str

    @property
    def hash(self) -> str:
        """Identity of a checkpoint; the next one names it."""
        return hashlib.sha256(self.signed()).hexdigest()

    def signed(self) -> bytes:
        """The bytes under the signature that leaves the house."""
        return rfc8785.dumps(self.model_dump(mode="json", exclude={"signature"}))


def merkle_root(leaves: Sequence[Leaf]) -> str:
    """Root over salted leaves; leaf and node hashes have different prefixes (RFC 6962 2.1)."""
    level = [hashlib.sha256(b"\x00" + rfc8785.dumps(leaf.model_dump())).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) > 1 else pair[0] for pair in pairs]
    return level[0].hex()


def body_of(*, number: int, at: datetime, key_id: str, covers: int, previous: str, leaves: Sequence[Leaf]) -> Body:
    """The next checkpoint over these facts."""
    return Body(
        number=number,
        at=at,
        key_id=key_id,
        covers=covers,
        previous=previous,
        root=merkle_root(leaves),
        leaves=tuple(leaves),
    )


def public_part(body: Body, signature: str = "") -> Exported:
    """What of a checkpoint may leave the house."""
    kept: dict[str, Any] = body.model_dump(include={"at", "key_id", "previous", "root"})
    return Exported(**kept, signature=signature)
