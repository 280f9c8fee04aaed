"""The key that signs checkpoints: Ed25519, from a file outside the database."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import InvalidError


class SigningKeyError(InvalidError):
    """De sleutel in DRIEHOEK_SIGNING_KEY is geen Ed25519-sleutel (PEM)."""


class SigningKey:
    """Signs and checks. `key_id` = first 16 hex digits of SHA-256 over the public key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public: Ed25519PublicKey = private.public_key()
        raw = self._public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.key_id = hashlib.sha256(raw).hexdigest()[:16]
        self._raw = raw

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """The key in this file. Raises SigningKeyError."""
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise SigningKeyError(f"{SigningKeyError.__doc__} ({path})") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyError
        return cls(key)

    def public_hex(self) -> str:
        """The public key, for who wants to check signatures without us."""
        return self._raw.hex()

    def sign(self, message: bytes) -> bytes:
        """Signature of 64 bytes."""
        return self._private.sign(message)

    def fits(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed this message."""
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True
