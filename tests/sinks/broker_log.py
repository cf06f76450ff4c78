"""The topics of an installation, written as the stages write them: in transactions."""

from collections.abc import Callable, Iterable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from confluent_kafka import Producer

from accolade.schemas import codec_for
from accolade.sinks.follower import Follower
from accolade.streams.catalogue import Topic
from accolade.streams.kafka_clients import transactional_producer_config
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Record
from accolade.streams.settings import Settings
from accolade.streams.topics import create_topics

_SECONDS = 30.0
_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.02


class BrokerLog:
    """Writes records to the topics of the settings, which it makes."""

    def __init__(self, settings: Settings) -> None:
        """Make the topics."""
        create_topics(settings)
        self._settings = settings
        self._codec = codec_for(settings)
        config = transactional_producer_config(settings, settings.prefixed("writer"))
        self._producer = Producer(config)
        self._producer.init_transactions(_SECONDS)

    def write(
        self, topic: Topic, records: Iterable[tuple[str, Record | bytes]], *, abort: bool = False
    ) -> None:
        """Write records in one transaction, each to the partition of its text."""
        self._producer.begin_transaction()
        partitions = self._settings.partition_count(topic.partitions)
        for text, record in records:
            self._producer.produce(
                self._settings.topic_name(topic),
                key=text.encode(),
                value=record if isinstance(record, bytes) else self._codec.encode(record),
                partition=partition_of(text.encode(), partitions),
            )
            self._producer.poll(0)
        if abort:
            self._producer.flush(_SECONDS)
            self._producer.abort_transaction(_SECONDS)
        else:
            self._producer.commit_transaction(_SECONDS)


class Following:
    """Runs a follower in a thread; a context manager."""

    def __init__(self, follower: Follower) -> None:
        """Take the follower."""
        self._stop = Event()
        self._thread = Thread(target=follower.run, args=(self._stop,))

    def __enter__(self) -> Self:
        """Start it."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self._stop.set()
        self._thread.join()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    pause = Event()
    for _ in range(round(_WAIT_SECONDS / _POLL_SECONDS)):
        if holds():
            return
        pause.wait(_POLL_SECONDS)
    raise TimeoutError(f"doesn't hold after {_WAIT_SECONDS} s")
