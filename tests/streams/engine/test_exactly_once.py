"""A plain counter on real Kafka is exact, whatever happens to its worker."""

import random
import signal

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from .counter import KEYS, PARTITIONS

pytestmark = pytest.mark.pipeline


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


def test_anyone_can_read_the_changelog(counter):
    """Rows are JSON under their names, and source positions are text."""
    counter.start()
    counter.send(100, lambda: "a")
    counter.counts(until=100)
    state = counter.changelog()

    assert b'{"n":100}' == state[b"counts\0a\0"]
    assert b"100" == state[f"\0position\0{counter.app_id}-source".encode()]


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
