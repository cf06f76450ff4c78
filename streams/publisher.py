"""
Publishes records from outside: what a CRM connector uses.

A record is checked before anything of it is sent, goes to the topic and the
partition that its class and key say, and is reported back as delivered or not.

    with Publisher(settings, codec_for(settings)) as publisher:
        publisher.publish(deal)
        result = publisher.flush()

For users: docs/publishing.md.
"""

import itertools
import threading
import time
from functools import partial
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from accolade.streams.codecs import Codec
from accolade.streams.delivery import Failure, FlushResult, PublishingFailed, explained
from accolade.streams.kafka_clients import producer_config
from accolade.streams.outgoing import Outgoing, erased_contact, outgoing
from accolade.streams.records import Record
from accolade.streams.settings import Settings

__all__ = ["Failure", "FlushResult", "Publisher", "PublishingFailed"]

#: How many records wait for the broker at most before `publish` waits as well.
QUEUE_RECORDS = 10_000
#: How many bytes of them at most, KiB.
QUEUE_KIBIBYTES = 64 * 1024
#: How many failures are kept for `flush` at most before `publish` refuses more.
FAILURES_KEPT = 10_000
#: How long a record is tried before it has failed.
DELIVERY_SECONDS = 120.0
#: How long a topic may take to be known to the brokers once it is made.
TOPIC_SECONDS = 10.0

_POLL_SECONDS = 0.1
#: How long what is on its way is waited for when an error ends the publishing.
FAREWELL_SECONDS = 5.0


class Publisher:
    """
    Sends records in order, each once, and remembers those that failed.

    A retry inside the client neither doubles nor reorders (an idempotent
    producer). What failed may be published again as it is: facts are absolute,
    so one that did arrive after all changes nothing.

    Not for several threads at once. A context manager: it flushes at the end,
    and raises `PublishingFailed` unless everything was delivered.
    """

    def __init__(
        self,
        settings: Settings,
        codec: Codec,
        *,
        queue_records: int = QUEUE_RECORDS,
        delivery_seconds: float = DELIVERY_SECONDS,
    ) -> None:
        """
        Connect in the background; the brokers need not be there yet.

        Args:
            settings: Where the brokers are and what the topics are called.
            codec: Writes the records.
            queue_records: How many wait for the brokers before `publish` waits too.
            delivery_seconds: How long a record is tried before it has failed.
        """
        self._settings = settings
        self._codec = codec
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._waiting: dict[int, Outgoing] = {}
        self._failed: list[Failure] = []
        self._delivered = 0
        self._producer = Producer(
            {
                **producer_config(settings),
                "queue.buffering.max.messages": queue_records,
                "queue.buffering.max.kbytes": QUEUE_KIBIBYTES,
                "delivery.timeout.ms": round(delivery_seconds * 1000),
                # So that a topic that isn't there is told as such, not as a time that was up.
                "topic.metadata.propagation.max.ms": round(
                    min(TOPIC_SECONDS, delivery_seconds / 2) * 1000
                ),
            }
        )

    @property
    def waiting(self) -> int:
        """How many are on their way."""
        return len(self._waiting)

    @property
    def failures(self) -> int:
        """How many have failed since the last flush, as far as is known."""
        return len(self._failed)

    def publish(self, record: Record) -> None:
        """
        Check a record and send it in the background; wait while too many are on their way.

        Raises:
            Invalid: A field is wrong; nothing was sent.
            Unencodable: A value doesn't fit its field; nothing was sent.
            PublishingFailed: So many have failed that `flush` must be called first.
        """
        self._send(self.prepare(record))

    def erase_contact(self, person_id: str) -> None:
        """
        Erase a person's name and address from the topic of contacts.

        The brokers drop the earlier versions when they next compact the topic.

        Raises:
            Invalid: It is no person's id.
            PublishingFailed: As `publish`.
        """
        self._send(erased_contact(person_id, self._settings))

    def flush(self, timeout_seconds: float | None = None) -> FlushResult:
        """
        Wait until everything is delivered or has failed, and return what has become of it.

        Args:
            timeout_seconds: How long to wait at most; by default until the last
                record is delivered or its time (`delivery_seconds`) is up. What is
                still on its way then is named, and goes on in the background.
        """
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while self._waiting and (deadline is None or time.monotonic() < deadline):
            self.wait_for_reports()
        return self.take_result()

    def close(self) -> None:
        """
        Flush.

        Raises:
            PublishingFailed: Not everything was delivered.
        """
        result = self.flush()
        if not result.complete:
            raise PublishingFailed(result)

    def prepare(self, record: Record) -> Outgoing:
        """Check a record and return it as it will be sent; raises as `publish`."""
        return outgoing(record, self._settings, self._codec)

    def offer(self, message: Outgoing) -> bool:
        """
        Send a message unless too many are on their way: then return False at once.

        Raises:
            PublishingFailed: As `publish`.
        """
        if len(self._failed) >= FAILURES_KEPT:
            raise PublishingFailed(self.take_result())
        number = next(self._numbers)
        self._waiting[number] = message
        try:
            self._producer.produce(
                message.topic,
                value=message.value,
                key=message.key,
                partition=message.partition,
                on_delivery=partial(self._reported, number),
            )
        except BufferError:
            del self._waiting[number]
            return False
        except KafkaException as error:
            self._reported(number, error.args[0], None)
        self._producer.poll(0)
        return True

    def wait_for_reports(self) -> None:
        """Wait a moment for news of what is on its way."""
        self._producer.poll(_POLL_SECONDS)

    def take_result(self) -> FlushResult:
        """Return what has become of the records since the last result, without waiting."""
        with self._lock:
            waiting = tuple(message.name for message in self._waiting.values())
            result = FlushResult(self._delivered, tuple(self._failed), waiting)
            self._delivered = 0
            self._failed = []
        return result

    def _send(self, message: Outgoing) -> None:
        while not self.offer(message):
            self.wait_for_reports()

    def _reported(self, number: int, error: KafkaError | None, _: Message | None) -> None:
        """Take the word of the client on one message; it may call from another thread."""
        with self._lock:
            message = self._waiting.pop(number)
            if error is None:
                self._delivered += 1
            else:
                reason = explained(error, message, self._settings.bootstrap_servers)
                self._failed.append(Failure(message.name, reason, message.record))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Flush; an error that is under way already is not replaced by what failed here."""
        if error is None:
            self.close()
        else:
            self.flush(FAREWELL_SECONDS)
