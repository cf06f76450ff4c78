"""
Publishes dead letters again, as they came or repaired.

The record and the mark that it was replayed are one transaction: a letter is
never sent without being marked, nor marked without being sent.
"""

from typing import NamedTuple

import msgspec
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from accolade.streams.catalogue import DEADLETTERS, Topic
from accolade.streams.codecs import Codec
from accolade.streams.deadletters import REPLAYED, topic_of
from accolade.streams.identity import NATURAL_KEYS
from accolade.streams.kafka_clients import transactional_producer_config
from accolade.streams.keys import key_of
from accolade.streams.log_reader import decoded
from accolade.streams.outgoing import BY_KEY, SOURCE_TOPICS, outgoing, partition_for
from accolade.streams.records import DeadLetter, Record
from accolade.streams.settings import Settings

_BROKER_SECONDS = 30.0
#: What the topic of dead letters takes; the letter's own topic has the last word.
_MESSAGE_BYTES_MAX = DEADLETTERS.config["max.message.bytes"]


class ReplayRefused(ValueError):
    """A dead letter that can't be published again like this, and what to do instead."""


class ReplayFailed(RuntimeError):
    """The brokers did not take a dead letter; nothing of it was sent."""


class Replayed(NamedTuple):
    """Where a dead letter was published again."""

    dead_letter_id: str
    topic: str
    partition: int
    offset: int


class _Resent(NamedTuple):
    """A letter as it is sent again."""

    topic: str
    key: bytes
    value: bytes
    partition: int


class Replayer:
    """
    Publishes dead letters again, one after another.

    One at a time in an installation: who begins later ends the replaying of the
    one before, who is told so.
    """

    def __init__(self, settings: Settings, codec: Codec) -> None:
        """
        Connect.

        Raises:
            ReplayFailed: The brokers don't answer.
        """
        self._settings = settings
        self._codec = codec
        self._producer = self._connected()

    def replay(self, letter: DeadLetter, note: str, key: str | None = None) -> Replayed:
        """
        Publish a dead letter as it came, where it belongs.

        What came from outside goes to the partition of its key, and a record under a
        wrong key under its own. What a stage of the flow has written goes back to the
        partition where it stood.

        Args:
            letter: With its value.
            note: Who replays it, and when; kept with the mark.
            key: Another key than the one it came with.

        Raises:
            ReplayRefused: It has no value or no key.
            ReplayFailed: The brokers did not take it.
        """
        topic = topic_of(letter)
        if letter.value is None:
            raise ReplayRefused(f"{letter.dead_letter_id} has no value: give the record instead")
        known = self._key(letter, letter.value, topic) if key is None else key.encode()
        if known is None:
            raise ReplayRefused(f"{letter.dead_letter_id} has no key: give one")
        partition = partition_for(topic) if topic in SOURCE_TOPICS else letter.partition
        name = self._settings.topic_name(topic)
        return self._send(letter, _Resent(name, known, letter.value, partition), note)

    def replace(self, letter: DeadLetter, record: Record, note: str) -> Replayed:
        """
        Publish a record in a dead letter's place, as from outside.

        Raises:
            Invalid: A field of the record is wrong.
            Unencodable: A value doesn't fit its field.
            ReplayFailed: The brokers did not take it.
        """
        message = outgoing(record, self._settings, self._codec)
        assert message.value is not None  # only an erasure has none
        resent = _Resent(message.topic, message.key, message.value, message.partition)
        return self._send(letter, resent, note)

    def _connected(self) -> Producer:
        settings = self._settings
        name = settings.prefixed(f"{settings.app_id}-deadletters-replay")
        config = transactional_producer_config(settings, name)
        producer = Producer({**config, "message.max.bytes": _MESSAGE_BYTES_MAX})
        try:
            producer.init_transactions(_BROKER_SECONDS)
        except KafkaException as error:
            raise ReplayFailed(_told(error.args[0], settings)) from error
        return producer

    def _key(self, letter: DeadLetter, value: bytes, topic: Topic) -> bytes | None:
        """Return the key that is right, as far as it can be told."""
        record = decoded(value, topic, self._codec)
        if topic in SOURCE_TOPICS and isinstance(record, Record):
            return key_of(record).encode()
        return letter.key

    def _send(self, letter: DeadLetter, resent: _Resent, note: str) -> Replayed:
        delivered: list[Message] = []

        def reported(error: KafkaError | None, message: Message) -> None:
            if error is None:
                delivered.append(message)

        try:
            self._producer.begin_transaction()
            self._producer.produce(
                resent.topic,
                value=resent.value,
                key=resent.key,
                partition=resent.partition,
                on_delivery=reported,
            )
            self._mark(letter, resent, note)
            self._producer.commit_transaction(_BROKER_SECONDS)
        except KafkaException as error:
            told = _told(error.args[0], self._settings)
            self._give_up(error.args[0])
            raise ReplayFailed(f"{letter.dead_letter_id}: {told}; it was not sent") from error
        (message,) = delivered
        return Replayed(
            letter.dead_letter_id, resent.topic, message.partition() or 0, message.offset() or 0
        )

    def _mark(self, letter: DeadLetter, resent: _Resent, note: str) -> None:
        """Say in the same transaction that the letter was replayed."""
        text = f"{note}, to {resent.topic}; it was refused as {letter.reason}: {letter.message}"
        mark = msgspec.structs.replace(letter, value=None, reason=REPLAYED, message=text)
        self._producer.produce(
            self._settings.topic_name(DEADLETTERS),
            value=self._codec.encode(mark),
            key=letter.dead_letter_id.encode(),
            partition=BY_KEY,
        )

    def _give_up(self, error: KafkaError) -> None:
        """Leave the transaction, and begin anew unless somebody else has."""
        if not _is_fenced(error):
            # A client may go on numbering from what the brokers refused; a new one
            # ends the transaction of the one before, as it has the same name.
            self._producer = self._connected()


def replaceable(topic: Topic) -> tuple[type[Record], ...]:
    """Return the classes of a topic's records that come from outside."""
    return tuple(record for record in topic.records if record in NATURAL_KEYS)


def _is_fenced(error: KafkaError) -> bool:
    return error.code() in {KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH}


def _told(error: KafkaError, settings: Settings) -> str:
    if _is_fenced(error):
        return "another replay has begun"
    return f"the brokers ({settings.bootstrap_servers}) say: {error.str()}"
