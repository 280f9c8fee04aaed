"""Passwords, authenticator codes and random tokens, by libraries."""

import asyncio
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

STEP_SECONDS = 30
TOLERANCE_STEPS = 1
"""RFC 6238 5.2 recommends at most one step for a clock that drifts."""
AT_ONCE = 2
"""Argon2 takes 64 MiB and 0.2 s each: more than this many at once would let sign-in attempts fill the memory."""


class LibrarySecrets:
    """argon2-cffi for passwords, pyotp for RFC 6238, `secrets` for tokens."""

    def __init__(self, issuer: str = "Driehoek") -> None:
        self._issuer = issuer
        self._hasher = PasswordHasher()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    async def hash_password(self, password: str) -> str:
        """Argon2id hash with the library's defaults."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def password_fits(self, password: str, password_hash: str | None) -> bool:
        """Whether it fits. Without a hash the same work is done, so that time tells nothing about accounts."""
        async with self._room:
            fits = await asyncio.to_thread(self._verify, password_hash or self._nobody, password)
        return fits and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def new_totp_secret(self) -> str:
        """160 bits in base32 (RFC 4226 4 R6)."""
        return pyotp.random_base32()

    def totp_uri(self, secret: str, login: str) -> str:
        """`otpauth://` address for the QR code."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=self._issuer)

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step the code belongs to, None when it fits none in the tolerance."""
        now = int(at.timestamp()) // STEP_SECONDS
        generator = pyotp.TOTP(secret)
        for step in range(now - TOLERANCE_STEPS, now + TOLERANCE_STEPS + 1):
            if hmac.compare_digest(generator.generate_otp(step), code):
                return step
        return None

    def new_token(self) -> str:
        """256 random bits, URL-safe."""
        return secrets.token_urlsafe(32)

    def new_recovery_codes(self, count: int) -> tuple[str, ...]:
        """Codes like `KXQ4-7F2M-Z9TB-HWRC`: 80 bits, without characters that look alike."""
        alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
        raw = ["".join(secrets.choice(alphabet) for _ in range(16)) for _ in range(count)]
        return tuple("-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in raw)

    def fingerprint(self, token: str) -> str:
        """SHA-256: enough for values with 80 bits or more."""
        return hashlib.sha256(token.encode()).hexdigest()
