"""Signatures under playbooks: they hold, they break on any changed byte, and nobody trusts what nobody could check."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from adapters.playbook_signatures import verify
from playbooks.check import check
from playbooks.signatures import Keys, signed_text, verdicts
from tests.unit.playbooks.books import Steps, book_data, number

SHARED = Path(__file__).resolve().parents[4] / "shared" / "samples" / "cacao"
LINE: Steps = {"s": {"on_completion": "a1"}, "a1": {"on_completion": "e"}, "e": {}}
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
Sign = Callable[[bytes], bytes]


def rs256(text: bytes) -> bytes:
    return RSA.sign(text, padding.PKCS1v15(), hashes.SHA256())


def ps512(text: bytes) -> bytes:
    return RSA.sign(text, padding.PSS(padding.MGF1(hashes.SHA512()), 64), hashes.SHA512())


def es256(text: bytes) -> bytes:
    return CURVE.sign(text, ec.ECDSA(hashes.SHA256()))


def es256_flat(text: bytes) -> bytes:
    first, second = decode_dss_signature(es256(text))
    return first.to_bytes(32) + second.to_bytes(32)


def key_of(private: Any) -> str:
    public = private.public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signature(name: str, algorithm: str, key: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "jss",
        "id": f"jss--{number(name)}",
        "created_by": f"identity--{number('wij')}",
        "created": "2026-11-24T12:00:00.000Z",
        "modified": "2026-11-24T12:00:00.000Z",
        "signee": name,
        "related_to": f"playbook--{number('boek')}",
        "related_version": "2026-11-24T12:00:00.000Z",
        "hash_algorithm": "sha-256",
        "algorithm": algorithm,
        "public_key": key,
        **more,
    }


def signed(data: dict[str, Any], given: dict[str, Any], sign: Sign) -> dict[str, Any]:
    """The playbook with one signature more."""
    text = signed_text(data, given)
    assert text is not None
    value = base64.urlsafe_b64encode(sign(text)).decode().rstrip("=")
    return {**data, "signatures": [*data.get("signatures", []), {**given, "value": value}]}


def told(data: dict[str, Any]) -> dict[str, str]:
    return {row.signee: row.verdict for row in verdicts(data, verify)}


WAYS: list[tuple[str, Any, Sign]] = [
    ("RS256", RSA, rs256),
    ("PS512", RSA, ps512),
    ("ES256", CURVE, es256),
    ("ES256", CURVE, es256_flat),
    ("Ed25519", EDWARDS, EDWARDS.sign),
]


@pytest.mark.parametrize(("algorithm", "private", "sign"), WAYS)
@pytest.mark.parametrize("digest", ["sha-256", "sha-512"])
def test_a_signature_holds_until_a_byte_changes(algorithm: str, private: Any, sign: Sign, digest: str) -> None:
    data = book_data(LINE)
    good = signed(data, signature("wij", algorithm, key_of(private), hash_algorithm=digest), sign)
    assert told(good) == {"wij": "holds"}
    report = check(json.dumps(good), verify)
    assert report.valid
    assert [each.message.startswith("De handtekening van wij klopt.") for each in report.findings] == [True]
    for change in ({"name": "boek."}, {"priority": 1}):
        assert told({**good, **change}) == {"wij": "broken"}
    spoilt = copy.deepcopy(good)
    spoilt["signatures"][0]["signee"] = "een ander"
    assert told(spoilt) == {"een ander": "broken"}


def test_several_signatures_stand_on_their_own() -> None:
    data = book_data(LINE)
    one = signed(data, signature("wij", "RS256", key_of(RSA)), rs256)
    both = {**data, "signatures": one["signatures"]}
    alone = signed(data, signature("zij", "ES256", key_of(CURVE)), es256)
    both["signatures"] = [*one["signatures"], *alone["signatures"]]
    assert told(both) == {"wij": "holds", "zij": "holds"}
    both["signatures"][1] = {**both["signatures"][1], "value": both["signatures"][0]["value"]}
    assert told(both) == {"wij": "holds", "zij": "broken"}


def test_a_countersignature_is_checked_together_with_the_one_inside() -> None:
    data = book_data(LINE)
    inner = signed(data, signature("wij", "RS256", key_of(RSA)), rs256)["signatures"][0]
    outer = signed(data, signature("zij", "ES256", key_of(CURVE), signature=inner), es256)
    assert told(outer) == {"zij": "holds", "wij": "holds"}


def test_a_certificate_gives_its_key() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wij")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, RSA.public_key(), 7, start, start + timedelta(days=9))
    der = made.sign(RSA, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    given = signature("wij", "RS256", "", public_cert_chain=[base64.b64encode(der).decode()])
    del given["public_key"]
    assert told(signed(book_data(LINE), given, rs256)) == {"wij": "holds"}


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"revoked": True}, "broken"),
        ({"related_to": f"playbook--{number('ander')}"}, "broken"),
        ({"public_key": "geen sleutel"}, "unknown"),
        ({"public_key": "A" * 30_000}, "unknown"),
        ({"public_key": key_of(CURVE)}, "unknown"),
        ({"algorithm": "HS256"}, "unknown"),
        ({"algorithm": "RS1"}, "unknown"),
        ({"hash_algorithm": "sha-256", "valid_until": "2027-01-01T00:00:00.000Z"}, "holds"),
    ],
)
def test_what_is_withdrawn_breaks_and_what_nobody_can_read_is_unknown(more: dict[str, Any], verdict: str) -> None:
    given = {**signature("wij", "RS256", key_of(RSA)), **more}
    assert told(signed(book_data(LINE), given, rs256)) == {"wij": verdict}


def test_without_a_hash_we_know_or_without_arithmetic_nothing_is_claimed() -> None:
    good = signed(book_data(LINE), signature("wij", "RS256", key_of(RSA)), rs256)
    assert [row.verdict for row in verdicts(good, None)] == ["unknown"]
    other = copy.deepcopy(good)
    other["signatures"][0]["hash_algorithm"] = "md5"
    assert told(other) == {"wij": "unknown"}
    assert verdicts({"signatures": ["x"]}, verify) == ()
    assert verify("RS256", Keys(), b"", "") == "unknown"


def test_a_weak_key_proves_nothing() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is the point

    def sign(text: bytes) -> bytes:
        return weak.sign(text, padding.PKCS1v15(), hashes.SHA256())

    assert told(signed(book_data(LINE), signature("wij", "RS256", key_of(weak)), sign)) == {"wij": "unknown"}


@pytest.mark.shared
def test_the_example_of_oasis_holds_and_a_changed_byte_does_not() -> None:
    data = json.loads((SHARED / "oasis-rsa-signed-two-signatures.json").read_text())
    assert told(data) == {"Existing Example Company": "unknown", "ACME Cyber Company": "holds"}
    data["name"] += "."
    assert told(data)["ACME Cyber Company"] == "broken"
