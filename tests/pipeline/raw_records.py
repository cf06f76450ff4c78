"""Kafka records as any program may send them: nothing is checked on the way."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from confluent_kafka import KafkaError, Message, Producer

from accolade.streams.catalogue import Topic
from accolade.streams.codecs import Codec
from accolade.streams.kafka_clients import producer_config
from accolade.streams.keys import key_of
from accolade.streams.outgoing import BY_KEY, partition_for, topic_for
from accolade.streams.records import Record
from accolade.streams.settings import Settings

_MESSAGE_BYTES_MAX = 4 * 1024 * 1024
_FLUSH_SECONDS = 60.0


class Raw(NamedTuple):
    """A Kafka record."""

    topic: Topic
    key: bytes
    value: bytes | None
    #: `BY_KEY`, or a fixed one.
    partition: int = BY_KEY


def raw_of(record: Record, codec: Codec) -> Raw:
    """Return a record as the publisher would send it, had it checked nothing."""
    topic = topic_for(type(record))
    return Raw(topic, key_of(record).encode(), codec.encode(record), partition_for(topic))


def send(settings: Settings, raws: Sequence[Raw]) -> list[str]:
    """Send records in order; return the id that each one's dead letter would have."""
    producer = Producer({**producer_config(settings), "message.max.bytes": _MESSAGE_BYTES_MAX})
    ids: dict[int, str] = {}

    def delivered(number: int, topic: Topic, error: KafkaError | None, message: Message) -> None:
        assert error is None
        ids[number] = f"{topic.name}/{message.partition()}/{message.offset()}"

    for number, raw in enumerate(raws):
        producer.produce(
            settings.topic_name(raw.topic),
            key=raw.key,
            value=raw.value,
            partition=raw.partition,
            on_delivery=partial(delivered, number, raw.topic),
        )
    assert 0 == producer.flush(_FLUSH_SECONDS)
    return [ids[number] for number in range(len(raws))]
