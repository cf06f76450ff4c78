"""Asks the broker what a topic holds at the moment."""

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient

from accolade.sinks.following import Source, Span
from accolade.streams.kafka_clients import admin_config
from accolade.streams.settings import Settings

_BROKER_SECONDS = 15.0
#: A broker that knows no topic ids may not answer at all.
_TOPIC_ID_SECONDS = 3.0


class TopicMissingError(Exception):
    """A topic that should be followed isn't there."""


class Spans:
    """The partitions of topics, and what their logs hold."""

    def __init__(self, consumer: Consumer, settings: Settings) -> None:
        """Take the consumer that is asked, and how to reach the broker."""
        self._consumer = consumer
        self._admin = AdminClient(admin_config(settings))
        self._partitions: dict[str, int] = {}
        #: None: not asked yet.
        self._has_ids: bool | None = None

    def sources(self, topic: str) -> list[Source]:
        """
        Return the topic's partitions.

        Raises:
            TopicMissingError: There is no such topic, or the broker didn't answer.
        """
        try:
            listed = self._consumer.list_topics(topic, timeout=_BROKER_SECONDS).topics[topic]
        except KafkaException as error:
            raise TopicMissingError(f"Kafka doesn't answer: {error.args[0].str()}") from error
        if listed.error is not None:
            raise TopicMissingError(
                f"topic {topic} can't be read: {listed.error.str()} "
                "(`accolade topics create` makes the topics)"
            )
        self._partitions[topic] = len(listed.partitions)
        return [Source(topic, partition) for partition in sorted(listed.partitions)]

    def span(self, source: Source) -> Span:
        """
        Return what the source's log holds.

        Raises:
            KafkaException: The broker didn't answer.
        """
        first, end = self._consumer.get_watermark_offsets(
            TopicPartition(source.topic, source.partition), timeout=_BROKER_SECONDS
        )
        return Span(self._topic_id(source.topic), first, end, self._partitions[source.topic])

    def _topic_id(self, topic: str) -> str:
        if self._has_ids is False:
            return ""
        described = self._admin.describe_topics(
            TopicCollection([topic]), request_timeout=_TOPIC_ID_SECONDS
        )
        try:
            topic_id = str(described[topic].result(_TOPIC_ID_SECONDS).topic_id)
        except (KafkaException, TimeoutError) as error:
            if self._has_ids:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT)) from error
            self._has_ids = False
            return ""
        self._has_ids = True
        return topic_id
