"""What a worker holds of a task is completed from the changelog, or read anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.streams.engine.changelog import row_key
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.replica import Replica
from accolade.streams.engine.rocks_store import RocksStores
from accolade.streams.engine.stores import MemoryStore

from .count_app import COUNTS, kafka_clients

pytestmark = pytest.mark.pipeline

DAY_MS = 24 * 60 * 60 * 1000


class Log:
    """A changelog of one partition, and replicas of it."""

    def __init__(self, broker: str, name: str, folder: Path) -> None:
        """Make the topic."""
        self.name = name
        self.clients: Clients = kafka_clients(broker, name)
        self._broker = broker
        self._admin = AdminClient({"bootstrap.servers": broker})
        self._stores = RocksStores(folder)
        self._open: list[Replica] = []
        self.make()

    def make(self) -> None:
        """Make the topic; its tombstones are kept for a day."""
        config = {"cleanup.policy": "compact", "delete.retention.ms": str(DAY_MS)}
        for made in self._admin.create_topics([NewTopic(self.name, 1, 1, config=config)]).values():
            made.result()

    def remove(self) -> None:
        """Delete the topic."""
        for removed in self._admin.delete_topics([self.name]).values():
            removed.result()

    def append(self, *counts: int, at_ms: int = 0) -> None:
        """Append a row of the key `a` for each count."""
        producer = Producer({"bootstrap.servers": self._broker})
        key = row_key(COUNTS.name, "a", "")
        for n in counts:
            producer.produce(self.name, key=key, value=b'{"n":%d}' % n, timestamp=at_ms)
        assert producer.flush(30) == 0

    def on_disk(self) -> Replica:
        """Return what the disk holds."""
        return self._opened(Replica(self.name, 0, self.clients, self._store()))

    def in_memory(self) -> Replica:
        """Return a new one that holds nothing."""
        return Replica(self.name, 0, self.clients, MemoryStore((COUNTS,)))

    def _store(self):
        return self._stores(self.name, 0, (COUNTS,))

    def _opened(self, replica: Replica) -> Replica:
        self._open.append(replica)
        return replica

    def close(self) -> None:
        """Close what was opened."""
        for replica in self._open:
            replica.store.close()
        self._open.clear()


@pytest.fixture
def log(kafka: str, prefix: str, tmp_path: Path) -> Iterator[Log]:
    """A changelog of this test alone."""
    made = Log(kafka, prefix, tmp_path)
    yield made
    made.close()


def count(replica: Replica) -> int:
    """Return the count of `a`."""
    row = replica.store.rows.get(COUNTS.name, "a", "")
    return 0 if row is None else int(row.n)


def test_what_is_on_disk_is_not_read_again(log):
    """Only what came after it."""
    log.append(1, 2, 3)
    first = log.on_disk().catch_up()
    log.close()
    log.append(4, 5)
    again = log.on_disk()

    assert (3, 2, 5) == (first, again.catch_up(), count(again))


def test_a_changelog_made_anew_is_read_from_its_beginning(log):
    """Even where it is longer than the one before was."""
    log.append(1, 2, 3)
    log.on_disk().catch_up()
    log.close()
    log.remove()
    log.make()
    log.append(1, 1, 1, 1, 7)
    anew = log.on_disk()

    assert (5, 7) == (anew.catch_up(), count(anew))


def test_a_replica_beyond_the_end_is_read_anew(log):
    """The broker has lost what this worker saw."""
    log.append(1, 2)
    replica = log.in_memory()
    replica.store.put([(row_key(COUNTS.name, "a", ""), b'{"n":9}')], replica.mark(50, 1))

    assert (2, 2) == (replica.catch_up(), count(replica))


def held_since(log: Log, at_ms: int) -> Replica:
    """Return a replica that has read one record, appended at that time."""
    log.append(1, at_ms=at_ms)
    replica = log.in_memory()
    replica.catch_up()
    return replica


def test_a_replica_that_may_lack_removals_is_read_anew(log):
    """A tombstone is gone after a while: who comes later would keep the row."""
    replica = held_since(log, at_ms=DAY_MS)
    log.append(2)

    assert (2, 2) == (replica.catch_up(), count(replica))


def test_an_old_replica_that_lacks_nothing_is_good(log):
    """Nothing was appended, so nothing was removed."""
    replica = held_since(log, at_ms=DAY_MS)

    assert (0, 1) == (replica.catch_up(), count(replica))


def test_a_topic_of_which_nothing_is_known_keeps_no_removals(log):
    """Where the broker doesn't say, all is read."""
    assert log.clients.tombstones_kept_ms("no-such-topic") == 0
