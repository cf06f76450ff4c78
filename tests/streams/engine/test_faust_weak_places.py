"""
Where Faust's own commit path loses, doubles or ends, and that the engine doesn't.

A test for each place that was seen; those of kills, errors in a step and deleted
records stand in `test_exactly_once`.
"""

import signal
from dataclasses import replace

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from accolade.streams.engine.app import App
from accolade.streams.engine.batches import Batch, Fetched
from accolade.streams.engine.store import TaskStore
from accolade.streams.engine.task import Task

from .count_app import COUNTS, Output, count_stage, kafka_clients, make_app
from .counter import PARTITIONS, Counter

pytestmark = pytest.mark.pipeline


def counted_by_next_owner(counter: Counter) -> dict[bytes, int]:
    """Return the rows that whoever takes over restores."""
    stage = count_stage(counter.app_id, PARTITIONS)
    rows: dict[bytes, int] = {}
    for partition in range(PARTITIONS):
        task = Task(stage, partition, counter.app_id, kafka_clients(counter.broker, counter.app_id))
        task.take_over()
        for key in task.rows.owners(COUNTS.name):
            rows[key.encode()] = task.rows.get(COUNTS.name, key, "").n
    return rows


def group_offsets(counter: Counter, offset: int) -> None:
    """Commit an offset of the source for the workers' group, as a late commit does."""
    group = Consumer({"bootstrap.servers": counter.broker, "group.id": counter.app_id})
    topic = f"{counter.app_id}-source"
    group.commit(
        offsets=[TopicPartition(topic, p, offset) for p in range(PARTITIONS)], asynchronous=False
    )
    group.close()


def test_what_was_said_stands_in_the_changelog(counter):
    """Faust's producer forgets messages in flight: counts were said, and gone after a crash."""
    counter.start()
    counter.send(3_000, lambda: "a")
    said = counter.counts(until=3_000)
    counter.end(signal.SIGKILL)

    assert said == counted_by_next_owner(counter) == {b"a": 3_000}


def test_what_cannot_be_sent_is_not_counted(kafka, counter):
    """Where sending fails Faust writes a log line, and commits the offsets."""
    lost = replace(
        count_stage(counter.app_id, PARTITIONS),
        encode=lambda output: (
            count_stage(counter.app_id, PARTITIONS).encode(output)._replace(value=b"x" * 5_000_000)
        ),
    )
    counter.send(10, lambda: "a")
    task = Task(lost, 0, counter.app_id, kafka_clients(kafka, counter.app_id))
    task.take_over()
    batch = one_batch(task, 10)

    with pytest.raises(KafkaException):
        task.process([batch])

    assert {} == counted_by_next_owner(counter)


@pytest.mark.parametrize("offset", [0, 900])
def test_the_group_s_offsets_may_lie(counter, offset):
    """Behind, records came twice; ahead, they were never delivered."""
    counter.start()
    counter.send(500, lambda: "a")
    counter.counts(until=500)
    assert 0 == counter.end(signal.SIGTERM)
    counter.send(500, lambda: "a")
    group_offsets(counter, offset)
    counter.start()

    assert {b"a": 1_000} == counter.counts(until=1_000)


def test_records_that_were_jumped_over_are_read_again(counter):
    """After a recovery Faust drops what it had fetched, and commits past it as a gap."""
    counter.send(20_000, lambda: "a")
    counter.start(JUMP_TO="19900")

    assert {b"a": 20_000} == counter.counts(until=20_000)
    assert "again from offset" in counter.log.read_text()


def test_aborted_records_and_trailing_markers_are_no_state(counter):
    """Faust's recovery waits forever on a trailing marker, and restores what was aborted."""
    counter.start()
    counter.send(100, lambda: "a")
    counter.counts(until=100)
    assert 0 == counter.end(signal.SIGTERM)
    stranger = transaction(counter, f"{counter.app_id}-count-changelog", key=b"counts\0a\0")
    stranger.abort_transaction()
    counter.start()
    counter.send(1, lambda: "a")

    assert {b"a": 101} == counter.counts(until=101)


def test_a_hung_transaction_delays_readers_until_it_times_out(counter):
    """What others commit behind it is counted then, and what hung is not."""
    counter.start()
    counter.send(10, lambda: "a")
    counter.counts(until=10)
    hung = transaction(counter, f"{counter.app_id}-source", key=b"never")
    counter.send(10, lambda: "a")

    assert {b"a": 20} == counter.counts(until=20)
    # Its producer was fenced by the broker when the time was up.
    with pytest.raises(KafkaException):
        hung.commit_transaction(10)


def test_who_takes_over_ends_the_transaction_of_the_former_owner(counter):
    """A worker that was killed in the middle of one doesn't delay its own successor."""
    stage = count_stage(counter.app_id, PARTITIONS)
    clients = kafka_clients(counter.broker, counter.app_id)
    counter.send(10, lambda: "a")
    transaction(
        counter,
        stage.changelog,
        key=b"counts\0a\0",
        transactional_id=f"{counter.app_id}-count-0",
        timeout_ms=600_000,
    )
    task = Task(stage, 0, counter.app_id, clients)

    assert 0 == task.take_over()


def test_a_changelog_of_another_stage_ends_the_worker(counter):
    """What is raised while tables are recovered Faust swallows."""
    stranger = transaction(counter, f"{counter.app_id}-count-changelog", key=b"other\0a\0")
    stranger.commit_transaction(10)
    counter.start()

    assert 1 == counter.wait_for_exit()
    assert "unknown table 'other'" in counter.log.read_text()


@pytest.fixture
def app(kafka: str, prefix: str, tmp_path, monkeypatch) -> App:
    """An app that isn't started."""
    monkeypatch.setenv("DATADIR", str(tmp_path))
    made = make_app(kafka, prefix, PARTITIONS)
    made.finalize()
    return made


def test_a_table_s_rows_are_written_by_its_step_alone(app):
    """A write through Faust's table would go to the changelog beside the transaction."""
    table = app.tables["count"]

    assert isinstance(table.data, TaskStore)
    with pytest.raises(TypeError, match="step alone"):
        table.data["counts", "a", ""] = 1
    with pytest.raises(TypeError, match="step alone"):
        del table.data["counts", "a", ""]
    with pytest.raises(TypeError, match="step alone"):
        table.data.clear()


def test_faust_s_own_transactions_are_not_in_use(app):
    """With them a rebalance fenced its own producers, and never finished."""
    assert ("at_least_once", False) == (app.conf.processing_guarantee.value, app.in_transaction)


def one_batch(task: Task[Output], records: int) -> Batch:
    """Return the first records of a task's source."""
    (source,) = task.stage.sources
    fetched = tuple(Fetched(source, 0, n, 1, b"a", b"") for n in range(records))
    return Batch(source, 0, 0, records, records, fetched)


def transaction(
    counter: Counter,
    topic: str,
    *,
    key: bytes,
    transactional_id: str | None = None,
    timeout_ms: int = 3_000,
) -> Producer:
    """Return a producer with a record for every partition of a topic in an open transaction."""
    producer = Producer(
        {
            "bootstrap.servers": counter.broker,
            "transactional.id": transactional_id or f"{counter.app_id}-stranger",
            "transaction.timeout.ms": timeout_ms,
        }
    )
    producer.init_transactions(30)
    producer.begin_transaction()
    for partition in range(PARTITIONS):
        producer.produce(topic, key=key, value=b'{"n":1000000}', partition=partition)
    assert producer.flush(30) == 0
    return producer
