"""Where serve may listen: https, or this machine only."""

import socket
from pathlib import Path

import pytest

from wiring.processes.listening import (
    BindWrongError,
    CertificateError,
    PlainOutsideError,
    PortTakenError,
    address_of,
    listen,
)
from wiring.settings import Settings


def settings(**given: object) -> Settings:
    return Settings.model_validate({"bind": "127.0.0.1:8080", **given})


@pytest.mark.parametrize("bind", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_plain_http_is_for_this_machine(bind: str) -> None:
    address = address_of(settings(bind=bind))
    assert (address.secure, address.port) == (False, 8080)
    assert address.url.startswith("http://")


@pytest.mark.parametrize("bind", ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080", "driehoek.example:8080"])
def test_outside_it_is_https_or_nothing(bind: str) -> None:
    with pytest.raises(PlainOutsideError):
        address_of(settings(bind=bind))
    assert address_of(settings(bind=bind, trusted_proxy="192.0.2.9")).secure


def test_an_own_certificate_must_be_readable(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_text("x")
    with pytest.raises(CertificateError):
        address_of(settings(tls_cert=cert))
    with pytest.raises(CertificateError):
        address_of(settings(tls_cert=cert, tls_key=key))
    key.write_text("x")
    address = address_of(settings(bind="0.0.0.0:443", tls_cert=cert, tls_key=key))
    assert (address.secure, address.url) == (True, "https://127.0.0.1:443")


@pytest.mark.parametrize("bind", ["", "8080", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999"])
def test_an_address_has_a_port(bind: str) -> None:
    with pytest.raises(BindWrongError):
        address_of(settings(bind=bind))


def test_a_port_that_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)):
            listen(address_of(settings(bind=f"127.0.0.1:{port}")))
