"""The Kafka clients of the engine, made from ready configurations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

#: How long the broker may take for what is usually a matter of milliseconds.
BROKER_TIMEOUT_SECONDS = 30.0
_READ_AT_MOST = 2_000
#: `consume` waits this long for the rest of a batch, even at the end of a log.
_READ_SECONDS = 0.05
#: How long the broker may hold a fetch that finds nothing: that is how the end of a
#: log is told, and librdkafka's 500 ms for each stage would be most of a takeover.
_END_WAIT_MS = 10


@dataclass(frozen=True)
class Clients:
    """How to reach the broker."""

    #: Configuration of a transactional producer by its transactional id.
    producer_config: Callable[[str], Mapping[str, Any]]
    #: Configuration of a read-committed consumer that commits nothing.
    consumer_config: Callable[[], Mapping[str, Any]]

    def fenced_producer(self, transactional_id: str) -> Producer:
        """Return the producer that owns the id from now on; a former owner can write no more."""
        producer = Producer(dict(self.producer_config(transactional_id)))
        producer.init_transactions(BROKER_TIMEOUT_SECONDS)
        return producer

    def first_offset(self, topic: str, partition: int) -> int:
        """Return the first offset that the partition still holds."""
        return self._watermarks(topic, partition)[0]

    def last_stable_offset(self, topic: str, partition: int) -> int:
        """Return the offset up to which everything is committed or aborted."""
        return self._watermarks(topic, partition)[1]

    def read_committed(self, topic: str, partition: int) -> Iterator[Message]:
        """Yield the partition's committed records from its beginning to its last stable offset."""
        reader = self._consumer({"enable.partition.eof": True, "fetch.wait.max.ms": _END_WAIT_MS})
        try:
            reader.assign([TopicPartition(topic, partition, 0)])
            while True:
                for record in reader.consume(_READ_AT_MOST, _READ_SECONDS):
                    error = record.error()
                    if error is None:
                        yield record
                    elif error.code() == KafkaError._PARTITION_EOF:
                        return
                    elif not error.retriable():
                        raise KafkaException(error)
        finally:
            reader.close()

    def _watermarks(self, topic: str, partition: int) -> tuple[int, int]:
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
