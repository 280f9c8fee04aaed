"""The arithmetic of signatures under playbooks, with the keys that stand in them: RSA, RSA-PSS, ECDSA and EdDSA.

Only what is asked is done: no certificate is fetched, and a chain is not judged. Whether a key belongs to its name is
for a person to know.
"""

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import load_der_x509_certificate

from playbooks.signatures import Keys, Verdict

LONGEST = 20_000
WEAKEST_RSA, STRONGEST_RSA = 2048, 16_384
DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}


def verify(algorithm: str, keys: Keys, signed: bytes, value: str) -> Verdict:
    """Whether `value` (base64 or base64url) signs these bytes; unknown when key, value or algorithm is unreadable."""
    try:
        key, given = _key(keys), _decoded(value)
        if key is None:
            return "unknown"
        return "unknown" if _holds(algorithm, key, signed, given) is None else "holds"
    except InvalidSignature:
        return "broken"
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        return "unknown"


def _holds(algorithm: str, key: PublicKeyTypes, signed: bytes, value: bytes) -> bool | None:
    """True when it holds, None when key and algorithm do not belong together. Raises InvalidSignature."""
    digest = DIGESTS.get(algorithm[2:])
    if isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        if algorithm not in ("Ed25519", "Ed448", "EdDSA"):
            return None
        key.verify(value, signed)
        return True
    if digest is None:
        return None
    if isinstance(key, rsa.RSAPublicKey) and algorithm[:2] in ("RS", "PS"):
        return _rsa(key, digest, signed, value, pss=algorithm.startswith("PS"))
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.startswith("ES"):
        return _ecdsa(key, digest, signed, value)
    return None


def _rsa(key: rsa.RSAPublicKey, digest: hashes.HashAlgorithm, signed: bytes, value: bytes, *, pss: bool) -> bool | None:
    if not WEAKEST_RSA <= key.key_size <= STRONGEST_RSA:
        return None
    filling = padding.PSS(padding.MGF1(digest), digest.digest_size) if pss else padding.PKCS1v15()
    key.verify(value, signed, filling, digest)
    return True


def _ecdsa(key: ec.EllipticCurvePublicKey, digest: hashes.HashAlgorithm, signed: bytes, value: bytes) -> bool:
    """Two numbers behind each other (JWA), or in DER."""
    size = (key.key_size + 7) // 8
    if len(value) == 2 * size:
        value = encode_dss_signature(int.from_bytes(value[:size]), int.from_bytes(value[size:]))
    key.verify(value, signed, ec.ECDSA(digest))
    return True


def _key(keys: Keys) -> PublicKeyTypes | None:
    if keys.public_key is not None:
        lines = [line for line in keys.public_key.splitlines() if not line.startswith("-----")]
        return serialization.load_der_public_key(_decoded("".join(lines)))
    if keys.certificate is not None:
        return load_der_x509_certificate(_decoded(keys.certificate)).public_key()
    return None


def _decoded(text: str) -> bytes:
    if len(text) > LONGEST:
        raise ValueError("longer than a key or a signature can be")
    clean = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True)
