"""A receipt as it travels: the body as it came, all the rest in one header.

A body above 256 KiB stands in the database and travels as a reference, so that one message stays below 2 MiB.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from usecases.receipts import Receipt

HEADER = "receipt"
NUL = b"\\u0000"
LARGEST_BODY = 256 * 1024
"""A larger body travels as a reference."""


class NotOurMessageError(ValueError):
    """This message holds no receipt of ours; the text says why, in Dutch, without its content."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What is put in a topic. `key` = the source, so that the receipts of one source stay in order."""

    key: bytes
    headers: Mapping[str, str]
    value: bytes


@dataclass(frozen=True, slots=True)
class NeedsBody:
    """A receipt whose body stands in the database under this reference."""

    receipt: Receipt
    reference: UUID

    def filled(self, body: bytes) -> Receipt:
        """The whole receipt."""
        return replace(self.receipt, body=body)


class _Head(BaseModel):
    """The header. A closed record: another writer, or another version, is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    door: UUID
    number: int = Field(ge=1, lt=2**63)
    receipt_id: UUID
    source_id: str
    organisation: str
    received_at: AwareDatetime
    media_type: str
    hint: str | None = None
    headers: Mapping[str, str] = Field(default_factory=dict)
    reference: UUID | None = None

    def receipt(self, body: bytes) -> Receipt:
        """The receipt with this body."""
        return Receipt(
            door=self.door,
            number=self.number,
            receipt_id=self.receipt_id,
            source_id=self.source_id,
            organisation=self.organisation,
            received_at=self.received_at,
            media_type=self.media_type,
            hint=self.hint,
            headers=self.headers,
            body=body,
        )


def to_wire(receipt: Receipt, reference: UUID | None = None) -> Wire:
    """The message of a receipt; with a reference its body stays behind in the database."""
    head = {
        "door": str(receipt.door),
        "number": receipt.number,
        "receipt_id": str(receipt.receipt_id),
        "source_id": receipt.source_id,
        "organisation": receipt.organisation,
        "received_at": receipt.received_at.isoformat(),
        "media_type": receipt.media_type,
        "hint": receipt.hint,
        "headers": dict(receipt.headers),
        "reference": str(reference) if reference else None,
    }
    return Wire(
        key=receipt.source_id.encode(),
        headers={HEADER: json.dumps(head, separators=(",", ":"))},
        value=b"" if reference else receipt.body,
    )


def from_wire(headers: Iterable[tuple[str, bytes]], value: bytes | None) -> Receipt | NeedsBody:
    """Read a message. Raises NotOurMessageError when it holds no receipt."""
    found = dict(headers).get(HEADER)
    if found is None:
        raise NotOurMessageError("dit bericht heeft geen kop van een ontvangst")
    if NUL in found:  # no text of ours has one, and PostgreSQL can not store it
        raise NotOurMessageError("de kop van de ontvangst bevat een verboden teken")
    try:
        head = _Head.model_validate_json(found)
    except ValidationError as error:
        raise NotOurMessageError("de kop van de ontvangst is niet te lezen") from error
    if head.reference is not None:
        return NeedsBody(head.receipt(b""), head.reference)
    return head.receipt(value or b"")
