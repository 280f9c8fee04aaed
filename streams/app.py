"""The Faust app: settings under which no message was lost, and nothing that listens or makes topics by itself."""

from dataclasses import dataclass
from typing import Any

import faust
from faust.types.auth import CredentialsT

COMMIT_SECONDS = 1.0
SESSION_SECONDS = 15.0
REQUEST_SECONDS = 90.0


@dataclass(frozen=True)
class AppSettings:
    """`name` is the consumer group; `instance` tells the members of a group apart, also after a restart.

    `client` are the options that every client of the broker gets.
    """

    name: str
    instance: str
    client: dict[str, Any]


def make_app(settings: AppSettings) -> faust.App:
    """An app that is started from Python, never from Faust's command line: that would open a web port."""
    brokers = settings.client["bootstrap_servers"].split(",")
    return faust.App(
        settings.name,
        broker=[f"aiokafka://{each}" for each in brokers],
        broker_credentials=_credentials(settings.client),
        consumer_group_instance_id=settings.instance,
        broker_commit_interval=COMMIT_SECONDS,
        broker_session_timeout=SESSION_SECONDS,
        broker_request_timeout=REQUEST_SECONDS,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )


def _credentials(client: dict[str, Any]) -> CredentialsT | None:
    tls = client.get("ssl_context")
    if str(client.get("security_protocol", "PLAINTEXT")).startswith("SASL"):
        return faust.SASLCredentials(
            username=client["sasl_plain_username"],
            password=client["sasl_plain_password"],
            mechanism=client["sasl_mechanism"],
            ssl_context=tls,
        )
    return faust.SSLCredentials(context=tls) if tls is not None else None
