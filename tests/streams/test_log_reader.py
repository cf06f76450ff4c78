"""What is read is what is committed and there at the start, on a real broker."""

import msgspec
import pytest
from confluent_kafka import Producer

from accolade.deploy.local_process import free_port
from accolade.schemas import codec_for
from accolade.streams import log_reader
from accolade.streams.catalogue import CONTACTS, DEALS
from accolade.streams.codecs import Undecodable
from accolade.streams.kafka_clients import producer_config, transactional_producer_config
from accolade.streams.log_reader import LogUnavailable, latest_by_key, read_all
from accolade.streams.settings import Settings
from tests.streams.topics_here import (
    CONTACT,
    DEAL,
    entries_of,
    settings_for,
    with_topics,
)

pytestmark = pytest.mark.pipeline


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of this test's own."""
    return with_topics(kafka, prefix)


def send(settings: Settings, key: bytes, value: bytes | None, partition: int = 0) -> None:
    """Put raw bytes into the topic of contacts."""
    producer = Producer(producer_config(settings))
    producer.produce(settings.topic_name(CONTACTS), value=value, key=key, partition=partition)
    assert producer.flush(30) == 0


def test_an_empty_topic_has_no_entries(settings):
    """It isn't waited for either."""
    assert entries_of(settings, DEALS) == []


def test_what_can_not_be_read_is_handed_on_as_such(settings):
    """With its bytes, and why."""
    send(settings, b"ann", b"no avro", partition=1)
    send(settings, b"ann", None, partition=1)
    refused, erased = entries_of(settings, CONTACTS)

    assert isinstance(refused.record, Undecodable)
    assert (refused.partition, refused.offset, refused.key) == (1, 0, b"ann")
    assert (refused.value, erased.value, erased.record) == (b"no avro", None, None)


def test_the_last_of_a_key_counts_unless_it_was_erased(settings):
    """As compaction would leave it."""
    codec = codec_for(settings)
    newer = msgspec.structs.replace(CONTACT, revision=2)
    for key, contact in ((b"ann", CONTACT), (b"bo", CONTACT), (b"ann", newer), (b"bo", None)):
        send(settings, key, None if contact is None else codec.encode(contact))
    latest = latest_by_key(entries_of(settings, CONTACTS))

    assert {key: entry.record for key, entry in latest.items()} == {b"ann": newer}


def test_what_is_not_committed_is_not_read(settings):
    """Neither what was aborted, nor what may yet be; and reading ends all the same."""
    value = codec_for(settings).encode(DEAL)
    topic = settings.topic_name(DEALS)
    producer = Producer(transactional_producer_config(settings, f"{settings.topic_prefix}test"))
    producer.init_transactions(30)
    for end in (producer.commit_transaction, producer.abort_transaction):
        producer.begin_transaction()
        producer.produce(topic, value=value, key=end.__name__.encode(), partition=0)
        producer.flush(30)
        end(30)
    producer.begin_transaction()
    producer.produce(topic, value=value, key=b"open", partition=0)
    producer.produce(topic, value=value, key=b"open", partition=1)
    producer.flush(30)
    entries = entries_of(settings, DEALS)
    producer.abort_transaction(30)

    assert [entry.key for entry in entries] == [b"commit_transaction"]


def test_what_comes_after_the_start_is_left_for_another_time(settings):
    """Or reading would never end while a worker writes."""
    for _ in range(3):
        send(settings, b"ann", b"before")
    reading = read_all(settings, codec_for(settings), CONTACTS)
    first = next(reading)
    send(settings, b"ann", b"after")

    assert [entry.value for entry in (first, *reading)] == [b"before"] * 3


def test_a_topic_that_is_not_there_is_named(kafka, prefix, monkeypatch):
    """With what to do."""
    monkeypatch.setattr(log_reader, "SETTLING_SECONDS", 0)
    with pytest.raises(LogUnavailable, match=r"crm\.deals; make it with: accolade topics create"):
        entries_of(settings_for(kafka, prefix), DEALS)


def test_brokers_that_do_not_answer_are_named(prefix, monkeypatch):
    """With their address."""
    monkeypatch.setattr(log_reader, "SILENCE_SECONDS", 0.5)
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(LogUnavailable, match=address):
        entries_of(settings_for(address, prefix), DEALS)
