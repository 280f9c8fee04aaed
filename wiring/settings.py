"""The one place that reads the environment. Values are passed in from here; nothing below `wiring` imports this."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.events.core import Mode


class Settings(BaseSettings):
    """Everything that can be set from outside. `.env.example` is complete; a test compares it with this class."""

    model_config = SettingsConfigDict(env_prefix="DRIEHOEK_", frozen=True, extra="forbid", hide_input_in_errors=True)

    mode: Mode = Field(Mode.LIVE, description="live of oefening: een proces dient er precies een")
    demo: bool = Field(default=False, description="demonstratie-accounts en -gegevens; elke pagina zegt DEMONSTRATIE")
    gemeente: str = Field("GM0344", description="gemeente van de eerste beheerder, bij de eerste start zonder --demo")
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL als toepassingsrol (geen DDL); leeg = ingebouwde server van `driehoek up`"
    )
    database_owner_url: SecretStr | None = Field(None, description="PostgreSQL als eigenaar, alleen voor migraties")
    kafka_bootstrap: str | None = Field(None, description="host:poort van Kafka; leeg = ingebouwde broker")
    kafka_security_protocol: str = Field("PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT of SASL_SSL")
    kafka_security_mechanism: str = Field("SCRAM-SHA-512", description="SASL-mechanisme")
    kafka_security_username: str | None = Field(None, description="SASL-gebruiker")
    kafka_security_password: SecretStr | None = Field(None, description="SASL-wachtwoord")
    kafka_security_ca: Path | None = Field(None, description="bestand met het CA-certificaat van Kafka")
    kafka_replication: int = Field(1, description="aantal kopieën van een topic dat wij zelf maken")
    public_url: str | None = Field(None, description="adres dat gebruikers intypen; bepaalt Origin en koppelingen")
    bind: str = Field("127.0.0.1:8080", description="adres en poort waarop serve luistert")
    trusted_proxy: str | None = Field(None, description="adres van de proxy die TLS doet en X-Forwarded-* zet")
    tls_cert: Path | None = Field(None, description="eigen certificaat (PEM); zonder proxy verplicht buiten loopback")
    tls_key: Path | None = Field(None, description="sleutel bij het certificaat (PEM)")
    signing_key: Path | None = Field(None, description="Ed25519-sleutel voor controlepunten, buiten de database")
    oin: str = Field(
        "00000000000000000000",
        description="Organisatie-identificatienummer van wie dit draait; staat in elk CloudEvent",
    )
    smtp_host: str | None = Field(None, description="mailserver voor waarschuwingen; leeg = alleen op het scherm")
    smtp_port: int = Field(25, description="poort van de mailserver")
    smtp_username: str | None = Field(None, description="gebruiker bij de mailserver")
    smtp_password: SecretStr | None = Field(None, description="wachtwoord bij de mailserver")
    smtp_from: str = Field("driehoek@localhost", description="afzender van waarschuwingen")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING of ERROR")


def given_settings() -> dict[str, str]:
    """The settings that somebody gave in the environment, as text; the others are left out."""
    given = Settings()
    values = {name: getattr(given, name) for name in given.model_fields_set}
    revealed = {n: v.get_secret_value() if isinstance(v, SecretStr) else v for n, v in values.items() if v is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in revealed.items()}
