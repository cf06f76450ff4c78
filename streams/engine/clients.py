"""The Kafka clients of the engine, made from ready configurations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConfigResource

from accolade.streams.engine.changelog import Change

#: How long the broker may take for what is usually a matter of milliseconds.
BROKER_TIMEOUT_SECONDS = 30.0
_READ_AT_MOST = 5_000
#: `consume` waits this long for the rest of a batch, even at the end of a log.
_READ_SECONDS = 0.05
#: How long the broker may hold a fetch that finds nothing: that is how the end of a
#: log is told, and librdkafka's 500 ms for each stage would be most of a takeover.
_END_WAIT_MS = 10
#: What may be fetched ahead of what was taken in: a worker restores many tasks at a time.
_AHEAD_KB = 8 * 1024


class Chunk(NamedTuple):
    """Records of a changelog partition that follow one another."""

    changes: list[Change]
    #: The next offset to read.
    stop: int
    #: When the last record was appended, in milliseconds since 1970; 0 if there is none.
    at_ms: int


@dataclass(frozen=True)
class Clients:
    """How to reach the broker."""

    #: Configuration of a transactional producer by its transactional id.
    producer_config: Callable[[str], Mapping[str, Any]]
    #: Configuration of a read-committed consumer that commits nothing.
    consumer_config: Callable[[], Mapping[str, Any]]
    #: Configuration of an admin client, which looks and changes nothing.
    admin_config: Callable[[], Mapping[str, Any]]

    def fenced_producer(self, transactional_id: str) -> Producer:
        """Return the producer that owns the id from now on; a former owner can write no more."""
        producer = Producer(dict(self.producer_config(transactional_id)))
        producer.init_transactions(BROKER_TIMEOUT_SECONDS)
        return producer

    def first_offset(self, topic: str, partition: int) -> int:
        """Return the first offset that the partition still holds."""
        return self.watermarks(topic, partition)[0]

    def last_stable_offset(self, topic: str, partition: int) -> int:
        """Return the offset up to which everything is committed or aborted."""
        return self.watermarks(topic, partition)[1]

    def read_committed(self, topic: str, partition: int, start: int = 0) -> Iterator[Chunk]:
        """Yield the partition's committed records from an offset to its last stable one."""
        reader = self.changelog_reader(topic, {partition: start})
        try:
            while True:
                records = reader.consume(_READ_AT_MOST, _READ_SECONDS)
                chunk, ended = chunk_of(records)
                if chunk is not None:
                    yield chunk
                if ended:
                    return
        finally:
            reader.close()

    def changelog_reader(self, topic: str, starts: Mapping[int, int]) -> Consumer:
        """Return a consumer of partitions from these offsets, which also says where they end."""
        more = {
            "enable.partition.eof": True,
            "fetch.wait.max.ms": _END_WAIT_MS,
            "queued.max.messages.kbytes": _AHEAD_KB,
            # From where it was told or not at all: another place would leave out records.
            "auto.offset.reset": "error",
        }
        reader = self._consumer(more)
        # Where a log begins is the broker's affair: not all begin with offset 0.
        reader.assign(
            [TopicPartition(topic, p, offset or OFFSET_BEGINNING) for p, offset in starts.items()]
        )
        return reader

    def topic_id(self, topic: str) -> str:
        """Return the broker's id of the topic, which another one of the same name doesn't have."""
        admin = AdminClient(dict(self.admin_config()))
        asked = admin.describe_topics(
            TopicCollection([topic]), request_timeout=BROKER_TIMEOUT_SECONDS
        )
        return str(asked[topic].result().topic_id)

    def tombstones_kept_ms(self, topic: str) -> int:
        """Return how long a compacted topic keeps a tombstone, in ms; 0 where that is secret."""
        admin = AdminClient(dict(self.admin_config()))
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        asked = admin.describe_configs([resource], request_timeout=BROKER_TIMEOUT_SECONDS)
        try:
            return int(asked[resource].result()["delete.retention.ms"].value)
        except KafkaException:
            return 0

    def watermarks(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the partition's first and its last stable offset."""
        reader = self._consumer({})
        try:
            low, high = reader.get_watermark_offsets(
                TopicPartition(topic, partition), BROKER_TIMEOUT_SECONDS
            )
            return low, high
        finally:
            reader.close()

    def _consumer(self, more: Mapping[str, Any]) -> Consumer:
        return Consumer({**self.consumer_config(), **more})


def chunk_of(records: list[Message]) -> tuple[Chunk | None, bool]:
    """
    Return what was consumed of a partition, and whether that was all there is.

    Raises:
        KafkaException: The broker refuses.
        ValueError: A record has no key.
    """
    changes: list[Change] = []
    last: Message | None = None
    stop, ended = -1, False
    for record in records:
        error = record.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:
                stop, ended = record.offset() or 0, True
            elif not error.retriable():
                raise KafkaException(error)
            continue
        key = record.key()
        if key is None:
            raise ValueError("the changelog has a record without a key")
        changes.append((key, record.value()))
        last, ended = record, False
    if last is not None:
        if not ended:
            stop = (last.offset() or 0) + 1
        return Chunk(changes, stop, last.timestamp()[1]), ended
    return (Chunk([], stop, 0) if ended else None), ended
