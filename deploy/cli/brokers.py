"""Whether the brokers are there, before a command begins its work."""

import logging
from collections.abc import Iterable

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from accolade.deploy.cli.problems import fail, load_settings
from accolade.streams.catalogue import Topic
from accolade.streams.kafka_clients import admin_config
from accolade.streams.settings import Settings

ANSWER_SECONDS = 10.0


def reachable_settings(topics: Iterable[Topic]) -> Settings:
    """Return the settings; ends the command unless the brokers answer and have the topics."""
    settings = load_settings()
    # What the client says while it tries again is nothing a command has to pass on.
    logging.getLogger("kafka").addHandler(logging.NullHandler())
    admin = AdminClient(admin_config(settings))
    try:
        there = admin.list_topics(timeout=ANSWER_SECONDS).topics
    except KafkaException as error:
        fail(
            f"no Kafka broker answers at {settings.bootstrap_servers}: {error.args[0].str()}\n"
            "Start it, or set ACCOLADE_BOOTSTRAP_SERVERS to where it is."
        )
    missing = [name for name in map(settings.topic_name, topics) if name not in there]
    if missing:
        fail(
            f"topics are missing on {settings.bootstrap_servers}: {', '.join(missing)}\n"
            "Make them with: accolade topics create"
        )
    return settings
