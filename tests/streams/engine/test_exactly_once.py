"""A plain counter on real Kafka is exact, whatever happens to its worker."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
KEYS = [f"key-{n}" for n in range(200)]
APP = Path(__file__).with_name("count_app.py")

pytestmark = pytest.mark.pipeline


class Counter:
    """A counter app of its own on the broker: topics, worker, results."""

    def __init__(self, broker: str, app_id: str, folder: Path) -> None:
        """Make its topics."""
        self.broker, self.app_id, self.folder = broker, app_id, folder
        self.log = folder / "worker.log"
        self.sent = 0
        self._producer = Producer({"bootstrap.servers": broker, "linger.ms": 5})
        self._worker: subprocess.Popen[bytes] | None = None
        admin = AdminClient({"bootstrap.servers": broker})
        compacted = {"cleanup.policy": "compact"}
        topics = [
            NewTopic(f"{app_id}-source", PARTITIONS, 1),
            NewTopic(f"{app_id}-counted", PARTITIONS, 1),
            NewTopic(f"{app_id}-count-changelog", PARTITIONS, 1, config=compacted),
        ]
        for made in admin.create_topics(topics).values():
            made.result()

    def start(self, **variables: str) -> None:
        """Start a worker, with further variables."""
        command = [sys.executable, str(APP), self.broker, self.app_id, str(PARTITIONS)]
        with self.log.open("ab") as log:
            self._worker = subprocess.Popen(
                command,
                env={**os.environ, "DATADIR": str(self.folder / "data"), **variables},
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> int:
        """End the worker and return its exit status."""
        assert self._worker is not None
        self._worker.send_signal(how)
        return self._worker.wait(60)

    def wait_for_exit(self) -> int:
        """Wait until the worker ends by itself."""
        assert self._worker is not None
        return self._worker.wait(60)

    def send(self, number: int, key: Callable[[], str], value: bytes = b"") -> None:
        """Append records to the source."""
        for _ in range(number):
            self._producer.produce(f"{self.app_id}-source", key=key(), value=value)
            self._producer.poll(0)
        assert self._producer.flush(30) == 0
        self.sent += number

    def counts(self, until: int) -> dict[bytes, int]:
        """Read the counts, as an outside reader does, until they add up to `until`."""
        reader = Consumer(
            {
                "bootstrap.servers": self.broker,
                "group.id": f"{self.app_id}-reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
            }
        )
        topic = f"{self.app_id}-counted"
        reader.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
        counts: dict[bytes, int] = {}
        silent = 0
        try:
            while sum(counts.values()) < until and silent < 60:
                records = reader.consume(1000, 1.0)
                silent = 0 if records else silent + 1
                for record in records:
                    assert record.error() is None
                    key, n = record.key() or b"", int(record.value() or b"")
                    assert n > counts.get(key, 0), "a count was said twice"
                    counts[key] = n
        finally:
            reader.close()
        return counts


@pytest.fixture
def counter(kafka: str, prefix: str, tmp_path: Path) -> Iterator[Counter]:
    """A counter app; whatever worker is left is killed."""
    made = Counter(kafka, prefix, tmp_path)
    yield made
    if made._worker is not None and made._worker.poll() is None:
        made._worker.kill()
        made._worker.wait()


def test_every_record_is_counted_once_through_kills(counter):
    """`kill -9` at random moments while records flow loses and doubles nothing."""
    chance = random.Random(7)
    for _ in range(3):
        counter.start()
        before = counter.sent
        counter.send(chance.randrange(2_000, 6_000), lambda: chance.choice(KEYS))
        counter.counts(until=before + 1)  # it works on this batch of records now
        counter.end(signal.SIGKILL)
    counter.start()
    assert counter.sent == sum(counter.counts(until=counter.sent).values())


def test_a_worker_that_is_asked_to_stop_leaves_nothing_open(counter):
    """A stop and a start in between count everything once, and the exit status is 0."""
    counter.start()
    counter.send(1_000, lambda: "a")
    counter.counts(until=1)
    assert counter.end(signal.SIGTERM) == 0
    counter.send(1_000, lambda: "a")
    counter.start()
    assert {b"a": 2_000} == counter.counts(until=2_000)


def test_an_error_in_a_step_ends_the_worker_and_skips_nothing(counter):
    """A record that the step can't count stops it, with what went before still counted."""
    counter.start()
    counter.send(100, lambda: "a")
    assert {b"a": 100} == counter.counts(until=100)
    counter.send(1, lambda: "a", value=b"raise")
    counter.send(100, lambda: "a")
    assert counter.wait_for_exit() != 0
    assert "refuses to count" in counter.log.read_text()
    counter.start()
    assert counter.wait_for_exit() != 0
    assert {b"a": 100} == counter.counts(until=100)


def test_deleted_records_that_were_not_counted_end_the_worker(counter):
    """A hole in the source is never stepped over."""
    counter.start()
    counter.send(200, lambda: "a")
    counter.counts(until=200)
    counter.end(signal.SIGTERM)
    counter.send(200, lambda: "a")
    admin = AdminClient({"bootstrap.servers": counter.broker})
    topic = f"{counter.app_id}-source"
    everywhere = [TopicPartition(topic, p, -1) for p in range(PARTITIONS)]
    for deleted in admin.delete_records(everywhere).values():
        deleted.result()
    counter.start()
    counter.send(1, lambda: "a")
    assert counter.wait_for_exit() != 0
    assert "were deleted before they were counted" in counter.log.read_text()


def test_a_worker_stays_a_member_while_it_restores(counter):
    """For longer than a session lasts: else the group would give its tasks to another."""
    counter.send(100, lambda: "a")
    counter.start(SESSION_SECONDS="3", RESTORE_SECONDS="5")
    assert {b"a": 100} == counter.counts(until=100)
    # Time for a heartbeat, which would tell that it is expelled.
    counter.send(1, lambda: "a")
    assert {b"a": 101} == counter.counts(until=101)

    assert 0 == counter.end(signal.SIGTERM)
    assert "was not recognized" not in counter.log.read_text()
