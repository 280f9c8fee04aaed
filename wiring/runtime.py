"""What a data folder knows of its instance: addresses and secrets of the embedded servers, kept in one 0600 file."""

import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict

from wiring.settings import Settings

FILE = "instance.json"


class Instance(BaseModel):
    """Settings that `driehoek up` found out itself. Other commands read them with `--data`."""

    model_config = ConfigDict(frozen=True)
    settings: dict[str, str]

    def environment(self) -> dict[str, str]:
        """The same as environment variables, for the processes of the product."""
        return {f"DRIEHOEK_{name.upper()}": value for name, value in self.settings.items()}


class NoInstanceError(Exception):
    """In deze map draait geen Driehoek. Start met `driehoek up --data MAP`, of geef de instellingen mee."""


def write_instance(data: Path, instance: Instance) -> None:
    """Write the file whole or not at all; only its owner may read it."""
    new = data / f"{FILE}.new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(instance.model_dump(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(data / FILE)


def read_instance(data: Path) -> Instance:
    """The instance of this folder. Raises NoInstanceError."""
    try:
        return Instance.model_validate_json((data / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise NoInstanceError from error


def settings_of(data: Path | None) -> Settings:
    """Settings from the environment, or those of the instance in `data`."""
    if data is None:
        return Settings()
    return Settings.model_validate(read_instance(data).settings)


def kept_secret(data: Path, name: str) -> str:
    """A random secret that is made once and kept beside the data, readable by its owner only."""
    path = data / f"{name}.secret"
    if not path.exists():
        keep_private(path, secrets.token_urlsafe(24))
    return path.read_text()


def keep_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, also when the power fails; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def kept_signing_key(data: Path) -> Path:
    """The Ed25519 key for checkpoints, made once, outside the database."""
    path = data / "signing-key.pem"
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        keep_private(path, pem.decode())
    return path
