"""Kafka as the settings say."""

from adapters.kafka.connection import KafkaConnection
from wiring.settings import Settings


def connection_of(settings: Settings) -> KafkaConnection:
    """How this process reaches Kafka. Raises ValueError when no broker is set."""
    if settings.kafka_bootstrap is None:
        raise ValueError("DRIEHOEK_KAFKA_BOOTSTRAP ontbreekt")
    password = settings.kafka_security_password
    return KafkaConnection(
        bootstrap=settings.kafka_bootstrap,
        protocol=settings.kafka_security_protocol,
        mechanism=settings.kafka_security_mechanism,
        username=settings.kafka_security_username,
        password=password.get_secret_value() if password else None,
        ca=settings.kafka_security_ca,
    )
