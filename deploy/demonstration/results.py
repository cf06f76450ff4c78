"""Collects what leaves the flow, as an outside reader does."""

import time
from collections.abc import Mapping

from confluent_kafka import Consumer, IsolationLevel, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from accolade.deploy.demonstration.collected import Collected
from accolade.schemas import codec_for
from accolade.streams.catalogue import (
    AWARDS,
    BADGES,
    DEADLETTERS,
    LEADERBOARDS,
    PARKED,
    STANDINGS,
    Topic,
)
from accolade.streams.kafka_clients import admin_config, consumer_config
from accolade.streams.settings import Settings

WATCHED = (AWARDS, BADGES, STANDINGS, LEADERBOARDS, DEADLETTERS, PARKED)
_READ_AT_MOST = 1_000
_WAIT_SECONDS = 0.2
_BROKER_SECONDS = 10.0
#: What is written is readable within the timeout of a transaction that was given up.
_READABLE_SECONDS = 60.0


class Results(Collected):
    """Collects from the topics."""

    def __init__(self, settings: Settings) -> None:
        """Read all output topics from their beginning."""
        super().__init__()
        self._codec = codec_for(settings)
        self._topics: Mapping[str, Topic] = {settings.topic_name(t): t for t in WATCHED}
        #: Next offset to read, by topic and partition.
        self._next = {
            (name, partition): 0
            for name, topic in self._topics.items()
            for partition in range(settings.partition_count(topic.partitions))
        }
        self._admin = AdminClient(admin_config(settings))
        config = consumer_config(settings, settings.prefixed("accolade-demo"))
        self._reader = Consumer({**config, "enable.partition.eof": True})
        self._reader.assign([TopicPartition(*source, at) for source, at in self._next.items()])

    def read(self, wait_seconds: float) -> None:
        """Take what has come, waiting for the first as long as told."""
        first = self._reader.poll(wait_seconds)
        if first is None:
            return
        for message in (first, *self._reader.consume(_READ_AT_MOST, 0)):
            self._note(message)

    def read_all(self) -> None:
        """
        Take everything that is there.

        Raises:
            TimeoutError: Some of it can't be read.
        """
        ends = self._ends()
        give_up_at = time.monotonic() + _READABLE_SECONDS
        while any(self._next[source] < end for source, end in ends.items()):
            if time.monotonic() > give_up_at:
                raise TimeoutError("what the worker has written can't be read")
            self.read(_WAIT_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def _ends(self) -> dict[tuple[str, int], int]:
        """Return the offsets after what is written, also where it can't be read yet."""
        asked = self._admin.list_offsets(
            {TopicPartition(*source): OffsetSpec.latest() for source in self._next},
            isolation_level=IsolationLevel.READ_UNCOMMITTED,
            request_timeout=_BROKER_SECONDS,
        )
        return {(tp.topic, tp.partition): end.result().offset for tp, end in asked.items()}

    def _note(self, message: Message) -> None:
        """Take a record, or note that a partition was read to its end."""
        source = message.topic() or "", message.partition() or 0
        offset = message.offset() or 0
        error = message.error()
        if error is None:
            self._take(self._topics[source[0]], message.key() or b"", message.value())
            self._next[source] = offset + 1
        elif error.code() == KafkaError._PARTITION_EOF:
            # Behind the last record there may be the end of its transaction.
            self._next[source] = offset

    def _take(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        self.records[topic.name] += 1
        if value is not None:
            self.put(self._codec.decode(value, topic.records))
        elif topic is PARKED:
            self.parked.pop(key.decode(), None)
