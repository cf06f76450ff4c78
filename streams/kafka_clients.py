"""
Settings as configurations of the Kafka clients: librdkafka's, and Faust's.

Each function returns a new dict that the caller may add to. It holds
passwords: it is for a client, not for a log.
"""

import logging
import ssl
from typing import TYPE_CHECKING, Any

from accolade.streams.catalogue import DEADLETTERS
from accolade.streams.settings import Settings

if TYPE_CHECKING:
    import faust

#: As Java and Faust choose a key's partition; librdkafka's own default doesn't.
_PARTITIONER = "murmur2_random"
#: A transaction's steps are retried while the broker completes the last one;
#: with the default of 100 ms that is what a transaction would take.
_TRANSACTION_BACKOFF_MS = 2
#: A consumer whose queue was full looks again so soon; by default only after a second.
_FETCH_BACKOFF_MS = 5

Config = dict[str, Any]


def admin_config(settings: Settings) -> Config:
    """Return the configuration of an admin client, and what all clients have in common."""
    config: Config = {
        "bootstrap.servers": settings.bootstrap_servers,
        "client.id": settings.prefixed(settings.app_id),
        "security.protocol": settings.security_protocol,
        # Without it librdkafka writes to stderr by itself.
        "logger": logging.getLogger("kafka"),
    }
    optional = {
        "sasl.mechanism": settings.sasl_mechanism,
        "sasl.username": settings.sasl_username,
        "sasl.password": settings.sasl_password,
        "ssl.ca.location": settings.ssl_ca_file,
        "ssl.certificate.location": settings.ssl_cert_file,
        "ssl.key.location": settings.ssl_key_file,
        "ssl.key.password": settings.ssl_key_password,
    }
    config |= {key: _plain(value) for key, value in optional.items() if value is not None}
    return config


def producer_config(settings: Settings) -> Config:
    """Return the configuration of a producer that loses and doubles nothing by itself."""
    return {
        **admin_config(settings),
        "partitioner": _PARTITIONER,
        "compression.type": settings.compression,
        "enable.idempotence": True,
        "acks": "all",
    }


def transactional_producer_config(settings: Settings, transactional_id: str) -> Config:
    """Return the configuration of the one producer that owns a transactional id."""
    return {
        **producer_config(settings),
        "transactional.id": transactional_id,
        "transaction.timeout.ms": settings.transaction_timeout_ms,
        "retry.backoff.ms": _TRANSACTION_BACKOFF_MS,
        # Dead letters hold records as large as their topics take.
        "message.max.bytes": int(DEADLETTERS.config["max.message.bytes"]),
    }


def consumer_config(settings: Settings, group: str, read_committed: bool = True) -> Config:
    """
    Return the configuration of a consumer that commits nothing by itself.

    Args:
        settings: How to reach the broker.
        group: The consumer group's name on the broker.
        read_committed: False also shows what is aborted, or may be.
    """
    return {
        **admin_config(settings),
        "group.id": group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed" if read_committed else "read_uncommitted",
        "fetch.queue.backoff.ms": _FETCH_BACKOFF_MS,
    }


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """Return how Python's own clients speak TLS to the brokers, or None for not at all."""
    if not settings.security_protocol.endswith("SSL"):
        return None
    context = ssl.create_default_context(cafile=settings.ssl_ca_file)
    if settings.ssl_cert_file is not None:
        password = settings.ssl_key_password
        context.load_cert_chain(
            settings.ssl_cert_file,
            settings.ssl_key_file,
            password.get_secret_value() if password is not None else None,
        )
    return context


def faust_broker_credentials(settings: Settings) -> "faust.types.auth.CredentialsT | None":
    """Return what Faust logs in to the brokers with, or None where nothing is needed."""
    # Faust takes a second to import, and commands that only publish don't need it.
    import faust

    context = ssl_context(settings)
    if settings.sasl_mechanism is not None and settings.security_protocol.startswith("SASL"):
        password = settings.sasl_password
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=password.get_secret_value() if password is not None else None,
            ssl_context=context,
            mechanism=settings.sasl_mechanism,
        )
    return faust.SSLCredentials(context) if context is not None else None


def _plain(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)
