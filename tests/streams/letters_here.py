"""What the tests of dead letters share: letters, and how a stage writes them."""

from confluent_kafka import Producer

from accolade.schemas import codec_for
from accolade.streams.catalogue import DEADLETTERS, DEALS, Topic
from accolade.streams.kafka_clients import producer_config
from accolade.streams.records import DeadLetter, Record
from accolade.streams.settings import Settings


def letter(
    settings: Settings, record: Record | bytes | None, topic: Topic = DEALS, offset: int = 0
) -> DeadLetter:
    """Return a record that was refused, in a partition that isn't its key's."""
    value = codec_for(settings).encode(record) if isinstance(record, Record) else record
    return DeadLetter(
        dead_letter_id=f"{topic.name}/1/{offset}",
        topic=topic.name,
        partition=1,
        offset=offset,
        timestamp_ms=1_000,
        key=b"D-1",
        value=value,
        reason="misplaced_key",
        message="key 'D-1' belongs elsewhere",
        stage="credit",
    )


def refuse(settings: Settings, *letters: DeadLetter) -> None:
    """Write dead letters as a stage does."""
    producer = Producer({**producer_config(settings), "message.max.bytes": 4_000_000})
    codec = codec_for(settings)
    for one in letters:
        producer.produce(
            settings.topic_name(DEADLETTERS),
            value=codec.encode(one),
            key=one.dead_letter_id.encode(),
        )
    assert producer.flush(30) == 0
