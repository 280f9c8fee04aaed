"""Ports of the embedded servers: free ones, chosen once per data folder and kept."""

import json
import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, HIGHEST = 10_000, 32_767
"""The kernel hands out higher ones to whoever connects. A client of a server that is down could get its very port."""
TRIES = 200


def free_port() -> int:
    """A port on loopback that nobody listens on now, and that the kernel does not give to clients."""
    highest = min(HIGHEST, _first_of_clients() - 1)
    for _ in range(TRIES):
        port = random.SystemRandom().randint(min(LOWEST, highest), max(LOWEST, highest))
        if is_free(port):
            return port
    raise OSError("Er is geen vrije poort op deze machine.")


def _first_of_clients() -> int:
    try:
        return int(RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return HIGHEST + 1


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def kept_ports(folder: Path, names: tuple[str, ...]) -> dict[str, int]:
    """The ports of these names for this folder; one that somebody else took since is chosen again."""
    path = folder / "ports.json"
    try:
        known: dict[str, int] = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    ports = {name: known[name] if name in known and is_free(known[name]) else free_port() for name in names}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(ports))
    new.replace(path)
    return ports
