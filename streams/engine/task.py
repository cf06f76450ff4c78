"""
A task: a stage and a partition number, over its sources, its state and its producer.

It fences its former owner, restores itself from its changelog, then turns
batches into transactions. Its methods block; the runner calls them in a thread,
one at a time.
"""

import logging
import time
from collections.abc import Hashable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as DeliveredRecord

from accolade.streams.engine.batches import ORIGIN_HEADER, Batch, Fetched
from accolade.streams.engine.changelog import Change, position_key, row_key, row_value
from accolade.streams.engine.clients import BROKER_TIMEOUT_SECONDS, Clients
from accolade.streams.engine.replica import Replica
from accolade.streams.engine.stage import Message, Stage
from accolade.streams.engine.stores import Committed, Mark, MemoryStore
from accolade.streams.engine.tables import Overlay, RowsLike

log = logging.getLogger(__name__)

O = TypeVar("O")  # noqa: E741 # what a step emits

#: A transaction that the broker asks to abort is tried again this often.
TRANSACTION_ATTEMPTS = 5
#: After this many seeks in a row that brought no progress the log has a hole.
GAPS_IN_A_ROW = 100
#: How often a full local queue of the producer is served before a record is queued.
_QUEUE_FULL_POLL_SECONDS = 0.1


class LostRecordsError(RuntimeError):
    """Records that were not counted yet are gone from a source partition."""


class Sent(NamedTuple):
    """An output that was committed, and when its first cause was appended."""

    output: Any
    origin_ms: int


class Report(NamedTuple):
    """What a call of `process` did."""

    #: Records that were counted.
    records: int
    #: Records that were fetched again and had been counted.
    dropped: int
    #: Offsets up to the last stable one that are not counted yet, by source topic.
    lag: dict[str, int]
    sent: list[Sent]
    seconds: float
    #: Source topics to be read again from an offset: something before it is missing.
    seek: dict[str, int]


class Task(Generic[O]):
    """One partition of a stage; see the module."""

    def __init__(
        self,
        stage: Stage[O],
        partition: int,
        app_id: str,
        clients: Clients,
        replica: Replica | None = None,
    ) -> None:
        """
        Take what it needs; nothing is touched before `take_over`.

        Args:
            stage: What to run.
            partition: The number of its partition.
            app_id: Prefix of the transactional id.
            clients: How to reach the broker.
            replica: What this worker holds of its state; nothing by default.
        """
        self.stage = stage
        self.partition = partition
        self.replica = replica or Replica(
            stage.changelog, partition, clients, MemoryStore(stage.tables)
        )
        #: The next offset to count, by source topic: the only truth.
        self.next: dict[str, int] = {}
        self._transactional_id = f"{app_id}-{stage.name}-{partition}"
        self._clients = clients
        self._producer: Producer | None = None
        self._gaps: dict[str, int] = {}
        #: Changelog offset behind the last record that was written.
        self._written: int | None = None

    @property
    def rows(self) -> RowsLike:
        """The committed rows."""
        return self.replica.store.rows

    def take_over(self) -> int:
        """
        Fence the former owner, then read what it committed and isn't here yet.

        Returns:
            How many changelog records were read.

        Raises:
            KafkaException: The broker refuses or can't be reached.
            ValueError: The changelog is not this stage's.
        """
        self._producer = self._clients.fenced_producer(self._transactional_id)
        restored = self.replica.catch_up()
        positions = self.replica.store.positions
        self.next = {
            topic: positions[topic]
            if topic in positions
            else self._clients.first_offset(topic, self.partition)
            for topic in self.stage.sources
        }
        return restored

    def process(self, batches: Sequence[Batch]) -> Report:
        """
        Count the batches in one transaction; only then does the state change.

        Raises:
            LostRecordsError: Records were deleted before they were counted.
            KafkaException: The transaction can't be committed; the state is as
                before, and another owner may have taken over.
            Exception: Whatever the step raises: a record is never skipped.
        """
        started = time.perf_counter()
        view = Overlay(self.rows)
        outputs: dict[Hashable, tuple[O, int]] = {}
        positions = dict(self.next)
        seek: dict[str, int] = {}
        counted = dropped = 0
        for batch in batches:
            position = positions[batch.topic]
            if batch.topic in seek or batch.start > position:
                seek[batch.topic] = position
                continue
            for record in batch.records:
                if record.offset < position:
                    dropped += 1
                    continue
                view.savepoint()
                for output in self.stage.step(view, record):
                    outputs[self.stage.identify(output)] = output, record.origin_ms
                counted += 1
            positions[batch.topic] = max(position, batch.stop)
        for topic in seek:
            self._count_gap(topic)
        moved = {t: at for t, at in positions.items() if at != self.next[t]}
        messages = [(self.stage.encode(output), origin) for output, origin in outputs.values()]
        if counted:
            changes, at_ms = self._changes(view, moved), int(time.time() * 1000)
            self._commit(changes, messages)
            committed = Committed(changes, view.writes(), moved)
            self.replica.store.commit(committed, self._mark(at_ms))
        self.next = positions
        for topic in moved:
            self._gaps.pop(topic, None)
        return Report(
            counted,
            dropped,
            {b.topic: max(0, b.high - positions[b.topic]) for b in batches},
            [Sent(output, origin) for output, origin in outputs.values()],
            time.perf_counter() - started,
            seek,
        )

    def _mark(self, at_ms: int) -> Mark:
        if self._written is None:
            # Where the broker put the records was not said: they are read again.
            return self.replica.mark(0)
        return self.replica.mark(self._written, at_ms)

    def _note_written(self, error: KafkaError | None, record: DeliveredRecord) -> None:
        if error is None:
            self._written = (record.offset() or 0) + 1

    def _changes(self, view: Overlay, moved: dict[str, int]) -> list[Change]:
        changes: list[Change] = [
            (row_key(table, owner, key), row_value(row)) for table, owner, key, row in view.writes()
        ]
        changes += [(position_key(topic), b"%d" % at) for topic, at in moved.items()]
        return changes

    def _count_gap(self, topic: str) -> None:
        first = self._clients.first_offset(topic, self.partition)
        if first > self.next[topic]:
            raise LostRecordsError(
                f"{topic} partition {self.partition}: offsets {self.next[topic]} to {first - 1} "
                "were deleted before they were counted"
            )
        self._gaps[topic] = self._gaps.get(topic, 0) + 1
        if self._gaps[topic] > GAPS_IN_A_ROW:
            raise LostRecordsError(
                f"{topic} partition {self.partition}: the broker skips offset {self.next[topic]} "
                f"although it holds everything from {first} on"
            )

    def _commit(
        self,
        changes: list[Change],
        messages: list[tuple[Message, int]],
    ) -> None:
        assert self._producer is not None, "a task processes only after take_over"
        for attempt in range(1, TRANSACTION_ATTEMPTS + 1):
            try:
                self._transact(self._producer, changes, messages)
            except KafkaException as error:
                cause = error.args[0]
                if not cause.txn_requires_abort() or attempt == TRANSACTION_ATTEMPTS:
                    raise
                log.warning("%s: transaction aborted, trying again: %s", self, cause)
                self._producer.abort_transaction(BROKER_TIMEOUT_SECONDS)
            else:
                return

    def _transact(
        self,
        producer: Producer,
        changes: list[Change],
        messages: list[tuple[Message, int]],
    ) -> None:
        self._written = None
        producer.begin_transaction()
        last = len(changes) - 1
        for number, (key, value) in enumerate(changes):
            noted = {"on_delivery": self._note_written} if number == last else {}
            _produce(producer, self.stage.changelog, self.partition, key, value, **noted)
        for message, origin_ms in messages:
            headers = [(ORIGIN_HEADER, b"%d" % origin_ms)]
            _produce(
                producer,
                message.topic,
                message.partition,
                message.key,
                message.value,
                headers=headers,
            )
        while True:
            try:
                producer.commit_transaction(BROKER_TIMEOUT_SECONDS)
            except KafkaException as error:
                # Asked to call it again: whether it was committed is not known yet.
                if not error.args[0].retriable():
                    raise
            else:
                return

    def __str__(self) -> str:
        """Return `<stage> <partition>`."""
        return f"{self.stage.name} {self.partition}"


def _produce(
    producer: Producer,
    topic: str,
    partition: int,
    key: bytes | None,
    value: bytes | None,
    **more: Any,
) -> None:
    while True:
        try:
            producer.produce(topic, key=key, value=value, partition=partition, **more)
        except BufferError:
            producer.poll(_QUEUE_FULL_POLL_SECONDS)
        else:
            return


__all__ = ["Fetched", "LostRecordsError", "Report", "Sent", "Task"]
