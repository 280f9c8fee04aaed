"""Where serve listens, and how people reach it: https by an own certificate or a trusted proxy, or loopback only."""

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from domain.errors import InvalidError
from wiring.settings import Settings

BACKLOG = 2048


class BindWrongError(InvalidError):
    """DRIEHOEK_BIND klopt niet. Schrijf adres en poort, zoals 127.0.0.1:8080."""

    code = "bind-ongeldig"


class PlainOutsideError(InvalidError):
    """Zonder https luistert serve alleen op 127.0.0.1. Zet DRIEHOEK_TLS_CERT en _KEY, of DRIEHOEK_TRUSTED_PROXY."""

    code = "https-ontbreekt"


class CertificateError(InvalidError):
    """Het certificaat of de sleutel is niet te lezen. Controleer DRIEHOEK_TLS_CERT en DRIEHOEK_TLS_KEY."""

    code = "certificaat-onleesbaar"


class PortTakenError(InvalidError):
    """Op dit adres kan serve niet luisteren. Kies een andere poort, of stop wat daar draait."""

    code = "poort-bezet"


@dataclass(frozen=True)
class Address:
    """Where to listen. `secure`: people come in over https, so cookies are never sent otherwise."""

    host: str
    port: int
    secure: bool
    own_tls: bool

    @property
    def url(self) -> str:
        """How this machine itself reaches serve."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - only compared
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self.own_tls else 'http'}://{shown}:{self.port}"


def address_of(settings: Settings) -> Address:
    """Where to listen. Raises BindWrongError, PlainOutsideError or CertificateError."""
    host, _, port = settings.bind.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not 0 <= int(port) < 2**16:
        raise BindWrongError
    own_tls = settings.tls_cert is not None or settings.tls_key is not None
    if own_tls and not (_readable(settings.tls_cert) and _readable(settings.tls_key)):
        raise CertificateError
    secure = own_tls or settings.trusted_proxy is not None
    if not secure and not is_loopback(host):
        raise PlainOutsideError
    return Address(host, int(port), secure, own_tls)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(address: Address) -> socket.socket:
    """A socket that listens. Raises PortTakenError with why."""
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return socket.create_server((address.host, address.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PortTakenError(f"{PortTakenError.__doc__} ({address.host}:{address.port}: {error.strerror})") from error


def _readable(path: Path | None) -> bool:
    try:
        return path is not None and bool(path.read_bytes())
    except OSError:
        return False
