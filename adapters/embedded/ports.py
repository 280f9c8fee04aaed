"""Ports of the embedded servers: free ones, chosen once per data folder and kept."""

import json
import socket
from pathlib import Path


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
