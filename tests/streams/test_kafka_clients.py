"""The clients reach a broker as the settings say, with TLS and a password as well."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import Consumer, Producer
from confluent_kafka import TopicPartition as Partition
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from accolade.streams.catalogue import AWARDS, DEALS
from accolade.streams.kafka_clients import (
    admin_config,
    consumer_config,
    faust_broker_credentials,
    producer_config,
    ssl_context,
    transactional_producer_config,
)
from accolade.streams.partitioning import partition_of
from accolade.streams.settings import Settings
from accolade.streams.topic_admin import TopicAdmin, TopicsError
from accolade.streams.topics import create_topics

from .secure_kafka import MECHANISMS, PASSWORD, USERNAME, SecureKafka, has_keytool

ANSWER_SECONDS = 30.0
SECURE = {
    "security_protocol": "SASL_SSL",
    "sasl_mechanism": "PLAIN",
    "sasl_username": USERNAME,
    "sasl_password": PASSWORD,
}


@pytest.fixture(scope="module")
def secure() -> Iterator[SecureKafka]:
    """A broker of its own: the shared one speaks plainly."""
    if not has_keytool():
        pytest.skip("Java's keytool isn't here")
    with tempfile.TemporaryDirectory(prefix="accolade-secure-") as folder:
        broker = SecureKafka(Path(folder))
        yield broker
        broker.close()


def secure_settings(secure: SecureKafka, prefix: str, **more: str) -> Settings:
    """Return settings that log in to the broker."""
    return Settings.model_validate(
        {
            **SECURE,
            "bootstrap_servers": secure.bootstrap,
            "ssl_ca_file": secure.ca_file,
            "topic_prefix": prefix,
            "replication": 1,
            **more,
        }
    )


def read(settings: Settings, topic: str, partition: int) -> list[bytes | None]:
    """Return the values of a partition's two first committed records."""
    consumer = Consumer(consumer_config(settings, "readers"))
    consumer.assign([Partition(topic, partition, 0)])
    records = consumer.consume(2, ANSWER_SECONDS)
    consumer.close()
    return [record.value() for record in records]


def test_a_transaction_is_quick_and_short() -> None:
    """What the settings say of it, and a back-off of 2 ms."""
    config = transactional_producer_config(Settings(transaction_timeout_ms=10_000), "t-1")

    assert config["transactional.id"] == "t-1"
    assert config["transaction.timeout.ms"] == 10_000
    assert config["retry.backoff.ms"] == 2


def test_a_producer_loses_nothing_and_partitions_as_java_does() -> None:
    """All copies, no duplicates, murmur2."""
    config = producer_config(Settings(compression="zstd"))

    assert config["acks"] == "all"
    assert config["enable.idempotence"] is True
    assert config["partitioner"] == "murmur2_random"
    assert config["compression.type"] == "zstd"


def test_readers_see_committed_records_alone_unless_told_otherwise() -> None:
    """And never commit by themselves."""
    config = consumer_config(Settings(), "g")

    assert (config["group.id"], config["enable.auto.commit"]) == ("g", False)
    assert config["isolation.level"] == "read_committed"
    loose = consumer_config(Settings(), "g", read_committed=False)
    assert loose["isolation.level"] == "read_uncommitted"


def test_nothing_is_needed_without_tls_and_password() -> None:
    """Faust then speaks plainly."""
    assert faust_broker_credentials(Settings()) is None
    assert ssl_context(Settings()) is None
    assert "sasl.password" not in admin_config(Settings())


def test_faust_s_credentials_show_no_password() -> None:
    """Faust logs its settings."""
    settings = Settings.model_validate({**SECURE, "security_protocol": "SASL_PLAINTEXT"})
    credentials = faust_broker_credentials(settings)

    assert PASSWORD not in f"{credentials!r} {credentials}"


@pytest.mark.pipeline
def test_librdkafka_chooses_the_partitions_that_we_say(kafka: str, prefix: str) -> None:
    """Its murmur2_random and ours agree on every key."""
    settings = Settings(bootstrap_servers=kafka, topic_prefix=prefix, crm_partitions=7)
    create_topics(settings)
    chosen: dict[bytes | None, int | None] = {}
    producer = Producer(producer_config(settings))
    keys = [f"deal-{number}-ü".encode() for number in range(200)]
    for key in keys:
        producer.produce(
            settings.topic_name(DEALS),
            key=key,
            value=b"",
            on_delivery=lambda _, message: chosen.update({message.key(): message.partition()}),
        )
    producer.flush(ANSWER_SECONDS)

    assert chosen == {key: partition_of(key, 7) for key in keys}


@pytest.mark.pipeline
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_tls_and_a_password_carry_a_transaction(
    secure: SecureKafka, prefix: str, mechanism: str
) -> None:
    """Topics are made, a transaction written, and read back."""
    settings = secure_settings(secure, prefix, sasl_mechanism=mechanism)
    create_topics(settings)
    topic = settings.topic_name(AWARDS)
    producer = Producer(transactional_producer_config(settings, f"{prefix}-t"))
    producer.init_transactions(ANSWER_SECONDS)
    for value, end in (
        (b"aborted", producer.abort_transaction),
        (b"first", producer.commit_transaction),
        (b"second", producer.commit_transaction),
    ):
        producer.begin_transaction()
        producer.produce(topic, value=value, partition=0)
        producer.flush(ANSWER_SECONDS)
        end(ANSWER_SECONDS)

    assert read(settings, topic, 0) == [b"first", b"second"]


@pytest.mark.pipeline
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_faust_s_client_logs_in_with_its_credentials(
    secure: SecureKafka, prefix: str, mechanism: str
) -> None:
    """As Faust hands them to aiokafka."""
    settings = secure_settings(secure, prefix, sasl_mechanism=mechanism)
    create_topics(settings)
    topic = settings.topic_name(AWARDS)

    async def end() -> int:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=secure.bootstrap,
            **credentials_to_aiokafka_auth(faust_broker_credentials(settings), None),
        )
        await consumer.start()
        try:
            ends = await consumer.end_offsets([TopicPartition(topic, 0)])
        finally:
            await consumer.stop()
        return int(ends[TopicPartition(topic, 0)])

    assert asyncio.run(end()) == 0


@pytest.mark.pipeline
def test_a_wrong_password_is_told_without_showing_it(secure: SecureKafka, prefix: str) -> None:
    """The message is for a log."""
    settings = secure_settings(secure, prefix, sasl_password=f"not-{PASSWORD}")

    with pytest.raises(TopicsError) as refused:
        TopicAdmin(settings, timeout_seconds=5.0).partition_counts()

    assert "Authentication failed" in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.pipeline
def test_a_certificate_that_nobody_vouches_for_is_refused(secure: SecureKafka, prefix: str) -> None:
    """The system's authorities don't know it."""
    settings = secure_settings(secure, prefix).model_copy(update={"ssl_ca_file": None})

    with pytest.raises(TopicsError, match="certificate"):
        TopicAdmin(settings, timeout_seconds=5.0).partition_counts()
