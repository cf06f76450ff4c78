"""A task on real Kafka, fed by hand with batches as a transport might hand them."""

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.streams.engine.batches import Batch, Fetched
from accolade.streams.engine.task import Task

from .count_app import COUNTS, Output, count_stage, kafka_clients

pytestmark = pytest.mark.pipeline


class Feed:
    """A source partition, a task that counts it, and batches from any place of it."""

    def __init__(self, broker: str, app_id: str) -> None:
        """Make the topics."""
        self.app_id = app_id
        self.stage = count_stage(app_id, partitions=1)
        self.source = self.stage.sources[0]
        self.clients = kafka_clients(broker, app_id)
        names = (self.source, self.stage.changelog, f"{app_id}-counted")
        admin = AdminClient({"bootstrap.servers": broker})
        for made in admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
            made.result()

    def owner(self) -> Task[Output]:
        """Return a task that has taken over."""
        task = Task(self.stage, 0, self.app_id, self.clients)
        task.take_over()
        return task

    def batch(self, start: int, stop: int, marker_behind: bool = False) -> Batch:
        """Return the records from an offset up to another, all of one key."""
        records = tuple(Fetched(self.source, 0, n, 1, b"a", b"") for n in range(start, stop))
        stop += marker_behind
        return Batch(self.source, 0, start, stop, stop, records)


@pytest.fixture
def feed(kafka: str, prefix: str) -> Feed:
    """A source of this test alone."""
    return Feed(kafka, prefix)


def counted(task: Task[Output]) -> int:
    """Return how often the key was counted."""
    row = task.rows.get(COUNTS.name, "a", "")
    return 0 if row is None else int(row.n)


def test_what_was_counted_is_dropped_when_it_comes_again(feed):
    """A batch that begins below the position counts only what is new in it."""
    task = feed.owner()
    task.process([feed.batch(0, 10)])

    report = task.process([feed.batch(5, 15)])

    assert (5, 5, 15) == (report.records, report.dropped, counted(task))


def test_a_batch_behind_a_gap_is_sought_back_and_not_counted(feed):
    """Nothing is counted out of turn, and the place to read from is told."""
    task = feed.owner()
    task.process([feed.batch(0, 10)])

    report = task.process([feed.batch(12, 20)])

    assert ({feed.source: 10}, 0, 10) == (report.seek, report.records, counted(task))
    task.process([feed.batch(10, 20)])
    assert counted(task) == 20


def test_a_gap_spoils_only_what_comes_behind_it_in_the_round(feed):
    """The batches of a round before a gap are counted."""
    task = feed.owner()

    report = task.process([feed.batch(0, 4), feed.batch(6, 8), feed.batch(8, 9)])

    assert ({feed.source: 4}, 4) == (report.seek, counted(task))


def test_a_marker_between_batches_is_no_gap(feed):
    """Positions are followed, not the records' offsets."""
    task = feed.owner()

    report = task.process([feed.batch(0, 4, marker_behind=True), feed.batch(5, 8)])

    assert ({}, 7) == (report.seek, counted(task))


def test_the_next_owner_finds_rows_and_positions_as_they_were_committed(feed):
    """Taking over restores what the former owner committed."""
    former = feed.owner()
    former.process([feed.batch(0, 10)])

    later = feed.owner()

    assert (10, former.next) == (counted(later), later.next)


def test_a_former_owner_can_write_no_more(feed):
    """It is fenced, and its state stays what was committed."""
    former = feed.owner()
    former.process([feed.batch(0, 10)])
    later = feed.owner()

    with pytest.raises(KafkaException):
        former.process([feed.batch(10, 20)])

    assert counted(former) == 10
    later.process([feed.batch(10, 20)])
    assert counted(later) == counted(feed.owner()) == 20
