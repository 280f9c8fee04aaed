"""How to reach Kafka, and its faults in one clear line."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import errors

from domain.errors import AwayError, DriehoekError, MessageTooLargeError


class KafkaAwayError(AwayError):
    """Kafka is niet bereikbaar. Probeer het over een minuut opnieuw."""

    code = "kafka-niet-bereikbaar"


class KafkaRefusesError(DriehoekError):
    """Kafka weigert de aanmelding. Controleer gebruiker, wachtwoord en certificaat in DRIEHOEK_KAFKA_SECURITY_*."""

    code = "kafka-weigert"


class KafkaRightMissingError(DriehoekError):
    """Deze gebruiker mist een recht in Kafka. Vraag de beheerder van Kafka om het recht te geven."""

    code = "kafka-recht-ontbreekt"


class TopicMissingError(DriehoekError):
    """Een topic ontbreekt in Kafka. Laat de beheerder van Kafka het maken, of draai `driehoek migrate`."""

    code = "topic-ontbreekt"


@dataclass(frozen=True)
class KafkaConnection:
    """Where the brokers are and how we sign in."""

    bootstrap: str
    protocol: str = "PLAINTEXT"
    mechanism: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None

    def client_options(self) -> dict[str, Any]:
        """What every client of aiokafka is given: producer, consumer and admin."""
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.protocol}
        if self.protocol.startswith("SASL"):
            options |= {
                "sasl_mechanism": self.mechanism or "SCRAM-SHA-512",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        if self.protocol.endswith("SSL"):
            options["ssl_context"] = self._tls()
        return options

    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        except OSError as error:
            raise KafkaRefusesError(f"Het CA-certificaat van Kafka is niet te lezen: {self.ca}") from error


RIGHTS = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
)
REFUSED = (
    errors.AuthenticationFailedError,
    errors.AuthenticationMethodNotSupported,
    errors.SaslAuthenticationFailed,
    errors.UnsupportedSaslMechanismError,
    errors.IllegalSaslStateError,
    ssl.SSLError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's faults into ours: away, refused, right missing, topic missing, too large."""
    try:
        yield
    except RIGHTS as error:
        raise KafkaRightMissingError(f"{KafkaRightMissingError.__doc__} ({_what(error)})") from error
    except REFUSED as error:
        raise KafkaRefusesError from error
    except errors.UnknownTopicOrPartitionError as error:
        raise TopicMissingError(f"{TopicMissingError.__doc__} ({_what(error)})") from error
    except (errors.MessageSizeTooLargeError, errors.RecordTooLargeError) as error:
        raise MessageTooLargeError from error
    except (errors.KafkaError, OSError, TimeoutError) as error:
        raise KafkaAwayError from error


def _what(error: Exception) -> str:
    """What the broker named, otherwise the kind of fault."""
    return ", ".join(str(each) for each in error.args) or type(error).__name__
