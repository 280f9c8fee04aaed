"""Signatures under a playbook: what exactly was signed, by whom, and whether it still holds.

The text under one signature is the playbook with only that signature in it, without its `value`, in canonical form
(RFC 8785). It is hashed with `hash_algorithm`; what is signed is the hexadecimal text of that hash, as the example of
OASIS shows. The arithmetic itself is done by a port.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

import rfc8785

Verdict = Literal["holds", "broken", "unknown"]
HASHES: Mapping[str, str] = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
MOST_SIGNATURES = 100
MOST_NESTED = 10


@dataclass(frozen=True)
class Keys:
    """Where the public key stands: the key itself (PEM without its lines), or the first certificate of a chain."""

    public_key: str | None = None
    certificate: str | None = None


class Checker(Protocol):
    """Does the arithmetic of one signature."""

    def __call__(self, algorithm: str, keys: Keys, signed: bytes, value: str) -> Verdict:
        """Whether `value` signs these bytes with one of these keys; unknown when the key cannot be read."""
        ...


@dataclass(frozen=True)
class SignatureRow:
    """One signature. Verdict `unknown`: nobody could check it; the reason says why."""

    signature_id: str
    signee: str
    algorithm: str
    verdict: Verdict
    reason: str
    valid_from: str | None = None
    valid_until: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """For `--json`."""
        return asdict(self)

    def finding(self) -> tuple[str, Literal["warning"], None, str]:
        """The row in the report of the check: by whom, and whether it holds."""
        words = {"holds": "klopt", "broken": "klopt niet", "unknown": "is niet gecontroleerd"}
        said = f"De handtekening van {self.signee[:120]} {words[self.verdict]}."
        return "signature", "warning", None, f"{said} {self.reason}".strip()


def verdicts(data: Mapping[str, Any], verify: Checker | None) -> tuple[SignatureRow, ...]:
    """Every signature of a playbook, also the ones under a signature; a countersigned one covers the one inside."""
    given = data.get("signatures")
    found = given[:MOST_SIGNATURES] if isinstance(given, list) else []
    return tuple(row for each in found for row in _rows(data, each, verify))


def _rows(data: Mapping[str, Any], signature: object, verify: Checker | None) -> Iterator[SignatureRow]:
    for _ in range(MOST_NESTED):
        if not isinstance(signature, dict):
            return
        verdict, reason = _verdict(data, signature, verify)
        yield SignatureRow(
            str(signature.get("id")),
            str(signature.get("signee") or "onbekend"),
            str(signature.get("algorithm")),
            verdict,
            reason,
            _text(signature.get("valid_from")),
            _text(signature.get("valid_until")),
        )
        signature = signature.get("signature")


def _verdict(data: Mapping[str, Any], signature: Mapping[str, Any], verify: Checker | None) -> tuple[Verdict, str]:
    signed, value = signed_text(data, signature), signature.get("value")
    if verify is None or signed is None or not isinstance(value, str):
        return "unknown", "De rekenwijze, de sleutel of de waarde ontbreekt."
    if signature.get("revoked") is True:
        return "broken", "De ondertekenaar heeft haar ingetrokken."
    if not _is_about(data, signature):
        return "broken", "Zij hoort bij een ander draaiboek of een andere versie."
    verdict = verify(str(signature.get("algorithm")), _keys(signature), signed, value)
    until = signature.get("valid_until")
    return verdict, f"Zij gold tot {until}." if verdict == "holds" and isinstance(until, str) else REASONS[verdict]


REASONS: Mapping[Verdict, str] = {
    "holds": "",
    "broken": "Het draaiboek is gewijzigd na het ondertekenen, of dit is een andere sleutel.",
    "unknown": "De sleutel of de rekenwijze is voor ons niet leesbaar.",
}


def _is_about(data: Mapping[str, Any], signature: Mapping[str, Any]) -> bool:
    """A signature names the playbook it belongs to. The version it names is that of the original, so it may differ."""
    return signature.get("related_to") in (None, data.get("id"))


def signed_text(data: Mapping[str, Any], signature: Mapping[str, Any]) -> bytes | None:
    """The bytes that were signed: the hexadecimal text of the hash. None when it cannot be made."""
    name = HASHES.get(str(signature.get("hash_algorithm")).lower())
    if name is None:
        return None
    alone = {key: each for key, each in signature.items() if key != "value"}
    try:
        canonical = rfc8785.dumps({**data, "signatures": [alone]})
    except (rfc8785.CanonicalizationError, RecursionError, ValueError):
        return None
    return hashlib.new(name, canonical).hexdigest().encode()


def _keys(signature: Mapping[str, Any]) -> Keys:
    chain = signature.get("public_cert_chain")
    first = chain[0] if isinstance(chain, list) and chain else None
    return Keys(_text(signature.get("public_key")), _text(first))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
