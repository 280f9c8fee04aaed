"""Tokens and codes are random, passwords are slow to guess, and nobody learns which accounts exist."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from adapters.secrecy import LibrarySecrets

NOW = datetime(2026, 11, 24, 2, 30, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def secrets() -> LibrarySecrets:
    return LibrarySecrets()


async def test_a_password_fits_its_own_hash_only(secrets: LibrarySecrets) -> None:
    hashed = await secrets.hash_password("een lange zin")
    assert hashed.startswith("$argon2id$")
    assert await secrets.password_fits("een lange zin", hashed)
    assert not await secrets.password_fits("een andere zin", hashed)
    assert not await secrets.password_fits("een lange zin", None)
    assert not await secrets.password_fits("een lange zin", "geen hash")


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_an_app_may_drift_one_step(secrets: LibrarySecrets, seconds: int, *, fits: bool) -> None:
    secret = secrets.new_totp_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert (secrets.totp_step(secret, code, NOW) is not None) is fits


def test_recovery_codes_have_no_letters_that_look_alike(secrets: LibrarySecrets) -> None:
    codes = secrets.new_recovery_codes(10)
    assert len(set(codes)) == 10
    assert all(len(code) == 19 and not set(code) & set("IO01") for code in codes)


def test_tokens_never_repeat(secrets: LibrarySecrets) -> None:
    assert len({secrets.new_token() for _ in range(1000)}) == 1000
