"""Workers that are killed, come and go while events flow: the end is the reference's."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

import pytest

from accolade.deploy.simulator import simulate
from accolade.streams.catalogue import AWARDS, BADGES, STANDINGS
from accolade.streams.records import Award, Badge, Closing, Record, Standing
from tests.pipeline.deployment import Deployment
from tests.pipeline.outcome import computed_from, said_by
from tests.pipeline.worker import Worker
from tests.sinks.broker_log import wait_until

pytestmark = pytest.mark.pipeline


class Moment(NamedTuple):
    """When a worker is killed: as soon as one of its metrics is that far."""

    metric: str
    value: int

    def wait(self, worker: Worker) -> None:
        """Wait until the moment has come."""
        wait_until(lambda: worker.metric(self.metric) >= self.value)


def counted(events: int) -> Moment:
    """Return the moment when so many records are counted, in all stages."""
    return Moment("accolade_events_total", events)


def restored(tasks: int) -> Moment:
    """Return the moment when so many tasks are restored."""
    return Moment("accolade_restore_seconds_count", tasks)


def test_kills_at_any_moment_change_nothing(kafka, prefix, tmp_path):
    """While it counts, while it restores, and in the middle of closing."""
    # The next one waits until the session of the one before is over.
    with Deployment(kafka, prefix, tmp_path, session_timeout_seconds=3.0) as deployment:
        play_through_kills(deployment, Random(3))

        assert computed_from(deployment.published) == said_by(deployment)
        assert_each_is_said_once(deployment)


def play_through_kills(deployment: Deployment, chance: Random) -> None:
    """Play a quarter to one worker after another, all but the last of which are killed."""
    sold, closings, late = parts_of(simulate(8, reps=6).records())
    moments = [counted(chance.randrange(1, 1_200)), restored(chance.randrange(1, 10))]
    moments += [counted(chance.randrange(1, 1_200))]
    for moment, part in zip(moments, cut(sold, len(moments)), strict=True):
        deployment.publish(part)
        moment.wait(deployment.start_without_waiting())
        deployment.worker.kill()
    deployment.start_without_waiting().wait_until_counted()
    done = deployment.worker.metric("accolade_events_total")
    deployment.publish(closings)
    counted(int(done) + 1).wait(deployment.worker)
    deployment.worker.kill()
    deployment.start_without_waiting().wait_until_counted()
    deployment.play(late)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param({"store": "memory"}, id="memory"),
        pytest.param({"store": "rocksdb", "standbys": 1}, id="rocksdb-and-a-standby"),
    ],
)
def test_workers_that_come_and_go_change_nothing(kafka, prefix, tmp_path, kept):
    """One joins, one is killed, one joins again and one is asked to leave, in one flow."""
    with Deployment(kafka, prefix, tmp_path, **kept) as deployment:
        assert 0 == play_through_changes(deployment)
        assert computed_from(deployment.published) == said_by(deployment)
        assert_each_is_said_once(deployment)


def play_through_changes(deployment: Deployment) -> int:
    """Play a quarter to workers that come and go; return the status of the one asked to leave."""
    first, second, third, fourth = cut(simulate(9, reps=4, weeks=5, close=False).records(), 4)
    earliest = deployment.start()
    deployment.publish(first)
    joined = deployment.start()
    deployment.publish(second)
    counted(50).wait(joined)
    earliest.kill()
    deployment.publish(third)
    last = deployment.start_without_waiting()
    restored(1).wait(last)
    deployment.publish(fourth)
    status = joined.stop()
    last.wait_until_counted()
    return status


def parts_of(records: Sequence[Record]) -> tuple[list[Record], list[Record], list[Record]]:
    """Return what stands before the closings, the closings, and what comes after them."""
    at = [number for number, record in enumerate(records) if isinstance(record, Closing)]
    first, end = at[0], at[-1] + 1
    return list(records[:first]), list(records[first:end]), list(records[end:])


def cut(records: Sequence[Record], parts: int) -> list[list[Record]]:
    """Return the records in so many parts of one size."""
    size = -(-len(records) // parts)
    return [list(records[first : first + size]) for first in range(0, len(records), size)]


def assert_each_is_said_once(deployment: Deployment) -> None:
    """No reader of committed records sees a revision twice, or a lower one after a higher."""
    for topic in (AWARDS, BADGES, STANDINGS):
        said = [ids_of(entry.record) for entry in deployment.log(topic)]
        assert said
        assert_rising(said)


def ids_of(record: object) -> tuple[str, int]:
    """Return what names an output, and its revision."""
    match record:
        case Award():
            return record.award_id, record.revision
        case Badge():
            return record.badge_id, record.revision
        case Standing():
            return record.board, record.revision
        case _:
            raise TypeError(f"{type(record).__name__} is none of these outputs")


def assert_rising(said: Iterable[tuple[str, int]]) -> None:
    """Assert that the revisions of each id rise."""
    revisions: dict[str, int] = {}
    for name, revision in said:
        assert revision > revisions.get(name, -1), f"{name}, revision {revision}"
        revisions[name] = revision
