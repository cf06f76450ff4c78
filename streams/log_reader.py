"""
Reads a topic from its beginning to its end as of now, committed records only.

For commands, tests and the demo; the stages of the flow read by the engine.
"""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from accolade.streams.catalogue import Topic
from accolade.streams.codecs import Codec, Undecodable
from accolade.streams.kafka_clients import consumer_config
from accolade.streams.records import Record
from accolade.streams.settings import Settings

#: How long the brokers may say nothing before reading is given up.
SILENCE_SECONDS = 30.0
#: How long a topic may take to be known to the brokers once it is made.
SETTLING_SECONDS = 5.0

#: What brokers say of a topic that has just been made, or whose leader changes.
_SETTLING = frozenset(
    {
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
    }
)
_FETCH_RECORDS = 1_000
_POLL_SECONDS = 0.5
#: How long the brokers may hold a fetch that finds nothing: only so is an end told.
_END_WAIT_MS = 10


class LogUnavailable(RuntimeError):
    """A topic that can't be read: it isn't there, or the brokers don't answer."""


class Entry(NamedTuple):
    """One record of a topic, with where it stands."""

    topic: Topic
    partition: int
    offset: int
    #: When the broker or the publisher stamped it, ms since 1970 UTC.
    timestamp_ms: int
    key: bytes | None
    #: Its bytes; None for a tombstone.
    value: bytes | None
    #: What they say; None for a tombstone.
    record: Record | Undecodable | None


def read_all(settings: Settings, codec: Codec, topic: Topic) -> Iterator[Entry]:
    """
    Yield what a topic holds when the first entry is asked for.

    Each partition in its order; of different partitions, as they come.

    Raises:
        LogUnavailable: The topic isn't there, or the brokers don't answer.
    """
    # It commits nothing, so the group never comes to be on the brokers.
    config = consumer_config(settings, settings.prefixed(f"{settings.app_id}-reader"))
    consumer = Consumer({**config, "enable.partition.eof": True, "fetch.wait.max.ms": _END_WAIT_MS})
    try:
        for message in _messages(consumer, settings.topic_name(topic)):
            yield _entry(topic, message, codec)
    except KafkaException as error:
        raise _unavailable(settings, topic, error.args[0]) from error
    finally:
        consumer.close()


def latest_by_key(entries: Iterable[Entry]) -> dict[bytes, Entry]:
    """Return the last entry of each key, less those that a tombstone erased."""
    latest: dict[bytes, Entry] = {}
    for entry in entries:
        key = entry.key or b""
        if entry.value is None:
            latest.pop(key, None)
        else:
            latest[key] = entry
    return latest


def _unavailable(settings: Settings, topic: Topic, error: KafkaError) -> LogUnavailable:
    name = settings.topic_name(topic)
    if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        return LogUnavailable(f"there is no topic {name}; make it with: accolade topics create")
    return LogUnavailable(f"can't read {name} from {settings.bootstrap_servers}: {error.str()}")


def _messages(consumer: Consumer, name: str) -> Iterator[Message]:
    """Yield the messages of all partitions up to the ends that they have now."""
    ends = _ends(consumer, name)
    consumer.assign([TopicPartition(name, partition, OFFSET_BEGINNING) for partition in ends])
    heard = time.monotonic()
    while ends:
        first = consumer.poll(_POLL_SECONDS)
        if first is None:
            if time.monotonic() - heard > SILENCE_SECONDS:
                raise LogUnavailable(f"{name}: no answer for {SILENCE_SECONDS:.0f} s")
            continue
        heard = time.monotonic()
        # Asked for many, the client would wait until it has them.
        for message in (first, *consumer.consume(_FETCH_RECORDS - 1, 0)):
            if _is_before_end(message, ends):
                yield message


def _is_before_end(message: Message, ends: dict[int, int]) -> bool:
    """Return whether a message was there at the start; forget the ends that are reached."""
    error = message.error()
    if error is not None and error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
    partition, offset = _place(message)
    end = ends.get(partition, 0)
    # The last offsets may be a transaction's markers, or of one that was aborted
    # or is still open: nothing is delivered for them but the end of the partition.
    if error is not None or offset >= end - 1:
        ends.pop(partition, None)
    return error is None and offset < end


def _place(message: Message) -> tuple[int, int]:
    """Return partition and offset, which every fetched message has."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None
    assert offset is not None
    return partition, offset


def _ends(consumer: Consumer, name: str) -> dict[int, int]:
    """Return the next offset of each partition that isn't empty."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        try:
            return _ends_now(consumer, name)
        except KafkaException as error:
            if error.args[0].code() not in _SETTLING or time.monotonic() > deadline:
                raise
        consumer.poll(_POLL_SECONDS)


def _ends_now(consumer: Consumer, name: str) -> dict[int, int]:
    metadata = consumer.list_topics(name, timeout=SILENCE_SECONDS).topics[name]
    if metadata.error is not None:
        raise KafkaException(metadata.error)
    ends = {}
    for partition in metadata.partitions:
        at = TopicPartition(name, partition)
        first, end = consumer.get_watermark_offsets(at, timeout=SILENCE_SECONDS)
        if first < end:
            ends[partition] = end
    return ends


def _entry(topic: Topic, message: Message, codec: Codec) -> Entry:
    partition, offset = _place(message)
    value: bytes | None = message.value()
    record = None if value is None else decoded(value, topic, codec)
    return Entry(topic, partition, offset, message.timestamp()[1], message.key(), value, record)


def decoded(value: bytes, topic: Topic, codec: Codec) -> Record | Undecodable:
    """Return what a topic's bytes say, or why nothing can be read from them."""
    try:
        return codec.decode(value, topic.records)
    except Undecodable as error:
        return error
