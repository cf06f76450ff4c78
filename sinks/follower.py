"""Reads topics into a store, from where the store says, until told to stop."""

import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import TypeVar

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from accolade.sinks.following import Batch, Received, Source, Store, UnavailableError, received
from accolade.sinks.metrics import BATCH_SECONDS, LAG, RECORDS, RESUMES, RETRIES
from accolade.sinks.spans import Spans
from accolade.streams.catalogue import Topic
from accolade.streams.kafka_clients import consumer_config
from accolade.streams.settings import Settings

_LOG = structlog.get_logger(__name__)

#: How soon a stop is noticed while nothing arrives.
_POLL_SECONDS = 0.2
_READ_AT_MOST = 4_000
_FIRST_RETRY_SECONDS = 0.1
_SLOWEST_RETRY_SECONDS = 5.0

#: The position is outside the log: records were deleted, or the topic was made anew.
_LOST_PLACE = frozenset(
    {
        KafkaError._AUTO_OFFSET_RESET,
        KafkaError.OFFSET_OUT_OF_RANGE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_PARTITION,
    }
)

#: This client will never be let in.
_REFUSALS = frozenset(
    {
        KafkaError._AUTHENTICATION,
        KafkaError.SASL_AUTHENTICATION_FAILED,
        KafkaError.UNSUPPORTED_SASL_MECHANISM,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
    }
)

T = TypeVar("T")


class Follower:
    """
    Follows all partitions of some topics into a store.

    It assigns the partitions itself. Two followers of one store do no harm: the
    position that a batch must find in the store lets one of them write it.
    """

    def __init__(
        self,
        sink: str,
        store: Store,
        settings: Settings,
        topics: Sequence[Topic],
        check_seconds: float,
    ) -> None:
        """
        Take what is followed, and into what.

        Args:
            sink: The store's name in metrics and logs.
            store: Where the records go.
            settings: How to reach the broker.
            topics: The topics that are followed, all partitions.
            check_seconds: How often the store is asked for its positions, so that one
                that was emptied is noticed also while no records arrive.
        """
        self._sink = sink
        self._store = store
        self._check_seconds = check_seconds
        self._topics = [settings.topic_name(topic) for topic in topics]
        self._settings = settings
        self._config = {
            # No group comes to be of it: partitions are assigned, positions are the store's.
            **consumer_config(settings, settings.prefixed(f"{settings.app_id}-{sink}")),
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
        }
        self._positions: dict[Source, int] = {}
        self._at_end: set[Source] = set()

    def run(self, stop: Event, *, until_end: bool = False) -> bool:
        """
        Follow until `stop` is set, or the end of the log is reached.

        An outage of the store or of the broker is waited for, with a growing pause.

        Args:
            stop: Ends it after the batch under way.
            until_end: End once everything is stored that stood in the log.

        Returns:
            Whether the end was reached that it should end at.

        Raises:
            TopicMissingError: A topic doesn't exist, or the broker didn't answer at the start.
            KafkaException: The broker refuses what can't be repeated (for example access).
        """
        consumer = Consumer(self._config)
        try:
            spans = Spans(consumer, self._settings)
            sources = [source for topic in self._topics for source in spans.sources(topic)]
            self._resume(consumer, spans, sources, stop)
            checked = time.monotonic()
            while not stop.is_set():
                batches, lost = self._gather(self._fetch(consumer))
                now = time.monotonic()
                if now - checked >= self._check_seconds:
                    checked = now
                    batches = self._with_checks(batches)
                lost |= self._write(consumer, batches, stop)
                if lost:
                    self._resume(consumer, spans, sorted(lost), stop)
                if until_end and self._at_end.issuperset(sources):
                    return True
            return False
        finally:
            consumer.close()

    def _fetch(self, consumer: Consumer) -> list[Message]:
        """Return what has arrived; waits for the first record only."""
        first = consumer.poll(_POLL_SECONDS)
        if first is None:
            return []
        return [first, *consumer.consume(_READ_AT_MOST - 1, 0)]

    def _gather(self, messages: list[Message]) -> tuple[list[Batch], set[Source]]:
        """Return a batch for each source that has moved, and the sources that lost their place."""
        records: dict[Source, list[Received]] = {}
        reached: dict[Source, int] = {}
        lost: set[Source] = set()
        for message in messages:
            error = message.error()
            source = Source(message.topic() or "", message.partition() or 0)
            if error is None:
                record = received(message)
                records.setdefault(source, []).append(record)
                reached[source] = record.offset + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                reached[source] = message.offset() or 0
                self._at_end.add(source)
            elif error.code() in _LOST_PLACE:
                lost |= {source} if source in self._positions else set(self._positions)
            elif not _passes(error):
                raise KafkaException(error)
            else:
                _LOG.warning("kafka_error", sink=self._sink, error=error.str())
        batches = [
            Batch(source, self._positions[source], end, tuple(records.get(source, ())))
            for source, end in reached.items()
            if end > self._positions[source]
        ]
        return batches, lost

    def _with_checks(self, batches: list[Batch]) -> list[Batch]:
        """Add an empty batch for each source that has none."""
        written = {batch.source for batch in batches}
        checks = [
            Batch(source, position, position)
            for source, position in self._positions.items()
            if source not in written
        ]
        return batches + checks

    def _write(self, consumer: Consumer, batches: list[Batch], stop: Event) -> set[Source]:
        """Store the batches; return the sources whose position in the store is another."""
        if not batches:
            return set()
        with BATCH_SECONDS.labels(self._sink).time():
            stands = self._retrying(lambda: self._store.write(batches), stop)
        if stands is None:
            return set()
        elsewhere = set()
        for batch in batches:
            source = batch.source
            if stands[source] != batch.next_position:
                elsewhere.add(source)
                continue
            self._positions[source] = batch.next_position
            RECORDS.labels(self._sink, source.topic).inc(len(batch.records))
            self._note_lag(consumer, source)
        return elsewhere

    def _note_lag(self, consumer: Consumer, source: Source) -> None:
        _, end = consumer.get_watermark_offsets(TopicPartition(*source), cached=True)
        lag = max(0, end - self._positions[source])
        LAG.labels(self._sink, source.topic, source.partition).set(lag)

    def _resume(
        self, consumer: Consumer, spans: Spans, sources: Sequence[Source], stop: Event
    ) -> None:
        """Ask the store where to read these sources from, and read all from their positions."""
        for source in sources:

            def start(source: Source = source) -> int:
                return self._store.start(source, spans.span(source))

            position = self._retrying(start, stop)
            if position is None:
                return
            self._positions[source] = position
            self._at_end.discard(source)
            RESUMES.labels(self._sink, source.topic).inc()
        for topic in sorted({source.topic for source in sources}):
            positions = {s.partition: self._positions[s] for s in sources if s.topic == topic}
            _LOG.info("reading", sink=self._sink, topic=topic, positions=positions)
        consumer.assign([TopicPartition(*source, at) for source, at in self._positions.items()])

    def _retrying(self, call: Callable[[], T], stop: Event) -> T | None:
        """Return the call's result, repeated while it can't be had; None when told to stop."""
        pause_seconds = _FIRST_RETRY_SECONDS
        while not stop.is_set():
            try:
                return call()
            except UnavailableError as error:
                reason = str(error)
            except KafkaException as error:
                if not _passes(error.args[0]):
                    raise
                reason = error.args[0].str()
            RETRIES.labels(self._sink).inc()
            _LOG.warning("retrying", sink=self._sink, reason=reason, pause_seconds=pause_seconds)
            stop.wait(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _SLOWEST_RETRY_SECONDS)
        return None


def _passes(error: KafkaError) -> bool:
    """Tell whether an error of the broker may pass by itself, or by an operator's hand there."""
    return not error.fatal() and error.code() not in _REFUSALS
